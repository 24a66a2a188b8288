"""What a new connection gets of the conversation so far, as items of the wire."""

from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from voicelive_tui.model.transcript.history import (
    NotCarried,
    PastFunctionCall,
    PastItem,
    PastMessage,
    PastToolUse,
)
from voicelive_tui.protocol.carry_over import CarryOver, CarryOverLimits, carry_over


def wire(carried: CarryOver) -> list[dict[str, Any]]:
    """The items without their ids."""
    return [
        {name: value for name, value in each.item.items() if name != "id"} for each in carried.items
    ]


def message(role: str, kind: str, *texts: str, **fields: Any) -> dict[str, Any]:
    content = [{"type": kind, "text": text} for text in texts]
    return {"type": "message", "role": role, "content": content, **fields}


CALL = PastFunctionCall("f1", "call_1", "get_weather", '{"city":"Oslo"}', "21 C")


def test_every_kind_in_its_place() -> None:
    history: list[PastItem] = [
        PastMessage("s1", "system", ("Be brief.",)),
        PastMessage("u1", "user", ("Hello.", "And this.")),
        CALL,
        PastMessage("a1", "assistant", ("21 degrees.",)),
        PastMessage("a2", "assistant", ("And to",), cut=True),
    ]
    carried = carry_over(history, connection=2)
    assert wire(carried) == [
        message("system", "input_text", "Be brief."),
        message("user", "input_text", "Hello.", "And this."),
        {
            "type": "function_call",
            "call_id": "call_1",
            "name": "get_weather",
            "arguments": '{"city":"Oslo"}',
        },
        {"type": "function_call_output", "call_id": "call_1", "output": "21 C"},
        message("assistant", "text", "21 degrees.", status="completed"),
        message("assistant", "text", "And to", status="incomplete"),
    ]
    assert [each.was for each in carried.items] == ["s1", "u1", "f1", "f1", "a1", "a2"]
    assert (carried.carried, carried.left_out, carried.not_carried) == (5, 0, {})


def test_the_ids_name_the_connection() -> None:
    history: list[PastItem] = [PastMessage("u1", "user", ("Hello.",)), CALL]
    ids = [each.item["id"] for each in carry_over(history, connection=12).items]
    assert ids == ["carried_12_1", "carried_12_2", "carried_12_3"]


def test_what_the_service_did_is_one_system_note_in_front() -> None:
    history: list[PastItem] = [
        PastMessage("u1", "user", ("Search.",)),
        PastToolUse("q1", "mcp_approval_request", "docs.search({}) -> approved"),
        PastToolUse("m1", "mcp_call", "docs.search({}) -> 3 hits"),
    ]
    carried = carry_over(history, connection=2)
    note = (
        "Tools that the service ran earlier in this conversation, in order:\n"
        "mcp_approval_request docs.search({}) -> approved\n"
        "mcp_call docs.search({}) -> 3 hits\n"
    )
    assert wire(carried) == [
        message("system", "input_text", note),
        message("user", "input_text", "Search."),
    ]
    assert (carried.items[0].was, carried.carried) == ("", 3)


def test_what_cannot_be_told_is_counted_by_reason() -> None:
    history: list[PastItem] = [
        NotCarried("u1", "no_transcript"),
        NotCarried("u2", "measurement"),
        NotCarried("u3", "no_transcript"),
    ]
    carried = carry_over(history, connection=2)
    assert carried.items == ()
    assert carried.not_carried == {"no_transcript": 2, "measurement": 1}


def test_the_oldest_are_left_out_and_a_note_says_how_many() -> None:
    history = [PastMessage(f"u{n}", "user", (f"Message {n}.",)) for n in range(10)]
    carried = carry_over(history, connection=2, limits=CarryOverLimits(items=5))
    assert wire(carried) == [
        message(
            "system",
            "input_text",
            "The beginning of this conversation was left out. Items left out: 7.",
        ),
        *(message("user", "input_text", f"Message {n}.") for n in (7, 8, 9)),
    ]
    assert (carried.carried, carried.left_out) == (3, 7)


def test_a_call_and_its_output_are_carried_together_or_not_at_all() -> None:
    history: list[PastItem] = [CALL, PastMessage("a1", "assistant", ("21 degrees.",))]
    carried = carry_over(history, connection=2, limits=CarryOverLimits(items=4))
    assert [item["type"] for item in wire(carried)] == ["message", "message"]
    assert carried.left_out == 1


def test_a_long_item_leaves_out_all_before_it() -> None:
    texts = ("short", "x" * 1000, "newest")
    history = [PastMessage(text[:1], "user", (text,)) for text in texts]
    carried = carry_over(history, connection=2, limits=CarryOverLimits(size_bytes=600))
    assert [each.was for each in carried.items] == ["", "n"]


def test_an_id_of_a_call_is_never_longer_than_a_service_accepts() -> None:
    call = PastFunctionCall("f1", "call_" + "0123456789" * 4, "f", "{}", "")
    first, second = wire(carry_over([call], connection=2))
    assert first["call_id"] == second["call_id"] and len(first["call_id"]) <= 32


def test_the_record_links_new_items_with_old_ones() -> None:
    history: list[PastItem] = [
        NotCarried("u0", "no_transcript"),
        PastMessage("u1", "user", ("Hello.",)),
    ]
    assert carry_over(history, connection=2).record_fields() == {
        "carried": 1,
        "left_out": 0,
        "not_carried": {"no_transcript": 1},
        "items": [{"id": "carried_2_1", "was": "u1"}],
    }


TEXTS = st.text(min_size=1, max_size=40)
KEYS = st.text("abc123", min_size=1, max_size=8)
ROLES = st.sampled_from(["user", "assistant", "system"])
PAST: st.SearchStrategy[PastItem] = st.one_of(
    st.builds(PastMessage, KEYS, ROLES, st.lists(TEXTS, min_size=1, max_size=3).map(tuple)),
    st.builds(PastFunctionCall, KEYS, KEYS, TEXTS, TEXTS, TEXTS),
    st.builds(PastToolUse, KEYS, st.sampled_from(["mcp_call", "web_search_call"]), TEXTS),
    st.builds(NotCarried, KEYS, st.sampled_from(["no_transcript", "not_heard"])),
)


def texts_of(item: Any) -> list[str]:
    parts = [part["text"] for part in item.get("content", ())]
    return parts + [item[name] for name in ("name", "arguments", "output") if name in item]


@given(st.lists(PAST, max_size=30), st.integers(2, 20), st.integers(200, 900))
def test_bounds_order_and_nothing_invented(
    history: list[PastItem], items: int, size_bytes: int
) -> None:
    limits = CarryOverLimits(items, size_bytes)
    carried = carry_over(history, connection=2, limits=limits)
    texts = [text for each in carried.items for text in texts_of(each.item)]
    assert len(carried.items) <= items
    assert sum(len(text.encode("utf-8", "replace")) for text in texts) <= size_bytes

    counted = carried.carried + carried.left_out + sum(carried.not_carried.values())
    assert counted == len(history)
    can = [past for past in history if not isinstance(past, NotCarried)]
    kept = can[carried.left_out :]
    told = [past for past in kept if not isinstance(past, PastToolUse)]
    was = [each.was for each in carried.items if each.was]
    twice = [n for past in told for n in [past.item_id] * (1 + isinstance(past, PastFunctionCall))]
    assert was == twice

    source = Counter(text for past in told for text in source_texts(past))
    invented = Counter(text for each in carried.items if each.was for text in texts_of(each.item))
    assert invented == source
    ids = [each.item["id"] for each in carried.items]
    assert len(set(ids)) == len(ids) and all(len(each) <= 32 for each in ids)


def source_texts(past: PastItem) -> tuple[str, ...]:
    match past:
        case PastMessage():
            return past.texts
        case PastFunctionCall():
            return (past.name, past.arguments, past.output)
        case _:
            return ()
