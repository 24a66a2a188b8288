"""The tools of a turn as spans, whoever ran them."""

from typing import Any

import pytest
from voicelive_tui.model.turns.tool_span import ToolSpan
from voicelive_tui.model.turns.turn import MOST_STEPS

from tests.support.memory_journal import MemoryJournal
from tests.support.tool_turn import tool_turn


@pytest.fixture
def journal() -> MemoryJournal:
    journal = MemoryJournal()
    journal.spoken(1, "u1")
    journal("<", 2.1, "response.created", response={"id": "r1"})
    return journal


def item(journal: MemoryJournal, t_s: float, step: str, **fields: Any) -> None:
    journal("<", t_s, f"response.output_item.{step}", response_id="r1", item=fields)


MCP = {"id": "m1", "type": "mcp_call", "server_label": "depot", "name": "clock"}
FUNCTION = {"id": "f1", "type": "function_call", "name": "get_parcel", "call_id": "c1"}


def test_a_function_runs_from_its_arguments_to_the_client_s_output() -> None:
    journal = MemoryJournal()
    tool_turn(journal)
    assert journal.turn(1).tools == (ToolSpan("get_parcel", 52.95, 53.59),)
    assert [response.created_s for response in journal.turn(1).responses] == [52.714, 53.618]
    first, second = (response.first_audio_s for response in journal.turn(1).responses)
    assert first is None
    assert second == pytest.approx(53.952)
    assert [response.done_s for response in journal.turn(1).responses] == [52.952, 55]


@pytest.mark.parametrize(("step", "failed"), [("completed", False), ("failed", True)])
def test_a_call_on_a_server_runs_until_the_service_says_how_it_ended(
    journal: MemoryJournal, step: str, failed: bool
) -> None:
    item(journal, 2.2, "added", **MCP)
    journal("<", 2.3, "response.mcp_call_arguments.done", item_id="m1", arguments="{}")
    journal("<", 2.4, "response.mcp_call.in_progress", item_id="m1")
    assert journal.turn(1).tools == (ToolSpan("depot.clock", 2.3),)
    journal("<", 3.1, f"response.mcp_call.{step}", item_id="m1")
    assert journal.turn(1).tools == (ToolSpan("depot.clock", 2.3, 3.1, failed),)


def test_an_error_in_the_item_is_a_failure_whatever_the_events_said(
    journal: MemoryJournal,
) -> None:
    item(journal, 2.2, "added", **MCP)
    journal("<", 2.4, "response.mcp_call.in_progress", item_id="m1")
    journal("<", 3.1, "response.mcp_call.completed", item_id="m1")
    item(journal, 3.2, "done", **MCP, error={"message": "timeout"})
    assert journal.turn(1).tools == (ToolSpan("depot.clock", 2.4, 3.1, failed=True),)


def test_a_request_to_approve_waits_until_it_is_answered(journal: MemoryJournal) -> None:
    asked = {**MCP, "id": "p1", "type": "mcp_approval_request"}
    journal("<", 2.2, "conversation.item.created", item=asked, previous_item_id="u1")
    assert journal.turn(1).tools == (ToolSpan("depot.clock", 2.2, approval=True),)
    answer = {"type": "mcp_approval_response", "approval_request_id": "p1", "approve": True}
    journal(">", 4, "conversation.item.create", item=answer)
    assert journal.turn(1).tools == (ToolSpan("depot.clock", 2.2, 4, approval=True),)


def test_a_search_has_no_name_but_its_kind(journal: MemoryJournal) -> None:
    item(journal, 2.2, "added", id="w1", type="web_search_call")
    for t_s, step in ((2.3, "in_progress"), (2.4, "searching"), (2.9, "completed")):
        journal("<", t_s, f"response.web_search_call.{step}", item_id="w1")
    assert journal.turn(1).tools == (ToolSpan("web search call", 2.3, 2.9),)


def test_a_call_that_was_cut_off_was_not_called(journal: MemoryJournal) -> None:
    item(journal, 2.2, "added", **FUNCTION)
    item(journal, 2.3, "done", **FUNCTION, status="incomplete")
    assert journal.turn(1).tools == ()


def test_an_output_of_another_connection_s_call_ends_nothing(journal: MemoryJournal) -> None:
    journal("=", 0, "console.connected", service="simulator")
    item(journal, 2.2, "done", **FUNCTION)
    journal("=", 3, "console.connected", service="simulator", connection=2)
    output = {"type": "function_call_output", "call_id": "c1", "output": "{}"}
    journal(">", 4, "conversation.item.create", item=output)
    assert journal.turn(1).tools == (ToolSpan("get_parcel", 2.2),)


def test_a_turn_keeps_a_bounded_number_of_calls_and_responses(journal: MemoryJournal) -> None:
    for n in range(MOST_STEPS + 9):
        call = {**FUNCTION, "id": f"f{n}", "call_id": f"c{n}"}
        item(journal, 2.2, "done", **call)
        journal.done(2.3, output=[call])
        journal("<", 2.4, "response.created", response={"id": "r1"})
    assert len(journal.view.turns) == 1
    assert len(journal.turn(1).tools) == len(journal.turn(1).responses) == MOST_STEPS


def test_a_tool_whose_turn_was_cleared_ends_nothing() -> None:
    journal = MemoryJournal()
    journal("<", 1, "input_audio_buffer.speech_started", item_id="u1", audio_start_ms=0)
    journal("<", 1.1, "response.mcp_call.in_progress", item_id="u1")
    journal("<", 1.2, "input_audio_buffer.cleared")
    journal("<", 1.3, "response.mcp_call.completed", item_id="u1")
    assert not journal.view.turns
