"""The user's lines: speech with and without a transcript, manual turns and typed messages."""

from tests.support.memory_journal import TRANSCRIPTION, MemoryJournal


def test_the_line_appears_with_the_first_sound_and_grows(journal: MemoryJournal) -> None:
    journal("<", 1, "input_audio_buffer.speech_started", item_id="u1", audio_start_ms=1000)
    assert journal.lines == ["you:  [partial]"]
    journal("<", 2, f"{TRANSCRIPTION}.delta", item_id="u1", content_index=0, delta="what's ")
    journal("<", 2, f"{TRANSCRIPTION}.delta", item_id="u1", content_index=0, delta="up")
    assert journal.lines == ["you: what's up [partial]"]
    journal(
        "<", 3, f"{TRANSCRIPTION}.completed", item_id="u1", content_index=0, transcript="What's up?"
    )
    assert journal.lines == ["you: What's up?"]


def test_the_transcript_may_come_before_its_item_and_after_the_answer(
    journal: MemoryJournal,
) -> None:
    journal("<", 1, f"{TRANSCRIPTION}.completed", item_id="u1", content_index=0, transcript="first")
    journal.spoken(1, "u1")
    journal.answer(2, "a1", "One.", previous="u1")
    journal.spoken(5, "u2", previous="a1")
    journal.answer(6, "a2", "Two.", response="r2", previous="u2")
    journal(
        "<", 9, f"{TRANSCRIPTION}.completed", item_id="u2", content_index=0, transcript="second"
    )
    assert journal.lines == [
        "you: first",
        "agent: One. [partial]",
        "you: second",
        "agent: Two. [partial]",
    ]


def test_without_transcription_the_line_says_how_long_the_speech_was(
    journal: MemoryJournal,
) -> None:
    journal.spoken(1, "u1")
    journal.answer(2.3, "a1", "Hm.", previous="u1")
    journal.done(3)
    assert journal.lines[0] == "you: [speech, 1.0 s]"
    journal(
        "<", 4, f"{TRANSCRIPTION}.completed", item_id="u1", content_index=0, transcript="late words"
    )
    assert journal.lines[0] == "you: late words"


def test_a_failed_transcription_says_why(journal: MemoryJournal) -> None:
    journal.spoken(1, "u1")
    journal(
        "<",
        3,
        f"{TRANSCRIPTION}.failed",
        item_id="u1",
        content_index=0,
        error={"code": "audio_bad", "message": "no speech"},
    )
    assert journal.lines == ["you: not understood: audio_bad: no speech [failed]"]


def test_sound_that_was_cleared_leaves_no_line(journal: MemoryJournal) -> None:
    journal.spoken(1, "u1", "kept")
    journal("<", 4, "input_audio_buffer.speech_started", item_id="u2", audio_start_ms=4000)
    journal("<", 5, "input_audio_buffer.cleared")
    assert journal.lines == ["you: kept"]


class TestTypedMessages:
    def test_it_shows_at_once_and_is_final_when_confirmed(self, journal: MemoryJournal) -> None:
        item = {
            "type": "message",
            "role": "user",
            "content": [{"type": "input_text", "text": "hello"}],
        }
        journal(">", 1, "conversation.item.create", event_id="e1", item=item)
        assert journal.lines == ["you: hello [partial]"]
        journal(
            "<", 1.2, "conversation.item.created", item={**item, "id": "u1"}, previous_item_id=None
        )
        assert journal.lines == ["you: hello"]
        assert (journal.line("u1").t_s, journal.line("u1").first_n, journal.line("u1").last_n) == (
            1,
            0,
            1,
        )

    def test_the_same_words_twice_are_two_lines(self, journal: MemoryJournal) -> None:
        item = {
            "type": "message",
            "role": "user",
            "content": [{"type": "input_text", "text": "again"}],
        }
        for number in (1, 2):
            journal(">", number, "conversation.item.create", event_id=f"e{number}", item=item)
        for number in (1, 2):
            previous = "u1" if number == 2 else None
            journal(
                "<",
                3,
                "conversation.item.created",
                item={**item, "id": f"u{number}"},
                previous_item_id=previous,
            )
        assert [(line.item_id, line.t_s) for line in journal.view.transcript] == [
            ("u1", 1),
            ("u2", 2),
        ]

    def test_a_refused_one_has_failed(self, journal: MemoryJournal) -> None:
        item = {
            "type": "message",
            "role": "user",
            "content": [{"type": "input_text", "text": "hello"}],
        }
        journal(">", 1, "conversation.item.create", event_id="e1", item=item)
        journal(
            "<",
            2,
            "error",
            error={
                "type": "invalid_request_error",
                "code": "bad_item",
                "message": "no",
                "event_id": "e1",
            },
        )
        assert journal.lines == [
            "you: hello (not sent) [failed]",
            "note: error: bad_item: no [failed]",
        ]

    def test_a_text_answer(self, journal: MemoryJournal) -> None:
        fields = {"response_id": "r1", "item_id": "a1", "content_index": 0}
        journal("<", 1, "response.text.delta", delta="Hel", **fields)
        journal("<", 1, "response.text.delta", delta="lo", **fields)
        journal("<", 1, "response.text.done", text="Hello.", **fields)
        journal.done(2)
        assert journal.lines == ["agent: Hello."]
        assert journal.line("a1").received_ms is None


def test_a_manual_turn_begins_when_the_microphone_opened(journal: MemoryJournal) -> None:
    journal("=", 1, "console.talk", on=True)
    journal(">", 3, "input_audio_buffer.commit")
    journal("<", 3.1, "input_audio_buffer.committed", item_id="u1", previous_item_id=None)
    assert journal.line("u1").t_s == 1


def test_a_turn_committed_by_itself_begins_with_its_commit(journal: MemoryJournal) -> None:
    test_a_manual_turn_begins_when_the_microphone_opened(journal)
    journal(">", 7, "input_audio_buffer.commit")
    journal("<", 7.1, "input_audio_buffer.committed", item_id="u2", previous_item_id="u1")
    assert journal.line("u2").t_s == 7
