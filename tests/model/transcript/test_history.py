"""What a transcript can tell another connection of each kind of item."""

from typing import Any

import pytest
from voicelive_tui.model.transcript.history import (
    NotCarried,
    PastFunctionCall,
    PastItem,
    PastMessage,
    PastToolUse,
)

from tests.support.memory_journal import TRANSCRIPTION, MemoryJournal


def said(item_id: str, *texts: str, role: Any = "user", cut: bool = False) -> PastMessage:
    return PastMessage(item_id, role, texts, cut)


def typed(journal: MemoryJournal, t_s: float, text: str, item_id: str | None) -> None:
    item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}
    journal(">", t_s, "conversation.item.create", event_id=f"e{t_s}", item=item)
    if item_id is not None:
        journal("<", t_s, "conversation.item.created", item={**item, "id": item_id})


def history(journal: MemoryJournal) -> tuple[PastItem, ...]:
    return journal.fold.history()


class TestUser:
    def test_speech_is_told_by_its_transcript_and_typed_text_as_it_is(
        self, journal: MemoryJournal
    ) -> None:
        journal.spoken(1, "u1", " Hello. ")
        typed(journal, 3, "And typed.", "u2")
        assert history(journal) == (said("u1", "Hello."), said("u2", "And typed."))

    @pytest.mark.parametrize(
        ("transcript", "reason"),
        [
            (None, "no_transcript"),
            ("", "no_transcript"),
            ("[speech, 1.2 s, -20 dBFS]", "measurement"),
            ("[no speech, 0.4 s, -96 dBFS]", "measurement"),
        ],
    )
    def test_speech_without_words_cannot_be_told(
        self, journal: MemoryJournal, transcript: str | None, reason: Any
    ) -> None:
        journal.spoken(1, "u1", transcript)
        assert history(journal) == (NotCarried("u1", reason),)

    def test_typed_words_that_look_like_a_measurement_are_words(
        self, journal: MemoryJournal
    ) -> None:
        typed(journal, 1, "[speech, 1.2 s, -20 dBFS]", "u1")
        assert history(journal) == (said("u1", "[speech, 1.2 s, -20 dBFS]"),)

    def test_a_failed_transcription_and_a_refused_message(self, journal: MemoryJournal) -> None:
        journal.spoken(1, "u1")
        journal("<", 2, f"{TRANSCRIPTION}.failed", item_id="u1", content_index=0, error={})
        typed(journal, 3, "No.", None)
        journal("<", 3, "error", error={"message": "bad", "event_id": "e3"})
        assert [item.reason for item in history(journal) if isinstance(item, NotCarried)] == [
            "no_transcript",
            "refused",
        ]

    def test_pictures_are_no_text(self, journal: MemoryJournal) -> None:
        picture = {"type": "input_image", "image_url": None}
        text = {"type": "input_text", "text": "What is this?"}
        for number, content in enumerate(([picture], [picture, text]), 1):
            item = {"id": f"u{number}", "type": "message", "role": "user", "content": content}
            journal("<", number, "conversation.item.created", item=item)
        assert history(journal) == (NotCarried("u1", "picture"), said("u2", "What is this?"))

    def test_a_message_that_nobody_has_confirmed_is_told(self, journal: MemoryJournal) -> None:
        typed(journal, 1, "Hello?", None)
        assert [item.texts for item in history(journal) if isinstance(item, PastMessage)] == [
            ("Hello?",)
        ]

    def test_a_system_message_has_no_line_and_is_told(self, journal: MemoryJournal) -> None:
        content = [{"type": "input_text", "text": "Be brief."}]
        item = {"id": "s1", "type": "message", "role": "system", "content": content}
        journal("<", 1, "conversation.item.created", item=item)
        assert journal.lines == []
        assert history(journal) == (said("s1", "Be brief.", role="system"),)


class TestAssistant:
    def test_a_complete_answer_is_told_whole_even_while_it_still_plays(
        self, journal: MemoryJournal
    ) -> None:
        journal.answer(1, "a1", "All of it.")
        journal.heard(1.2, "a1")
        journal.done(1.5)
        assert history(journal) == (said("a1", "All of it.", role="assistant"),)

    @pytest.mark.parametrize("reason", ["barge_in", "user", "off_air"])
    def test_of_an_answer_that_was_stopped_only_what_was_heard(
        self, journal: MemoryJournal, reason: str
    ) -> None:
        journal.answer(1, "a1", "Heard and not heard.", ms=2000)
        journal.done(1.5)
        journal.stopped(2, "a1", 600, 2000, reason)
        assert history(journal) == (said("a1", "Heard", role="assistant", cut=True),)

    def test_the_words_count_as_the_transcript_shows_them(self, journal: MemoryJournal) -> None:
        journal.answer(1, "a1", "One two three.", ms=3000)
        for text, offset in (("One", 0), ("two", 1000), ("three", 2000)):
            fields = {"item_id": "a1", "response_id": "r1", "content_index": 0}
            timing = {"audio_offset_ms": offset, "text": text}
            journal("<", 1.1, "response.audio_timestamp.delta", **fields, **timing)
        journal.stopped(2, "a1", 1200, 3000, "barge_in")
        line = journal.line("a1")
        assert line.text[: line.spoken_chars] == "One two"
        assert history(journal) == (said("a1", "One two", role="assistant", cut=True),)

    def test_an_answer_that_was_cut_before_it_was_heard_cannot_be_told(
        self, journal: MemoryJournal
    ) -> None:
        journal.answer(1, "a1", "Nobody heard this.")
        journal.stopped(2, "a1", 0, 1000, "barge_in")
        assert history(journal) == (NotCarried("a1", "not_heard"),)

    def test_words_that_came_before_their_sound_were_not_heard(
        self, journal: MemoryJournal
    ) -> None:
        fields = {"response_id": "r1", "item_id": "a1", "content_index": 0}
        journal("<", 1, "response.created", response={"id": "r1"})
        journal("<", 1, "response.audio_transcript.delta", **fields, delta="Too early.")
        assert history(journal) == (NotCarried("a1", "not_heard"),)

    def test_written_text_was_read_as_it_came(self, journal: MemoryJournal) -> None:
        fields = {"response_id": "r1", "item_id": "a1", "content_index": 0}
        journal("<", 1, "response.created", response={"id": "r1"})
        journal("<", 1, "response.text.delta", **fields, delta="Half a sen")
        assert history(journal) == (said("a1", "Half a sen", role="assistant", cut=True),)

    def test_a_truncation_by_the_service_counts_where_nothing_is_played(
        self, journal: MemoryJournal
    ) -> None:
        journal.answer(1, "a1", "0123456789", ms=1000)
        journal("<", 2, "conversation.item.truncated", item_id="a1", audio_end_ms=400)
        assert history(journal) == (said("a1", "0123", role="assistant", cut=True),)


class TestTools:
    def call(self, journal: MemoryJournal) -> None:
        item = {
            "id": "f1",
            "type": "function_call",
            "name": "get_weather",
            "call_id": "c1",
            "arguments": '{"city":"Oslo"}',
        }
        journal("<", 1, "response.output_item.done", response_id="r1", item=item)

    @pytest.mark.parametrize("output", ["21 C", ""])
    def test_a_function_call_with_its_output(self, journal: MemoryJournal, output: str) -> None:
        self.call(journal)
        answer = {"type": "function_call_output", "call_id": "c1", "output": output}
        journal(">", 2, "conversation.item.create", item=answer)
        call = PastFunctionCall("f1", "c1", "get_weather", '{"city":"Oslo"}', output)
        assert history(journal) == (call,)

    def test_a_function_call_without_an_output_cannot_be_told(self, journal: MemoryJournal) -> None:
        self.call(journal)
        assert history(journal) == (NotCarried("f1", "no_output"),)

    def test_a_call_whose_id_only_the_end_of_its_arguments_names(
        self, journal: MemoryJournal
    ) -> None:
        ends = {"item_id": "f1", "call_id": "c1", "name": "now", "arguments": "{}"}
        journal("<", 1, "response.function_call_arguments.done", **ends)
        answer = {"type": "function_call_output", "call_id": "c1", "output": "noon"}
        journal(">", 2, "conversation.item.create", item=answer)
        assert history(journal) == (PastFunctionCall("f1", "c1", "now", "{}", "noon"),)

    def test_a_call_of_the_service_that_failed_without_a_word(self, journal: MemoryJournal) -> None:
        item = {"id": "m1", "type": "mcp_call", "name": "search", "arguments": "{}"}
        journal("<", 1, "conversation.item.created", item=item)
        journal("<", 2, "response.mcp_call.failed", item_id="m1")
        assert history(journal) == (PastToolUse("m1", "mcp_call", "search({}) (failed)"),)

    def test_what_the_service_did_and_no_listing_of_tools(self, journal: MemoryJournal) -> None:
        tool = {"server_label": "docs", "name": "search", "arguments": "{}"}
        items = [
            {"id": "l1", "type": "mcp_list_tools", "server_label": "docs", "tools": [{}]},
            {"id": "q1", "type": "mcp_approval_request", **tool},
            {"id": "m1", "type": "mcp_call", **tool, "output": "3 hits"},
        ]
        for item in items:
            journal("<", 1, "conversation.item.created", item=item)
        approval = {"type": "mcp_approval_response", "approval_request_id": "q1", "approve": True}
        journal(">", 2, "conversation.item.create", item=approval)
        assert history(journal) == (
            PastToolUse("q1", "mcp_approval_request", "docs.search({}) -> approved"),
            PastToolUse("m1", "mcp_call", "docs.search({}) -> 3 hits"),
        )


def test_the_order_is_that_of_the_conversation_and_notes_are_no_part_of_it(
    journal: MemoryJournal,
) -> None:
    journal.spoken(1, "u1", "First.")
    journal.answer(2, "a1", "Second.", previous="u1")
    journal.done(3)
    journal("<", 3, "warning", warning={"message": "careful"})
    typed(journal, 4, "Third.", "u2")
    assert [item.item_id for item in history(journal)] == ["u1", "a1", "u2"]
