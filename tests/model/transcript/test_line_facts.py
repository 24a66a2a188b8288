"""What a line tells besides its words: how it came, what ended it, how long it took; and the totals
of all lines."""

from typing import Any

from voicelive_tui.model.transcript.line import TranscriptTotals

from tests.support.memory_journal import TRANSCRIPTION, MemoryJournal

TYPED = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "hello"}]}


def session(journal: MemoryJournal, *, on_air: bool = True, **settings: Any) -> None:
    journal("=", 0, "console.connected")
    if on_air:
        journal("=", 0, "console.on_air", on=True)
    journal("<", 0, "session.updated", session={"id": "s", **settings})


class TestWhatTheUserSaid:
    def test_speech_has_the_time_at_which_it_began(self, journal: MemoryJournal) -> None:
        session(journal)
        for number in range(50):
            sent = {"audio": {"$wav": "mic.wav", "offset": 0, "bytes": 100 * 48}}
            journal(">", 10 + number / 10, "input_audio_buffer.append", **sent)
        # 5 s were sent by 14.9 s, so that the audio at 4.2 s was spoken 0.8 s before.
        began = {"item_id": "u1", "audio_start_ms": 4200}
        journal("<", 15, "input_audio_buffer.speech_started", **began)
        assert round(journal.line("u1").t_s, 3) == 14.1

    def test_words_that_were_asked_for_are_late(self, journal: MemoryJournal) -> None:
        session(journal, input_audio_transcription={"model": "azure-speech"})
        journal.spoken(1, "u1")
        journal.answer(2, "a1", "Yes.", previous="u1")
        journal.done(3)
        assert (journal.line("u1").mark, journal.line("u1").text) == ("late", "[speech, 1.0 s]")
        words = {"item_id": "u1", "content_index": 0, "transcript": "Is it?"}
        journal("<", 4, f"{TRANSCRIPTION}.completed", **words)
        assert (journal.line("u1").mark, journal.line("u1").text) == ("", "Is it?")

    def test_no_words_are_late_without_transcription_or_connection(
        self, journal: MemoryJournal
    ) -> None:
        session(journal)
        journal.spoken(1, "u1")
        assert journal.line("u1").mark == ""
        session(journal, input_audio_transcription={"model": "azure-speech"})
        journal.spoken(3, "u2")
        assert journal.line("u2").mark == "late"
        journal("=", 5, "console.connected", connection=2)
        assert journal.line("u2").mark == ""

    def test_speech_without_words_is_a_false_start(self, journal: MemoryJournal) -> None:
        journal.spoken(1, "u1", "")
        journal.spoken(3, "u2", "[no speech, 0.3 s, -38 dBFS]")
        journal.spoken(5, "u3", "[speech, 1.2 s, -22 dBFS]")
        journal.spoken(7, "u4", "Hello.")
        marks = [line.mark for line in journal.view.transcript]
        assert marks == ["false_start", "false_start", "", ""]
        assert journal.view.transcript_totals == TranscriptTotals(turns=2, false_starts=2)

    def test_speech_that_never_became_an_item_is_one_too(self, journal: MemoryJournal) -> None:
        buffer = "input_audio_buffer"
        journal("<", 1, f"{buffer}.speech_started", item_id="u1", audio_start_ms=1000)
        journal("<", 1.3, f"{buffer}.speech_stopped", item_id="u1", audio_end_ms=1300)
        journal("<", 2, f"{buffer}.speech_started", item_id="u2", audio_start_ms=2000)
        assert journal.lines == ["you: [no speech, 0.3 s]", "you:  [partial]"]
        assert journal.line("u1").mark == "false_start"

    def test_a_typed_message_says_so(self, journal: MemoryJournal) -> None:
        journal(">", 1, "conversation.item.create", event_id="e1", item=TYPED)
        journal("<", 1.2, "conversation.item.created", item={**TYPED, "id": "u1"})
        assert journal.line("u1").mark == "typed"
        assert journal.view.transcript_totals == TranscriptTotals(turns=1)


class TestWhatWasHeard:
    def test_the_latency_stands_at_the_answer_that_was_heard_first(
        self, journal: MemoryJournal
    ) -> None:
        session(journal)
        journal.spoken(1, "u1", "Hi.")
        journal.answer(2.1, "a1", "Let me see.", previous="u1")
        journal.heard(2.5, "a1")
        journal.answer(3, "a2", "Yes.", previous="a1")
        journal.heard(4, "a2")
        assert (journal.line("a1").heard_after_ms, journal.line("a1").mark) == (500, "")
        assert journal.line("a2").heard_after_ms is None

    def test_a_greeting_has_none(self, journal: MemoryJournal) -> None:
        session(journal)
        journal(">", 0.5, "response.create")
        journal.answer(1, "a1", "Hello.")
        journal.heard(1.5, "a1")
        assert (journal.line("a1").mark, journal.line("a1").heard_after_ms) == ("greeting", None)

    def test_the_slowest_of_several_is_marked(self, journal: MemoryJournal) -> None:
        session(journal)
        slowest = []
        for at, ms in enumerate((400, 900, 300, 1200)):
            start = 10 * at
            journal.spoken(start + 1, f"u{at}", "Hi.")
            journal.answer(start + 2.1, f"a{at}", "Yes.", response=f"r{at}", previous=f"u{at}")
            journal.heard(start + 2 + ms / 1000, f"a{at}")
            slowest.append([line.item_id for line in journal.view.transcript if line.slowest])
        assert slowest == [[], [], ["a1"], ["a3"]]

    def test_an_answer_without_a_speaker_is_unheard(self, journal: MemoryJournal) -> None:
        session(journal, on_air=False)
        journal.answer(1, "a1", "Hello.")
        assert journal.line("a1").mark == "unheard"
        assert journal.view.transcript_totals == TranscriptTotals(unheard=1)
        journal("=", 2, "console.on_air", on=True)
        journal.answer(3, "a2", "Again.", response="r2")
        assert journal.line("a2").mark == ""

    def test_what_cut_an_answer(self, journal: MemoryJournal) -> None:
        session(journal)
        for item, reason in (("a1", "barge_in"), ("a2", "user"), ("a3", "off_air")):
            journal.answer(1, item, "0123456789", response=f"r-{item}")
            journal.stopped(2, item, 500, 1000, reason)
        journal("=", 3, "console.on_air", on=False)
        journal.answer(4, "a4", "0123456789", response="r4")
        journal.stopped(5, "a4", 500, 1000, "off_air")
        journal.answer(6, "a5", "0123456789", response="r5")
        journal.done(7, response="r5", status="cancelled")
        causes = [line.cut_by for line in journal.view.transcript]
        assert causes == ["detection", "user", "device", "off_air", "service"]
        assert journal.view.transcript_totals.cut == 5

    def test_the_loss_of_the_connection_cuts_at_once(self, journal: MemoryJournal) -> None:
        session(journal)
        journal.answer(1, "a1", "Hello the")
        journal("=", 2, "console.closed", code=1011, reason="", sentence="It broke.")
        assert (journal.line("a1").state, journal.line("a1").cut_by) == (
            "interrupted",
            "connection",
        )

    def test_a_response_with_nothing_in_it_is_an_empty_answer(self, journal: MemoryJournal) -> None:
        journal.spoken(1, "u1", "Hi.")
        journal("<", 2, "response.created", response={"id": "r1"})
        journal.done(3, output=[])
        assert journal.lines == ["you: Hi.", "agent: (empty answer) [failed]"]
        assert journal.view.transcript[-1].mark == "empty"

    def test_a_call_is_no_empty_answer(self, journal: MemoryJournal) -> None:
        journal("<", 2, "response.created", response={"id": "r1"})
        call = {"id": "f1", "type": "function_call", "name": "x", "call_id": "c1"}
        journal.done(3, output=[call])
        assert not any(line.mark == "empty" for line in journal.view.transcript)


def test_removed_and_renamed_lines_leave_the_totals(journal: MemoryJournal) -> None:
    journal("<", 1, "input_audio_buffer.speech_started", item_id="u1", audio_start_ms=1000)
    assert journal.view.transcript_totals == TranscriptTotals(turns=1)
    journal("<", 2, "input_audio_buffer.cleared")
    assert journal.view.transcript_totals == TranscriptTotals()
    journal(">", 3, "conversation.item.create", event_id="e1", item=TYPED)
    assert journal.view.transcript_totals == TranscriptTotals(turns=1)
    journal("<", 3.2, "conversation.item.created", item={**TYPED, "id": "u2"})
    assert journal.view.transcript_totals == TranscriptTotals(turns=1)


def test_a_rule_says_what_became_of_the_connection(journal: MemoryJournal) -> None:
    journal("=", 0, "console.connected")
    journal("=", 60.4, "console.closed", code=1011, reason="", sentence="It broke.")
    rule = journal.view.transcript[-1].rule
    assert rule is not None
    assert (rule.head, rule.at_s, rule.tail, rule.details) == (
        "connection lost",
        60.4,
        ", code 1011",
        ("It broke.",),
    )
    journal("=", 61.9, "console.connected", connection=2)
    carried = {"carried": 14, "left_out": 0, "not_carried": {"no_transcript": 1}}
    journal("=", 61.9, "console.carried_over", items=[], **carried)
    rule = journal.view.transcript[-1].rule
    assert rule is not None
    assert (rule.head, rule.at_s, rule.tail, rule.details) == (
        "session is new",
        61.9,
        ": back after 1.5 s; 14 items carried over",
        ("It broke.", "not carried over: 1 without a transcript"),
    )
