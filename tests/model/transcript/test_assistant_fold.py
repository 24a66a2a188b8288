"""The assistant's lines: what was heard of an interrupted answer, and how an answer ends."""

import base64

import pytest

from tests.support.memory_journal import MemoryJournal, audio_ref


class TestInterruption:
    def interrupted(self, journal: MemoryJournal, played: int) -> None:
        journal.spoken(1, "u1", "tell me")
        journal.answer(2, "a1", "0123456789", ms=2000, previous="u1")
        journal.heard(2.2, "a1")
        journal("<", 3.2, "input_audio_buffer.speech_started", item_id="u2", audio_start_ms=3200)
        journal.stopped(3.21, "a1", played, 2000, "barge_in")

    def test_it_is_told_by_the_playback_at_once(self, journal: MemoryJournal) -> None:
        self.interrupted(journal, 1000)
        line = journal.line("a1")
        assert (line.state, line.heard_ms, line.received_ms, line.spoken_chars) == (
            "interrupted",
            1000,
            2000,
            5,
        )

    def test_word_times_say_exactly_how_far(self, journal: MemoryJournal) -> None:
        journal.answer(2, "a1", "It is sunny, is it not", ms=2000)
        words = [("It", 0), ("is", 200), ("sunny,", 400), ("is", 1000), ("it", 1200), ("not", 1500)]
        for word, offset in words:
            fields = {
                "response_id": "r1",
                "item_id": "a1",
                "content_index": 0,
                "audio_offset_ms": offset,
                "audio_duration_ms": 200,
            }
            journal(
                "<",
                2.1,
                "response.audio_timestamp.delta",
                text=word,
                timestamp_type="word",
                **fields,
            )
        journal.stopped(3.1, "a1", 1100, 2000, "barge_in")
        assert "It is sunny, is it not"[: journal.line("a1").spoken_chars] == "It is sunny, is"

    def test_the_cancelled_response_ends_the_same_way_whichever_comes_first(self) -> None:
        first, second = MemoryJournal(), MemoryJournal()
        self.interrupted(first, 500)
        first.done(3.3, status="cancelled")
        second.spoken(1, "u1", "tell me")
        second.answer(2, "a1", "0123456789", ms=2000, previous="u1")
        second.heard(2.2, "a1")
        second.done(3.1, status="cancelled")
        second("<", 3.2, "input_audio_buffer.speech_started", item_id="u2", audio_start_ms=3200)
        second.stopped(3.21, "a1", 500, 2000, "barge_in")
        for journal in (first, second):
            assert (journal.line("a1").state, journal.line("a1").spoken_chars) == ("interrupted", 2)

    def test_without_playback_the_truncation_tells(self, journal: MemoryJournal) -> None:
        journal.answer(2, "a1", "0123456789", ms=2000)
        journal.done(3, status="cancelled")
        assert (
            journal.line("a1").state,
            journal.line("a1").spoken_chars,
            journal.line("a1").heard_ms,
        ) == (
            "interrupted",
            10,
            None,
        )
        journal(
            "<", 3, "conversation.item.truncated", item_id="a1", content_index=0, audio_end_ms=600
        )
        assert (journal.line("a1").spoken_chars, journal.line("a1").heard_ms) == (3, 600)

    def test_an_answer_heard_to_its_end_is_not_interrupted(self, journal: MemoryJournal) -> None:
        self.interrupted(journal, 2000)
        assert journal.line("a1").state == "partial"
        journal.done(4)
        assert (journal.line("a1").state, journal.line("a1").spoken_chars) == ("final", None)

    def test_going_off_air_interrupts_nothing(self, journal: MemoryJournal) -> None:
        journal.answer(2, "a1", "0123456789", ms=2000)
        journal.stopped(3, "a1", 800, 2000, "off_air")
        journal.done(4)
        assert (journal.line("a1").state, journal.line("a1").heard_ms) == ("final", 800)

    def test_a_shorter_final_transcript_does_not_take_words_away(
        self, journal: MemoryJournal
    ) -> None:
        self.interrupted(journal, 1000)
        fields = {"response_id": "r1", "item_id": "a1", "content_index": 0}
        journal("<", 3.3, "response.audio_transcript.done", transcript="01234", **fields)
        assert journal.line("a1").text == "0123456789"

    def test_several_content_parts_are_heard_one_after_the_other(
        self, journal: MemoryJournal
    ) -> None:
        journal.answer(2, "a1", "01234", ms=1000)
        second = {"response_id": "r1", "item_id": "a1", "content_index": 1}
        journal("<", 2, "response.audio_transcript.delta", delta="56789", **second)
        journal("<", 2, "response.audio.delta", delta=audio_ref(1000), **second)
        journal.stopped(4, "a1", 1000, 1000, "drained")
        stop = {"played_ms": 400, "received_ms": 1000, "reason": "barge_in"}
        journal("=", 4, "console.playback_stopped", item_id="a1", content_index=1, **stop)
        line = journal.line("a1")
        assert (line.text, line.spoken_chars, line.heard_ms, line.received_ms) == (
            "0123456789",
            7,
            1400,
            2000,
        )


@pytest.mark.parametrize(
    ("output_format", "expected_ms"),
    [
        ("pcm16", 100),
        ("pcm16_16000hz", 150),
        ("pcm16_8000hz", 300),
        ("g711_ulaw", 600),
        ("g711_alaw", 600),
        (None, 100),
    ],
)
def test_received_milliseconds_follow_the_sessions_output_format(
    journal: MemoryJournal, output_format: str | None, expected_ms: int
) -> None:
    journal("<", 0, "session.updated", session={"id": "s", "output_audio_format": output_format})
    payload = base64.b64encode(bytes(4800)).decode()
    journal(
        "<",
        1,
        "response.audio.delta",
        response_id="r1",
        item_id="a1",
        content_index=0,
        delta=payload,
    )
    journal(
        "<",
        1,
        "response.audio.delta",
        response_id="r1",
        item_id="a2",
        content_index=0,
        delta={"$wav": None, "bytes": 4800},
    )
    assert [line.received_ms for line in journal.view.transcript] == [expected_ms, expected_ms]


def test_a_failed_answer_says_why(journal: MemoryJournal) -> None:
    journal.answer(1, "a1", "I was ab")
    journal.done(
        2,
        status="failed",
        status_details={
            "type": "failed",
            "error": {"code": "message_creation_failed", "message": "no"},
        },
    )
    assert journal.lines == [
        "agent: I was ab [failed]",
        "note: answer failed: message_creation_failed: no [failed]",
    ]


def test_an_answer_cut_by_the_service(journal: MemoryJournal) -> None:
    journal.answer(1, "a1", "and so on and")
    journal.done(2, status="incomplete", status_details={"reason": "max_output_tokens"})
    assert journal.lines == ["agent: and so on and", "note: answer incomplete: max_output_tokens"]


def test_names_of_the_ga_protocol_say_the_same(journal: MemoryJournal) -> None:
    fields = {"response_id": "r1", "item_id": "a1", "content_index": 0}
    journal("<", 1, "response.output_audio.delta", delta={"$wav": None, "bytes": 4800}, **fields)
    journal("<", 1, "response.output_audio_transcript.delta", delta="Hi", **fields)
    assert journal.lines == ["agent: Hi [partial]"]
    assert journal.line("a1").received_ms == 100
