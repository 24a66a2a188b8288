"""Transcripts as conversations: records in, lines out."""

import base64

import pytest

from tests.support.memory_journal import TRANSCRIPTION, MemoryJournal, audio_ref


@pytest.fixture
def journal() -> MemoryJournal:
    return MemoryJournal()


def test_a_spoken_turn_and_its_answer(journal: MemoryJournal) -> None:
    journal.spoken(1, "u1", "what's the weather like?")
    journal.answer(2.3, "a1", "It is sunny.", previous="u1")
    assert journal.lines == ["you: what's the weather like?", "agent: It is sunny. [partial]"]
    journal.heard(2.5, "a1")
    journal.stopped(3.5, "a1", 1000, 1000, "drained")
    journal.done(3.6)
    assert journal.lines == ["you: what's the weather like?", "agent: It is sunny."]
    you, agent = journal.view.transcript
    assert (you.t_s, agent.t_s) == (1, 2.5)
    assert (agent.heard_ms, agent.received_ms, agent.spoken_chars) == (1000, 1000, None)


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


def test_lines_stand_in_the_order_of_the_conversation_not_of_arrival(
    journal: MemoryJournal,
) -> None:
    """The answer's item arrives before the item that it answers."""
    journal.answer(2, "a1", "An answer.")
    journal.spoken(1, "u1", "A question?", previous="root")
    journal(
        "<",
        2.5,
        "conversation.item.created",
        item={"id": "a1", "type": "message", "role": "assistant"},
        previous_item_id="u1",
    )
    assert journal.lines == ["you: A question?", "agent: An answer. [partial]"]


def test_a_note_between_two_items_does_not_move_them(journal: MemoryJournal) -> None:
    journal.spoken(1, "u1", "hello")
    journal("<", 2.1, "warning", warning={"message": "slow down", "code": "w1"})
    journal.answer(2.3, "a1", "Hi.", previous="u1")
    assert journal.lines == ["you: hello", "note: warning: w1: slow down", "agent: Hi. [partial]"]


def test_without_transcription_the_line_says_how_long_the_speech_was(
    journal: MemoryJournal,
) -> None:
    journal.spoken(1, "u1")
    journal.answer(2.3, "a1", "Hm.", previous="u1")
    journal.done(3)
    assert journal.lines[0] == "you: (speech, 1.0 s, no transcript)"
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
    assert journal.lines == ["you: (speech, 1.0 s, not transcribed: audio_bad: no speech) [failed]"]


def test_sound_that_was_cleared_leaves_no_line(journal: MemoryJournal) -> None:
    journal.spoken(1, "u1", "kept")
    journal("<", 4, "input_audio_buffer.speech_started", item_id="u2", audio_start_ms=4000)
    journal("<", 5, "input_audio_buffer.cleared")
    assert journal.lines == ["you: kept"]


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


class TestTools:
    def call(self, journal: MemoryJournal) -> None:
        item = {
            "id": "f1",
            "type": "function_call",
            "name": "get_weather",
            "call_id": "c1",
            "arguments": "",
            "status": "in_progress",
        }
        fields = {"response_id": "r1", "item_id": "f1", "call_id": "c1", "output_index": 0}
        journal("<", 1, "response.output_item.added", response_id="r1", item=item)
        journal("<", 1, "conversation.item.created", item=item, previous_item_id=None)
        journal("<", 1.1, "response.function_call_arguments.delta", delta='{"city":', **fields)
        assert journal.lines == ['tool: get_weather({"city":) [partial]']
        journal(
            "<", 1.2, "response.function_call_arguments.done", arguments='{"city":"Oslo"}', **fields
        )

    def test_a_function_call_shows_arguments_result_and_duration(
        self, journal: MemoryJournal
    ) -> None:
        self.call(journal)
        output = {"type": "function_call_output", "call_id": "c1", "output": "21 C"}
        journal(">", 1.54, "conversation.item.create", previous_item_id="f1", item=output)
        assert journal.lines == ['tool: get_weather({"city":"Oslo"}) -> 21 C  340 ms']
        journal(
            "<",
            1.8,
            "conversation.item.created",
            item={**output, "id": "o1"},
            previous_item_id="f1",
        )
        journal.answer(2, "a1", "21 degrees.", previous="o1", response="r2")
        assert journal.lines == [
            'tool: get_weather({"city":"Oslo"}) -> 21 C  340 ms',
            "agent: 21 degrees. [partial]",
        ]

    def test_an_mcp_call_that_needs_approval_and_then_fails(self, journal: MemoryJournal) -> None:
        request = {
            "id": "q1",
            "type": "mcp_approval_request",
            "server_label": "docs",
            "name": "search",
            "arguments": "{}",
        }
        journal("<", 1, "conversation.item.created", item=request)
        assert journal.lines == ["tool: docs.search({}) [partial]"]
        approval = {"type": "mcp_approval_response", "approval_request_id": "q1", "approve": True}
        journal(">", 2, "conversation.item.create", item=approval)
        call = {
            "id": "m1",
            "type": "mcp_call",
            "server_label": "docs",
            "name": "search",
            "arguments": "{}",
        }
        journal("<", 3, "conversation.item.created", item=call, previous_item_id="q1")
        journal(
            "<",
            3,
            "response.mcp_call_arguments.done",
            item_id="m1",
            response_id="r1",
            output_index=0,
            arguments='{"q":1}',
        )
        journal("<", 3.1, "response.mcp_call.in_progress", item_id="m1", output_index=0)
        journal("<", 3.5, "response.mcp_call.failed", item_id="m1", output_index=0)
        journal(
            "<",
            3.5,
            "response.output_item.done",
            response_id="r1",
            item={**call, "error": {"message": "not found"}},
        )
        assert journal.lines == [
            "tool: docs.search({}) -> approved",
            "tool: docs.search({}) -> not found  500 ms [failed]",
        ]

    def test_the_tools_of_a_server(self, journal: MemoryJournal) -> None:
        item = {"id": "l1", "type": "mcp_list_tools", "server_label": "docs", "tools": []}
        journal("<", 1, "conversation.item.created", item=item)
        journal("<", 1, "mcp_list_tools.in_progress", item_id="l1")
        assert journal.lines == ["tool: tools of docs [partial]"]
        journal(
            "<",
            1.2,
            "response.output_item.done",
            item={**item, "tools": [{"name": "search"}, {"name": "read"}]},
        )
        assert journal.lines == ["tool: tools of docs -> 2 tools  200 ms"]


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


@pytest.mark.parametrize(
    ("code", "lines"), [(1000, []), (1011, ["note: The service broke off. [failed]"])]
)
def test_only_an_unusual_end_is_noted(journal: MemoryJournal, code: int, lines: list[str]) -> None:
    journal("=", 1, "console.closed", code=code, reason="", sentence="The service broke off.")
    assert journal.lines == lines


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


def test_names_of_the_ga_protocol_say_the_same(journal: MemoryJournal) -> None:
    fields = {"response_id": "r1", "item_id": "a1", "content_index": 0}
    journal("<", 1, "response.output_audio.delta", delta={"$wav": None, "bytes": 4800}, **fields)
    journal("<", 1, "response.output_audio_transcript.delta", delta="Hi", **fields)
    assert journal.lines == ["agent: Hi [partial]"]
    assert journal.line("a1").received_ms == 100


def test_lines_that_did_not_change_are_the_same_objects(journal: MemoryJournal) -> None:
    journal.spoken(1, "u1", "hello")
    journal.answer(2, "a1", "Hi")
    before = journal.view.transcript
    journal(
        "<",
        3,
        "response.audio_transcript.delta",
        response_id="r1",
        item_id="a1",
        content_index=0,
        delta=" there",
    )
    after = journal.view.transcript
    assert after[0] is before[0]
    assert after[1].text == "Hi there"
    journal("<", 4, "rate_limits.updated", rate_limits=[])
    assert journal.view.transcript is after


def test_an_error_that_comes_again_and_again_is_one_line() -> None:
    # Like a service that refuses every block of audio: 50 in a second, and the session goes on.
    journal = MemoryJournal()
    for n in range(3):
        journal(
            "<", n, "error", error={"code": "bad_audio", "message": "no", "event_id": f"evt_{n}"}
        )
    (line,) = journal.view.transcript
    assert (line.text, line.t_s, line.first_n, line.last_n) == (
        "error: bad_audio: no (3 times)",
        0,
        0,
        2,
    )
    journal.spoken(4, "u1", "hello")
    journal("<", 6, "error", error={"code": "bad_audio", "message": "no"})
    assert journal.lines == [
        "note: error: bad_audio: no (3 times) [failed]",
        "you: hello",
        "note: error: bad_audio: no [failed]",
    ]
