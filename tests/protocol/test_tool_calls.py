"""Tool calls are reported, and a response is requested after a tool that the service ran."""

from voicelive_tui.model.notice import Notice

from tests.protocol.support.conversation_harness import ConversationHarness, brief


def test_a_function_call_is_told_once_with_its_name() -> None:
    harness = ConversationHarness()
    harness.created()
    item = {"id": "item_f", "type": "function_call", "name": "get_weather", "call_id": "call_1"}
    assert harness.service("response.output_item.added", response_id="resp_1", item=item) == ()
    (notice,) = harness.service(
        "response.function_call_arguments.done", item_id="item_f", call_id="call_1", arguments="{}"
    )
    assert isinstance(notice, Notice)
    assert "get_weather" in notice.text and "no answer" in notice.text
    assert harness.service("response.output_item.done", response_id="resp_1", item=item) == ()


def test_an_approval_request_is_told() -> None:
    item = {
        "id": "item_m",
        "type": "mcp_approval_request",
        "name": "search",
        "server_label": "docs",
    }
    assert brief(ConversationHarness().service("conversation.item.created", item=item)) == [
        ("notice", "warning")
    ]


def test_after_a_tool_that_the_service_ran_an_answer_is_asked_for() -> None:
    harness = ConversationHarness()
    harness.created()
    assert harness.service("response.mcp_call.completed", item_id="item_m", output_index=0) == ()
    assert brief(harness.done()) == ["response.create"]
