"""A turn and its lines tell the same of each tool: name, call, result and failure."""

from typing import Any

import pytest

from tests.support.memory_journal import MemoryJournal

FUNCTION = {"id": "t1", "type": "function_call", "name": "get_parcel", "call_id": "c1"}
MCP = {"id": "t1", "type": "mcp_call", "server_label": "depot", "name": "clock"}
APPROVAL = {**MCP, "type": "mcp_approval_request"}
SEARCH = {"id": "t1", "type": "web_search_call"}


def added(item: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return "response.output_item.added", {"response_id": "r1", "item": item}


def done(item: dict[str, Any], **more: Any) -> tuple[str, dict[str, Any]]:
    return "response.output_item.done", {"response_id": "r1", "item": {**item, **more}}


def step(name: str) -> tuple[str, dict[str, Any]]:
    return f"response.{name}", {"item_id": "t1"}


def sent(**item: Any) -> tuple[str, dict[str, Any]]:
    return "> conversation.item.create", {"item": item}


@pytest.mark.parametrize(
    "events",
    [
        [added(FUNCTION), step("function_call_arguments.done"), done(FUNCTION)],
        [done(FUNCTION), sent(type="function_call_output", call_id="c1", output="{}")],
        [added(MCP), step("mcp_call_arguments.done"), step("mcp_call.completed"), done(MCP)],
        [added(MCP), step("mcp_call.in_progress"), step("mcp_call.failed")],
        [added(MCP), step("mcp_call.in_progress"), done(MCP, error={"message": "timeout"})],
        [done(MCP, output="12:00")],
        [done(APPROVAL), sent(type="mcp_approval_response", approval_request_id="t1")],
        [added(SEARCH), step("web_search_call.searching"), step("web_search_call.completed")],
        [added(SEARCH), step("web_search_call.in_progress"), done(SEARCH, status="completed")],
        [done(SEARCH, status="failed")],
    ],
    ids=[
        "function", "answered", "mcp", "mcp-failed", "mcp-error", "mcp-at-once", "approval",
        "search", "search-without-its-end", "search-failed",
    ],
)  # fmt: skip
def test_turn_and_transcript_tell_the_same_of_a_tool(
    events: list[tuple[str, dict[str, Any]]],
) -> None:
    journal = MemoryJournal()
    journal.spoken(1, "u1")
    journal("<", 2.0, "response.created", response={"id": "r1"})
    for position, (name, fields) in enumerate(events):
        way = ">" if name.startswith("> ") else "<"
        journal(way, 2.1 + position / 10, name.removeprefix("> "), **fields)
    (span,) = journal.turn(1).tools
    line = journal.line("t1")
    assert line.call is not None
    assert (span.name, span.called_s) == (line.call.name, line.call.called_s)
    assert span.took_ms == line.call.took_ms
    assert span.failed == (line.state == "failed")
