"""Waiting messages at the end of a transcript, also of one that shares its parts."""

from voicelive_tui.model.collections.shared_sequence import SharedSequence, common_prefix_length
from voicelive_tui.model.transcript.line import TranscriptLine
from voicelive_tui.model.transcript.waiting_messages import WaitingMessage, with_waiting

ONE = TranscriptLine("item_1", "you", 1.0, "Hello", "final", 3, 7)
TWO = TranscriptLine("item_2", "agent", 2.0, "Hi", "final", 8, 9)
WAITING = (WaitingMessage("And then?", 12.5),)


def test_a_waiting_message_is_the_last_line_and_belongs_to_no_record() -> None:
    shown = with_waiting((ONE, TWO), WAITING, 10.0)
    assert shown[:2] == (ONE, TWO)
    assert (shown[2].text, shown[2].state, shown[2].t_s) == ("And then?", "waiting", 2.5)
    assert not any(shown[2].first_n <= n <= shown[2].last_n for n in range(20))


def test_without_one_the_transcript_is_the_same_object() -> None:
    transcript = SharedSequence([(ONE,)])
    assert with_waiting(transcript, (), 0.0) is transcript


def test_the_parts_of_the_transcript_are_shared() -> None:
    deep = SharedSequence([SharedSequence([(ONE,)]), SharedSequence([(TWO,)])])
    for transcript in (SharedSequence([(ONE,), (TWO,)]), deep):
        shown = with_waiting(transcript, WAITING, 10.0)
        assert [line.text for line in shown] == ["Hello", "Hi", "And then?"]
        assert common_prefix_length(shown, transcript) == 2
    assert [line.text for line in with_waiting(SharedSequence(), WAITING, 0.0)] == ["And then?"]
