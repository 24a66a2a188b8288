"""A turn as its steps, which follow one another without a gap and add up to what the user
waited."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from voicelive_tui.model.turns.waterfall import Waterfall, waterfall

from tests.support.memory_journal import MemoryJournal
from tests.support.tool_turn import tool_turn


@pytest.fixture
def journal() -> MemoryJournal:
    return MemoryJournal()


def steps(falls: Waterfall) -> list[str]:
    """`get_parcel ran +640 at 750`: each step with its length and its beginning; the first one with
    its moment."""
    shown = []
    for step in falls.steps:
        name = f"{step.tool} {step.name}".strip()
        length = f"+{step.ms:.0f} at {step.begins_ms:.0f}" if step.ms is not None else "open"
        shown.append(f"{name} {length if step is not falls.steps[0] else f'{step.at_s:.1f}'}")
    return shown


def test_a_turn_with_a_tool_goes_from_the_end_of_the_voice_to_the_first_sound(
    journal: MemoryJournal,
) -> None:
    tool_turn(journal)
    (turn,) = journal.view.turns
    falls = waterfall(turn)
    assert steps(falls) == [
        "your voice ended 52.2",
        "end of turn waited +506 at 0",
        "by its own clock +500 at 0",
        "response created +8 at 506",
        "get_parcel called +236 at 514",
        "get_parcel ran +640 at 750",
        "second response +28 at 1390",
        "first byte +334 at 1418",
        "first sound heard +168 at 1752",
    ]
    assert falls.length_ms == pytest.approx(1920)
    assert turn.heard_ms == pytest.approx(falls.length_ms)
    assert turn.first_audio_ms == pytest.approx(1246)
    whole = sum(step.ms for step in falls.steps if step.ms is not None and not step.is_part)
    assert whole == pytest.approx(falls.length_ms)


def test_a_typed_turn_begins_when_it_was_sent(journal: MemoryJournal) -> None:
    item = {"id": "u1", "type": "message", "role": "user", "content": []}
    journal(">", 1, "conversation.item.create", item=item)
    journal(">", 1, "response.create")
    journal.answer(1.25, "a1", "Yes.")
    journal.heard(1.5, "a1")
    assert steps(waterfall(journal.turn(1))) == [
        "sent 1.0",
        "response created +250 at 0",
        "first byte +100 at 250",
        "first sound heard +150 at 350",
    ]


def test_a_spoken_turn_without_an_end_of_voice_begins_where_the_service_heard_its_end(
    journal: MemoryJournal,
) -> None:
    journal.spoken(1, "u1")
    journal.answer(2.3, "a1", "Yes.")
    assert steps(waterfall(journal.turn(1))) == [
        "end of turn detected 2.0",
        "response created +300 at 0",
        "first byte +100 at 300",
    ]


def test_an_answer_that_nobody_asked_for_begins_with_itself(journal: MemoryJournal) -> None:
    journal.answer(1, "a1", "Hello.")
    journal.heard(1.2, "a1")
    assert steps(waterfall(journal.turn(1))) == [
        "response created 1.0",
        "first byte +100 at 0",
        "first sound heard +100 at 100",
    ]


def test_an_answer_in_text_ends_with_its_end(journal: MemoryJournal) -> None:
    journal(">", 1, "response.create")
    journal("<", 1.2, "response.created", response={"id": "r1"})
    journal("<", 1.3, "response.text.delta", response_id="r1", item_id="a1", delta="Yes.")
    journal.done(1.5)
    assert steps(waterfall(journal.turn(1))) == [
        "answer asked for 1.0",
        "response created +200 at 0",
        "answer complete +300 at 200",
    ]


def test_an_answer_that_goes_on_after_a_tool_has_a_first_byte_of_its_own(
    journal: MemoryJournal,
) -> None:
    journal.spoken(1, "u1")
    journal.answer(2.1, "a1", "One moment.")
    journal.heard(2.3, "a1")
    call = {"id": "f1", "type": "function_call", "name": "clock", "call_id": "c1"}
    journal("<", 2.4, "response.output_item.done", response_id="r1", item=call)
    journal.done(2.4, output=[call])
    output = {"type": "function_call_output", "output": "{}", "call_id": "c1"}
    journal(">", 2.9, "conversation.item.create", item=output)
    journal.answer(3, "a2", "It is noon.", response="r2")
    assert steps(waterfall(journal.turn(1)))[3:] == [
        "first sound heard +100 at 200",
        "clock called +100 at 300",
        "clock ran +500 at 400",
        "second response +100 at 900",
        "its first byte +100 at 1000",
    ]


def test_tools_that_run_at_once_keep_their_own_lengths(journal: MemoryJournal) -> None:
    journal.spoken(1, "u1")
    journal("<", 2.1, "response.created", response={"id": "r1"})
    for t_s, name in ((2.2, "first"), (2.3, "second")):
        call = {"id": name, "type": "function_call", "name": name, "call_id": f"c-{name}"}
        journal("<", t_s, "response.output_item.done", response_id="r1", item=call)
    journal.done(2.4)
    output = {"type": "function_call_output", "output": "{}"}
    journal(">", 2.9, "conversation.item.create", item={**output, "call_id": "c-first"})
    assert steps(waterfall(journal.turn(1)))[2:] == [
        "first called +100 at 100",
        "second called +100 at 200",
        "second has no result open",
        "first ran +700 at 200",
    ]


def test_a_wait_that_the_service_s_clock_cannot_explain_is_not_split(
    journal: MemoryJournal,
) -> None:
    # The audio that was sent says that the service heard the end before the voice ended.
    journal(">", 1, "input_audio_buffer.append", audio={"$wav": "mic.wav", "bytes": 48 * 9_000})
    journal("=", 1.5, "console.speech", on=False)
    journal.spoken(1, "u1")
    journal.answer(2.3, "a1", "Yes.")
    assert "by its own clock" not in "".join(steps(waterfall(journal.turn(1))))


def test_a_turn_that_is_not_over_has_no_steps_yet(journal: MemoryJournal) -> None:
    journal("<", 1, "input_audio_buffer.speech_started", item_id="u1", audio_start_ms=900)
    assert waterfall(journal.turn(1)) == Waterfall()


def test_over_a_link_half_of_the_round_trip_is_taken_from_the_first_and_the_last_step(
    journal: MemoryJournal,
) -> None:
    journal.link(0.05, "up", round_trip_ms=80, clock_error_ms=12.5)
    tool_turn(journal)
    (turn,) = journal.view.turns
    falls = waterfall(turn)
    assert steps(falls) == [
        "your voice ended 52.2",
        "link there est +40 at 0",
        "end of turn waited +466 at 40",
        "by its own clock +460 at 40",
        "response created +8 at 506",
        "get_parcel called +236 at 514",
        "get_parcel ran +640 at 750",
        "second response +28 at 1390",
        "first byte +334 at 1418",
        "link back est +40 at 1752",
        "first sound heard +128 at 1792",
    ]
    whole = sum(step.ms for step in falls.steps if step.ms is not None and not step.is_part)
    assert whole == pytest.approx(falls.length_ms) == pytest.approx(turn.heard_ms)
    assert turn.link_ms == pytest.approx(80)


def test_a_typed_turn_has_only_the_way_back_in_it(journal: MemoryJournal) -> None:
    journal.link(0, "up", round_trip_ms=80)
    item = {"id": "u1", "type": "message", "role": "user", "content": []}
    journal(">", 1, "conversation.item.create", item=item)
    journal(">", 1, "response.create")
    journal.answer(1.25, "a1", "Yes.")
    journal.heard(1.5, "a1")
    assert steps(waterfall(journal.turn(1)))[3:] == [
        "link back est +40 at 350",
        "first sound heard +110 at 390",
    ]
    assert journal.turn(1).link_ms == pytest.approx(40)


@given(
    round_trip_ms=st.floats(0, 2_000),
    waited_ms=st.floats(0, 1_000),
    played_after_ms=st.floats(0, 1_000),
)
def test_the_steps_add_up_with_any_link(
    round_trip_ms: float, waited_ms: float, played_after_ms: float
) -> None:
    journal = MemoryJournal()
    journal.link(0, "up", round_trip_ms=round_trip_ms)
    journal("=", 2 - waited_ms / 1000, "console.speech", on=False)
    journal.spoken(1, "u1")
    journal.answer(2.3, "a1", "Yes.")
    journal.heard(2.4 + played_after_ms / 1000, "a1")
    turn = journal.turn(1)
    falls = waterfall(turn)
    whole = sum(step.ms for step in falls.steps if step.ms is not None and not step.is_part)
    assert whole == pytest.approx(falls.length_ms) == pytest.approx(turn.heard_ms)
    assert turn.link_ms is not None and turn.heard_ms is not None
    assert 0 <= turn.link_ms <= turn.heard_ms + 1e-6
