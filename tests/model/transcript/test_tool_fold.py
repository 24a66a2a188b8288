"""The lines of tools: calls with arguments, result and duration, approvals and searches."""

from tests.support.memory_journal import MemoryJournal


class TestTools:
    def call(self, journal: MemoryJournal) -> None:
        item = {
            "id": "f1",
            "type": "function_call",
            "name": "get_weather",
            "call_id": "c1",
            "arguments": "",
            "status": "in_progress",
        }
        fields = {"response_id": "r1", "item_id": "f1", "call_id": "c1", "output_index": 0}
        journal("<", 1, "response.output_item.added", response_id="r1", item=item)
        journal("<", 1, "conversation.item.created", item=item, previous_item_id=None)
        journal("<", 1.1, "response.function_call_arguments.delta", delta='{"city":', **fields)
        assert journal.lines == ['tool: get_weather({"city":) [partial]']
        journal(
            "<", 1.2, "response.function_call_arguments.done", arguments='{"city":"Oslo"}', **fields
        )

    def test_a_function_call_shows_arguments_result_and_duration(
        self, journal: MemoryJournal
    ) -> None:
        self.call(journal)
        output = {"type": "function_call_output", "call_id": "c1", "output": "21 C"}
        journal(">", 1.54, "conversation.item.create", previous_item_id="f1", item=output)
        assert journal.lines == ['tool: get_weather({"city":"Oslo"}) -> 21 C  340 ms']
        journal(
            "<",
            1.8,
            "conversation.item.created",
            item={**output, "id": "o1"},
            previous_item_id="f1",
        )
        journal.answer(2, "a1", "21 degrees.", previous="o1", response="r2")
        assert journal.lines == [
            'tool: get_weather({"city":"Oslo"}) -> 21 C  340 ms',
            "agent: 21 degrees. [partial]",
        ]

    def test_an_mcp_call_that_needs_approval_and_then_fails(self, journal: MemoryJournal) -> None:
        request = {
            "id": "q1",
            "type": "mcp_approval_request",
            "server_label": "docs",
            "name": "search",
            "arguments": "{}",
        }
        journal("<", 1, "conversation.item.created", item=request)
        assert journal.lines == ["tool: docs.search({}) [partial]"]
        approval = {"type": "mcp_approval_response", "approval_request_id": "q1", "approve": True}
        journal(">", 2, "conversation.item.create", item=approval)
        call = {
            "id": "m1",
            "type": "mcp_call",
            "server_label": "docs",
            "name": "search",
            "arguments": "{}",
        }
        journal("<", 3, "conversation.item.created", item=call, previous_item_id="q1")
        journal(
            "<",
            3,
            "response.mcp_call_arguments.done",
            item_id="m1",
            response_id="r1",
            output_index=0,
            arguments='{"q":1}',
        )
        journal("<", 3.1, "response.mcp_call.in_progress", item_id="m1", output_index=0)
        journal("<", 3.5, "response.mcp_call.failed", item_id="m1", output_index=0)
        journal(
            "<",
            3.5,
            "response.output_item.done",
            response_id="r1",
            item={**call, "error": {"message": "not found"}},
        )
        assert journal.lines == [
            "tool: docs.search({}) -> approved",
            "tool: docs.search({}) -> not found  500 ms [failed]",
        ]

    def test_the_tools_of_a_server(self, journal: MemoryJournal) -> None:
        item = {"id": "l1", "type": "mcp_list_tools", "server_label": "docs", "tools": []}
        journal("<", 1, "conversation.item.created", item=item)
        journal("<", 1, "mcp_list_tools.in_progress", item_id="l1")
        assert journal.lines == ["tool: tools of docs [partial]"]
        journal(
            "<",
            1.2,
            "response.output_item.done",
            item={**item, "tools": [{"name": "search"}, {"name": "read"}]},
        )
        assert journal.lines == ["tool: tools of docs -> 2 tools  200 ms"]
