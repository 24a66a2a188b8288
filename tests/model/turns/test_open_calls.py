"""Open calls: each counts once, and an answer closes its own call only."""

from voicelive_tui.model.turns.open_calls import OpenCalls


def test_a_second_answer_to_one_call_leaves_the_others_open() -> None:
    calls = OpenCalls()
    for name in "ab":
        calls.called(3, {"type": "function_call", "id": f"item_{name}", "call_id": f"call_{name}"})
    answer = {"type": "function_call_output", "call_id": "call_a"}
    assert [calls.answered(answer), calls.answered(answer)] == [3, 3]
    assert calls.count(3) == 1
    assert calls.answered({"type": "function_call_output", "call_id": "call_b"}) == 3
    assert calls.count(3) == 0


def test_an_approval_names_the_item_of_its_request() -> None:
    calls = OpenCalls()
    calls.called(1, {"type": "mcp_approval_request", "id": "item_m"})
    calls.called(1, {"type": "mcp_approval_request", "id": "item_m"})
    assert calls.count(1) == 1
    assert calls.answered({"type": "mcp_approval_response", "approval_request_id": "item_m"}) == 1
    assert calls.count(1) == 0
    assert calls.answered({"type": "message", "id": "x"}) is None
