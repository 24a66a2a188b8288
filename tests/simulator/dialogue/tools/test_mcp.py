"""The listings of MCP servers: each is made once, as an item, with the server's outcome."""

from typing import Any

import pytest
from voicelive_simulator.api.tools import HIDDEN, MOST_SERVERS
from voicelive_simulator.dialogue.state import items as items_module
from voicelive_simulator.dialogue.state.script import Reply
from voicelive_simulator.dialogue.tools.mcp import LISTING_S

from tests.simulator.support.conversation_driver import JSON, ConversationDriver, error_in
from tests.simulator.support.mcp_conversation import (
    ADD,
    SCRIPTED,
    created,
    mcp_conversation,
    respond,
    server,
)
from tests.simulator.support.scripted_replies import Replies, function

LISTED = ["conversation.item.created", "mcp_list_tools.in_progress"]


def configured(driver: ConversationDriver, *tools: JSON, **session: Any) -> list[JSON]:
    """All events that follow a session.update with these tools."""
    before = len(driver.events)
    driver.say("session.update", session={"tools": list(tools), **session})
    driver.wait(1.0)
    return driver.events[before:]


def types(events: list[JSON]) -> list[str]:
    return [event["type"] for event in events]


def tools_of(driver: ConversationDriver, item: JSON) -> list[str]:
    [retrieved] = driver.say("conversation.item.retrieve", item_id=item["id"])
    assert retrieved["item"]["server_label"] == item["server_label"]
    return [tool["name"] for tool in retrieved["item"]["tools"]]


def test_a_server_is_listed_after_the_update_and_takes_its_time() -> None:
    driver = ConversationDriver()
    at_once = driver.say("session.update", session={"tools": [server()]})
    assert types(at_once) == ["session.updated", *LISTED]
    [item] = created(at_once, "mcp_list_tools")
    assert item == {
        "id": item["id"],
        "object": "realtime.item",
        "type": "mcp_list_tools",
        "server_label": "own",
        "tools": [],
    }
    assert driver.wait(LISTING_S - 0.01) == []
    [completed] = driver.wait(0.02)
    assert (completed["type"], completed["item_id"]) == ("mcp_list_tools.completed", item["id"])
    assert tools_of(driver, item) == ["add", "word_count", "clock", "fail"]


def test_allowed_tools_are_all_that_is_listed() -> None:
    driver = ConversationDriver(script=Replies(servers=SCRIPTED))
    events = configured(
        driver, server(allowed_tools=["clock", "unknown"]), server("desk", "https://x.example")
    )
    own, desk = created(events, "mcp_list_tools")
    assert (tools_of(driver, own), tools_of(driver, desk)) == (["clock"], ["look", "strike"])
    [retrieved] = driver.say("conversation.item.retrieve", item_id=desk["id"])
    assert retrieved["item"]["tools"][0] == {
        "name": "look",
        "description": "Looks",
        "input_schema": {"type": "object", "required": ["what"]},
    }


@pytest.mark.parametrize(
    ("label", "reason"),
    [("far", "calls no server on the network"), ("broken", "It is out of order.")],
)
def test_a_server_that_cannot_be_listed_fails_and_a_warning_says_why(
    label: str, reason: str
) -> None:
    driver = ConversationDriver(script=Replies(servers=SCRIPTED))
    tool = server(
        label, "https://far.example/mcp?key=hush", authorization="hush", headers={"X-Key": "hush"}
    )
    events = configured(driver, function("f"), tool)
    assert types(events) == ["session.updated", *LISTED, "mcp_list_tools.failed", "warning"]
    warning = events[-1]["warning"]
    assert reason in warning["message"] and warning["code"] == "mcp_list_tools_failed"
    assert warning["param"] == "session.tools[1].server_url" and "hush" not in str(events[1:])
    shown = events[0]["session"]["tools"][1]
    assert shown["authorization"] == HIDDEN and shown["headers"] == {"X-Key": HIDDEN}


def test_a_scenario_s_server_goes_before_the_simulator_s_own() -> None:
    driver = ConversationDriver(script=Replies(servers=SCRIPTED))
    [item] = created(configured(driver, server("desk")), "mcp_list_tools")
    assert tools_of(driver, item) == ["look", "strike"]


def test_what_is_listed_is_not_listed_again_until_it_changes_or_comes_back() -> None:
    driver = ConversationDriver()
    assert len(created(configured(driver, server(), server("two")), "mcp_list_tools")) == 2
    for same in (
        [server("two"), server()],
        [server(require_approval="never"), server("two"), function("f")],
    ):
        assert types(configured(driver, *same)) == ["session.updated"]
    assert types(driver.say("session.update", session={"temperature": 0.7})) == ["session.updated"]
    [other] = created(
        configured(driver, server("two"), server(allowed_tools=["add"])), "mcp_list_tools"
    )
    assert other["server_label"] == "own"
    configured(driver)
    assert len(created(configured(driver, server()), "mcp_list_tools")) == 1


def test_a_failed_listing_is_tried_again_with_the_next_tools() -> None:
    driver = ConversationDriver()
    far = server("far", "https://far.example")
    configured(driver, far)
    assert types(driver.say("session.update", session={"temperature": 0.7})) == ["session.updated"]
    assert types(configured(driver, far)) == [
        "session.updated",
        *LISTED,
        "mcp_list_tools.failed",
        "warning",
    ]


def test_a_response_waits_for_no_listing() -> None:
    driver = ConversationDriver(script=Replies(Reply("", (ADD,))))
    driver.say(
        "session.update",
        session={"tools": [server(require_approval="never")], "modalities": ["text"]},
    )
    assert types(driver.say("response.create"))[:2] == [
        "mcp_list_tools.completed",
        "response.created",
    ]
    driver.wait(5.0)
    assert driver.last("response.output_item.done")["item"]["output"] == '{"sum": 5.5}'


def test_a_response_s_own_servers_are_listed_before_it_and_not_for_the_next_one() -> None:
    driver = mcp_conversation(Reply("", (ADD,)), Reply("", (ADD,)), Reply("", (ADD,)), tools=[])
    own = [server(require_approval="never"), server("far", "https://far.example")]
    events = respond(driver, tools=own)
    ended = ["mcp_list_tools.completed", "mcp_list_tools.failed", "warning"]
    assert types(events)[:8] == [*LISTED, *LISTED, *ended, "response.created"]
    assert events[6]["warning"]["param"] == "response.tools[1].server_url"
    assert driver.last("response.output_item.done")["item"]["output"] == '{"sum": 5.5}'
    assert created(respond(driver, tools=own), "mcp_list_tools") == []
    assert driver.last("response.done")["response"]["status"] == "completed"
    respond(driver)
    assert (
        driver.last("response.done")["response"]["status_details"]["error"]["code"]
        == "tool_not_offered"
    )


def test_a_listing_whose_item_was_deleted_is_not_told_of_but_counts() -> None:
    driver = ConversationDriver(script=Replies(Reply("", (ADD,))))
    [item] = created(
        driver.say(
            "session.update",
            session={"tools": [server(require_approval="never")], "modalities": ["text"]},
        ),
        "mcp_list_tools",
    )
    driver.say("conversation.item.delete", item_id=item["id"])
    assert driver.wait(1.0) == []
    respond(driver)
    assert driver.last("response.output_item.done")["item"]["output"] == '{"sum": 5.5}'


@pytest.mark.parametrize(
    ("tools", "param"),
    [
        ([server(), server()], "session.tools[1].server_label"),
        ([server(f"s{n}") for n in range(MOST_SERVERS + 1)], "session.tools"),
        ([server(require_approval="sometimes")], "session.tools[0].require_approval"),
    ],
)
def test_tools_that_cannot_be_listed_are_refused_and_nothing_is(
    tools: list[JSON], param: str
) -> None:
    driver = ConversationDriver()
    assert error_in(driver.say("session.update", session={"tools": tools}))["param"] == param
    assert driver.wait(1.0) == []


def test_before_the_version_that_has_them_there_are_no_servers() -> None:
    error = error_in(
        ConversationDriver(api_version="2026-01-01-preview").say(
            "session.update", session={"tools": [server()]}
        )
    )
    assert error["param"] == "session.tools[0].type"


def test_a_full_conversation_takes_no_listings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(items_module, "MOST_ITEMS", 1)
    driver = ConversationDriver()
    configured(driver, server())
    assert error_in(configured(driver, server("other")))["code"] == "conversation_full"
    assert types(configured(driver, function("f"))) == ["session.updated"]
