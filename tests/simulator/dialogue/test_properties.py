"""Whatever a client sends and a script wants, in any order: no crash, every response ends once, no event for an item that is not
there, and bounded memory."""

import base64
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from voicelive_tui.simulator.api.client_events import HANDLED, NOT_SIMULATED
from voicelive_tui.simulator.dialogue.script import Call, McpServer, McpTool, Outcome, Pacing, Reply

from tests.support.held_memory import held_bytes
from tests.support.ledger import Ledger
from tests.support.scripted_replies import Replies, function
from tests.support.simulator_talk import Talk, user
from tests.support.speech_like import pcm16, silence, speech_like

SOUNDS = (
    pcm16(speech_like(0.5)),
    pcm16(silence(0.7)),
    pcm16(silence(0.3), speech_like(0.4), silence(0.8), speech_like(0.3)),
    b"\0" * 10,
)
MOST_HELD_BYTES = 2_000_000  # without what a session says at the moment
Step = tuple[str, dict[str, Any] | float]

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 100_000) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
detections = st.none() | st.fixed_dictionaries(
    {"type": st.sampled_from(["server_vad", "azure_semantic_vad", "nonsense"])},
    optional={
        "interrupt_response": st.booleans(),
        "create_response": st.booleans(),
        "auto_truncate": st.booleans(),
        "silence_duration_ms": st.integers(-1, 600),
        "prefix_padding_ms": st.integers(0, 500),
    },
)
servers = st.fixed_dictionaries(
    {
        "type": st.just("mcp"),
        "server_label": st.sampled_from(["own", "scripted", "broken"]),
        "server_url": st.sampled_from(["http://127.0.0.1:1/simulator/mcp", "https://nowhere.example/mcp"]),
    },
    optional={
        "allowed_tools": st.sampled_from([[], ["add", "look"]]),
        "require_approval": st.sampled_from(["never", "never", "always", {"never": ["add"]}]),
    },
)
functions = [function("f"), function("g", {"type": "object", "required": ["x"]})]
tools = st.sampled_from([[], functions]) | st.lists(servers, max_size=3, unique_by=lambda one: str(one["server_label"])).map(
    lambda mcp: [*functions, *mcp]
)
tool_choices = st.sampled_from(["auto", "none", "required", "f", {"type": "function", "name": "g"}])
animations = st.sampled_from([None, {"outputs": ["viseme_id", "blendshapes"]}])
sessions = st.fixed_dictionaries(
    {},
    optional={
        "turn_detection": detections,
        "modalities": st.sampled_from([["text"], ["text", "audio"], ["audio"]]),
        "input_audio_format": st.sampled_from(["pcm16", "g711_ulaw", "mp3"]),
        "input_audio_sampling_rate": st.sampled_from([8000, 24000, 44100, 1]),
        "output_audio_timestamp_types": st.sampled_from([None, ["word"]]),
        "tools": tools,
        "tool_choice": tool_choices,
        "parallel_tool_calls": st.booleans(),
        "animation": animations,
        "surprise": json_values,
    },
)
responses = st.none() | st.fixed_dictionaries(
    {},
    optional={
        "modalities": st.sampled_from([["text"], ["text", "audio"]]),
        "cancel_previous": st.booleans(),
        "commit": st.booleans(),
        "conversation": st.sampled_from(["none", "auto", "x"]),
        "max_output_tokens": st.integers(0, 50),
        "input_items": st.lists(st.just(user("hello you")), max_size=2),
        "tools": tools,
        "tool_choice": tool_choices,
        "output_audio_format": st.sampled_from(["pcm16", "g711_ulaw", "pcm16_22050hz"]),
        "animation": animations,
    },
)
calls = st.builds(
    Call, st.sampled_from(["f", "g", "f", "unknown"]), st.sampled_from(["", "{}", '{"city": "Rome", "days": 3}'])
) | st.builds(
    Call,
    st.sampled_from(["add", "add", "look", "strike", "unknown"]),
    st.sampled_from(["", '{"a": 1, "b": 2}', '{"a": 1, "b": 2}', "no JSON at all"]),
    st.sampled_from(["own", "scripted", "broken"]),
)
SCRIPTED = (
    McpServer("scripted", (McpTool("look", output="a tree"), McpTool("strike", error="all are on strike"))),
    McpServer("broken", error="It is out of order."),
)
replies = st.none() | st.builds(
    Reply,
    text=st.sampled_from([None, "", " ", "one two three four", "word " * 1000]),
    calls=st.lists(calls, max_size=3).map(tuple),
    pacing=st.builds(
        Pacing,
        first_delta_ms=st.sampled_from([0, 300]),
        pace=st.sampled_from([0.5, 5.0, 100.0]),
        delta_ms=st.sampled_from([20, 200]),
        jitter_ms=st.sampled_from([0, 500]),
    ),
    outcome=st.sampled_from([Outcome(), Outcome("incomplete", "content_filter"), Outcome("failed", code="x", message="y")]),
)
items = st.sampled_from(["item_a", "item_b", "root", "item_none"])
talks: st.SearchStrategy[Step] = st.one_of(
    st.tuples(st.just("wait"), st.sampled_from([0.05, 0.4, 1.0, 3.0, 20.0]) | st.floats(0, 8)),
    st.tuples(st.just("input_audio_buffer.append"), st.sampled_from([{"audio": base64.b64encode(s).decode()} for s in SOUNDS])),
    st.tuples(st.just("response.create"), st.fixed_dictionaries({"response": responses})),
)
steps: st.SearchStrategy[Step] = st.one_of(
    talks,
    talks,
    talks,
    st.tuples(st.just("session.update"), st.fixed_dictionaries({"session": sessions})),
    st.tuples(st.sampled_from(["response.cancel", "input_audio_buffer.commit", "input_audio_buffer.clear"]), st.just({})),
    st.tuples(st.just("response.cancel"), st.just({"response_id": "last"})),
    st.tuples(
        st.just("conversation.item.create"),
        st.fixed_dictionaries({"item": items.map(lambda i: {**user("one two"), "id": i})}, optional={"previous_item_id": items}),
    ),
    st.tuples(
        st.just("conversation.item.create"),
        st.just({"item": {"type": "function_call_output", "call_id": "last", "output": "sunny"}}),
    ),
    st.tuples(
        st.just("conversation.item.create"),
        st.booleans().map(
            lambda approve: {"item": {"type": "mcp_approval_response", "approval_request_id": "last", "approve": approve}}
        ),
    ),
    st.tuples(
        st.sampled_from(["conversation.item.delete", "conversation.item.retrieve", "conversation.item.truncate"]),
        st.fixed_dictionaries(
            {"item_id": items | st.just("last")}, optional={"content_index": st.just(0), "audio_end_ms": st.integers(0, 9000)}
        ),
    ),
    st.tuples(
        st.sampled_from(["input_text.delta", "input_text.delta", "input_text.done"]),
        st.fixed_dictionaries({"id": items}, optional={"delta": st.text(max_size=8), "content_index": st.integers(-1, 2)}),
    ),
    st.tuples(
        st.sampled_from([*HANDLED, *NOT_SIMULATED, "nonsense"]),
        st.dictionaries(
            st.sampled_from(["item", "item_id", "session", "response", "audio", "previous_item_id"]), json_values, max_size=3
        ),
    ),
)


def carry_out(talk: Talk, step: Step) -> None:
    kind, fields = step
    if isinstance(fields, float):
        talk.wait(fields)
        return
    for name, known in (
        ("item_id", [e["item"]["id"] for e in talk.events if e["type"] == "conversation.item.created"]),
        ("response_id", [e["response"]["id"] for e in talk.events if e["type"] == "response.created"]),
    ):
        if fields.get(name) == "last":
            fields = {**fields, name: known[-1] if known else "none"}
    item = fields.get("item")
    if isinstance(item, dict) and item.get("call_id") == "last":
        called = [e["call_id"] for e in talk.events if e["type"] == "response.function_call_arguments.done"]
        fields = {**fields, "item": {**item, "call_id": called[-1] if called else "none"}}
    if isinstance(item, dict) and item.get("approval_request_id") == "last":
        created = [e["item"] for e in talk.events if e["type"] == "conversation.item.created"]
        asked = [known["id"] for known in created if known["type"] == "mcp_approval_request"]
        fields = {**fields, "item": {**item, "approval_request_id": asked[-1] if asked else "none"}}
    talk.say(kind, **fields)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(["gpt-4o", "gpt-realtime"]),
    st.fixed_dictionaries({"tools": tools, "modalities": st.sampled_from([["text"], ["text", "audio"]])}),
    st.lists(replies, max_size=8),
    st.lists(steps, min_size=6, max_size=25),
)
def test_a_session_keeps_its_promises(
    model: str, session: dict[str, Any], script: list[Reply | None], course: list[Step]
) -> None:
    talk = Talk(model, script=Replies(*script, servers=SCRIPTED))
    talk.say("session.update", session=session)
    for step in course:
        carry_out(talk, step)
    talk.wait(3000.0)
    ledger = Ledger()
    for event in talk.events:
        ledger.check(event)
    ledger.finish()
    assert held_bytes(talk.conversation) < MOST_HELD_BYTES


def test_what_a_session_holds_does_not_grow_with_what_it_hears() -> None:
    """Blocks are remembered for twenty minutes at most, so half an hour holds as much as an hour."""
    talk = Talk()
    talk.say("session.update", session={"input_audio_format": "g711_ulaw", "turn_detection": None})
    held = []
    for _ in range(2):
        for _ in range(30):
            talk.append(b"\xff" * 8000 * 60)
        held.append(held_bytes(talk.conversation))
    assert held[1] < 1.05 * held[0]


def test_what_was_said_is_not_kept() -> None:
    talk = Talk(script=Replies(Reply("a few words"), Reply("a few more words " * 100)))
    held = []
    for _ in range(2):
        talk.say("response.create")
        talk.wait(300.0)
        held.append(held_bytes(talk.conversation))
    audio = sum(len(e["delta"]) for e in talk.events if e["type"] == "response.audio.delta")
    assert held[1] - held[0] < 100_000 < audio
