"""Whatever happens to MCP servers, calls and approvals, in any order, the checker's invariants hold
and no call runs that was not allowed."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from voicelive_simulator.dialogue.state.script import Call, Outcome, Reply

from tests.simulator.support.conversation_driver import JSON, ConversationDriver
from tests.simulator.support.event_checker import EventChecker
from tests.simulator.support.mcp_conversation import NUMBERS, SCRIPTED, answer, created, server
from tests.simulator.support.scripted_replies import Replies, function

Step = tuple[str, Any]

rules = st.sampled_from(["never", "always", {"never": ["add"]}, {"always": ["look"]}])
tools = st.lists(
    st.builds(
        server,
        st.sampled_from(["own", "own", "desk", "desk", "broken"]),
        allowed_tools=st.sampled_from([None, None, ["add", "look"], []]),
        require_approval=rules,
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda one: one["server_label"],
).map(lambda servers: [function("f"), *servers])
calls = st.sampled_from(
    [
        Call("add", NUMBERS, "own"),
        Call("add", "no JSON", "own"),
        Call("look", '{"what": "out"}', "desk"),
        Call("strike", "", "desk"),
        Call("f"),
    ]
)
replies = st.builds(
    Reply,
    text=st.sampled_from(["", "one two three"]),
    calls=st.lists(calls, min_size=1, max_size=3).map(tuple),
    outcome=st.sampled_from([Outcome(), Outcome(), Outcome("incomplete")]),
)
responses = st.fixed_dictionaries(
    {},
    optional={
        "conversation": st.sampled_from(["none", "auto"]),
        "cancel_previous": st.booleans(),
        "max_output_tokens": st.integers(1, 12),
        "tool_choice": st.sampled_from(["none", "required", "f"]),
        "tools": tools,
    },
)
steps: st.SearchStrategy[Step] = st.one_of(
    st.tuples(st.just("wait"), st.sampled_from([0.05, 0.25, 0.4, 1.0, 5.0])),
    st.tuples(st.just("turn"), st.sampled_from([0.4, 2.0, 2.0])),
    st.tuples(st.just("turn"), st.sampled_from([0.4, 2.0, 2.0])),
    st.tuples(st.just("respond"), responses),
    st.tuples(st.just("answer"), st.tuples(st.integers(0, 3), st.booleans())),
    st.tuples(st.just("answer"), st.tuples(st.integers(0, 3), st.just(True))),
    st.tuples(st.just("configure"), tools),
    st.tuples(st.just("cancel"), st.none()),
    st.tuples(st.just("delete"), st.integers(0, 5)),
)


def carry_out(driver: ConversationDriver, step: Step) -> None:
    match step:
        case "wait", seconds:
            driver.wait(seconds)
        case "turn", seconds:
            driver.say("response.create")
            driver.wait(seconds)
        case "respond", response:
            driver.say("response.create", response=response)
        case "answer", (back, approve):
            asked = created(driver.events, "mcp_approval_request")
            answer(driver, asked[-1 - back % len(asked)]["id"] if asked else "none", approve)
        case "configure", chosen:
            driver.say("session.update", session={"tools": chosen})
        case "cancel", _:
            driver.say("response.cancel")
        case "delete", back:
            items = [
                e["item"]["id"] for e in driver.events if e["type"] == "conversation.item.created"
            ]
            driver.say(
                "conversation.item.delete",
                item_id=items[-1 - back] if back < len(items) else "none",
            )


@settings(max_examples=200)
@given(tools, st.lists(replies, min_size=6, max_size=12), st.lists(steps, min_size=6, max_size=25))
def test_servers_calls_and_approvals_keep_their_promises(
    session: list[JSON], script: list[Reply], course: list[Step]
) -> None:
    driver = ConversationDriver(script=Replies(*script, servers=SCRIPTED))
    driver.say("session.update", session={"tools": session, "modalities": ["text"]})
    for step in course:
        carry_out(driver, step)
    driver.wait(300.0)
    checker = EventChecker()
    for event in driver.events:
        checker.check(event)
    checker.finish()
