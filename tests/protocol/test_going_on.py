"""A journal that goes on from an earlier session holds its items, so that a further connection is
told the same."""

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

from tests.support.memory_journal import MemoryJournal

words = st.text(min_size=1, max_size=20).filter(str.strip)
messages = st.builds(
    PastMessage,
    item_id=words,
    role=st.sampled_from(["user", "system"]),
    texts=st.lists(words, min_size=1, max_size=3).map(tuple),
)
answers = st.builds(
    PastMessage,
    item_id=words,
    role=st.just("assistant"),
    texts=st.tuples(words),
    cut=st.booleans(),
)
tools = st.builds(PastToolUse, item_id=words, kind=st.just("mcp_call"), text=words)
lost = st.builds(NotCarried, item_id=words, reason=st.just("not_heard"))


@st.composite
def histories(draw: st.DrawFn) -> list[PastItem]:
    """A conversation whose function calls have ids of their own."""
    past: list[PastItem] = list(draw(st.lists(messages | answers | tools | lost, max_size=8)))
    for number in range(draw(st.integers(0, 3))):
        call = PastFunctionCall(f"f{number}", f"call_{number}", "get", "{}", draw(words))
        past.insert(draw(st.integers(0, len(past))), call)
    return past


def gone_on(carried: CarryOver) -> MemoryJournal:
    """The journal of a session that was given these items at its beginning."""
    journal = MemoryJournal()
    journal("=", 0, "console.connected")
    journal("=", 0, "console.goes_on", folder="/s/old", started="", title="old")
    journal("=", 0, "console.carried_over", **carried.record_fields())
    for number, each in enumerate(carried.items):
        journal(">", 0, "conversation.item.create", event_id=f"e{number}", item=dict(each.item))
    for each in carried.items:
        journal("<", 0, "conversation.item.created", item=dict(each.item))
    return journal


def contents(carried: CarryOver) -> list[dict[str, Any]]:
    """The items without their ids."""
    return [{name: v for name, v in each.item.items() if name != "id"} for each in carried.items]


@given(history=histories(), most=st.integers(2, 30))
def test_a_further_connection_is_told_the_same(history: list[PastItem], most: int) -> None:
    first = carry_over(history, connection=1, limits=CarryOverLimits(items=most))
    journal = gone_on(first)
    assert contents(carry_over(journal.fold.history(), connection=2)) == contents(first)


def test_the_items_make_no_lines_and_no_turns() -> None:
    past: list[PastItem] = [
        PastMessage("u1", "user", ("Hello",)),
        PastMessage("a1", "assistant", ("Good day",), cut=True),
        PastFunctionCall("f1", "call_1", "get", "{}", "21 C"),
    ]
    journal = gone_on(carry_over(past, connection=1))
    (note,) = journal.view.transcript
    assert note.text == "goes on from the session old; 3 items carried over; /s/old"
    assert (note.divides, list(journal.view.turns)) == (True, [])


def test_what_comes_next_stands_behind_the_items() -> None:
    journal = gone_on(carry_over([PastMessage("u1", "user", ("Hello",))], connection=1))
    item = {"id": "i9", "type": "message", "role": "user"}
    part = {"content": [{"type": "input_text", "text": "And now?"}]}
    journal(">", 1, "conversation.item.create", event_id="e9", item={**item, **part})
    journal("<", 1, "conversation.item.created", previous_item_id="carried_1_1", item=item)
    told = journal.fold.history()
    assert [getattr(past, "texts", ()) for past in told] == [("Hello",), ("And now?",)]
    assert [line.text for line in journal.view.transcript][1:] == ["And now?"]


def test_an_item_that_the_service_refused_is_not_told_again() -> None:
    journal = gone_on(carry_over([PastMessage("u1", "user", ("Hello",))], connection=1))
    journal("<", 1, "error", error={"message": "no", "event_id": "e0"})
    assert journal.fold.history() == (NotCarried("carried_1_1", "refused"),)
