"""What an event says, as rows of a label and a value."""

from typing import Any

from hypothesis import given, settings
from voicelive_tui.model.events.changed_settings import MOST_CHANGES, changed_settings
from voicelive_tui.model.events.event_facts import (
    LONGEST_VALUE,
    MOST_FIELDS,
    Fact,
    event_facts,
    id_facts,
)
from voicelive_tui.model.events.record import Record

from tests.support.wrong_events import wrong_events


def facts(type_name: str, **fields: Any) -> list[Fact]:
    return event_facts(Record(1, 0.0, "received", {"type": type_name, **fields}))


def rows(found: list[Fact]) -> list[tuple[str, str]]:
    return [(fact.label, fact.value) for fact in found]


def test_the_end_of_an_answer_says_status_usage_and_output() -> None:
    response = {
        "id": "resp_1",
        "status": "cancelled",
        "status_details": {"type": "cancelled", "reason": "turn_detected"},
        "usage": {
            "total_tokens": 337,
            "input_tokens": 1141,
            "output_tokens": 196,
            "input_token_details": {"cached_tokens": 32, "text_tokens": 97, "audio_tokens": 44},
            "output_token_details": {"text_tokens": 26, "audio_tokens": 170},
        },
        "output": [
            {
                "id": "item_1",
                "type": "message",
                "role": "assistant",
                "status": "incomplete",
                "content": [{"type": "audio", "transcript": "It is out."}],
            },
            {"type": "function_call", "name": "get", "arguments": '{"id":1}'},
        ],
    }
    assert rows(facts("response.done", response=response)) == [
        ("status", "cancelled, turn_detected"),
        ("usage", "1 141 in (32 cached, 44 audio, 97 text)"),
        ("", "196 out (170 audio, 26 text)"),
        ("output", "agent: It is out. (incomplete)"),
        ("", 'function_call: get({"id":1})'),
    ]


def test_a_failed_and_an_empty_answer_stand_out() -> None:
    error = {"code": "server_error", "message": "It broke."}
    failed = facts(
        "response.done", response={"status": "failed", "status_details": {"error": error}}
    )
    assert [(fact.label, fact.value, fact.look) for fact in failed] == [
        ("status", "failed", "bad"),
        ("error", "server_error", "bad"),
        ("message", "It broke.", ""),
    ]
    (_, empty) = facts("response.done", response={"status": "completed", "output": []})
    assert empty.value.startswith("EMPTY") and empty.look == "warn"


def test_an_error_says_code_message_parameter_and_the_event_that_it_answers() -> None:
    error = {"type": "t", "code": "c", "message": "m", "param": "p", "event_id": "evt_1"}
    assert rows(facts("error", error=error)) == [
        ("error", "c"),
        ("message", "m"),
        ("param", "p"),
        ("answers", "evt_1"),
    ]


def test_other_events_say_their_fields_and_sound_is_a_length_and_a_duration() -> None:
    audio = {"$wav": "agent.wav", "offset": 0, "bytes": 9600, "ms": 200.0}
    found = facts("response.audio.delta", delta=audio, output_index=0, response_id="resp_1")
    assert rows(found) == [("delta", "9 600 bytes of sound, 200 ms"), ("output_index", "0")]
    assert rows(facts("input_audio_buffer.append", audio="QUJD" * 100)) == [
        ("audio", "300 bytes of sound, base64")
    ]
    nested = facts(
        "new.event", some={"type": "t", "x": 1, "on": True}, many=list(range(20)), no=None
    )
    assert rows(nested) == [("some", "t, x 1, on on"), ("many", "20 items"), ("no", "none")]


def test_a_session_says_each_setting() -> None:
    session = {
        "id": "sess_1",
        "voice": {"type": "azure-standard", "name": "Ava"},
        "tools": [{"type": "function", "name": "a"}, {"type": "function", "name": "b"}],
    }
    assert rows(facts("session.updated", session=session)) == [
        ("voice", "azure-standard, name Ava"),
        ("tools", "2 items: a, b"),
    ]


def test_ids_stand_on_one_row() -> None:
    event = {"type": "x", "event_id": "event_1", "item": {"id": "item_1"}, "response_id": "resp_1"}
    (ids,) = id_facts(Record(1, 0.0, "received", event))
    assert ids.value == "item item_1  response resp_1  event event_1"
    assert id_facts(Record(1, 0.0, "local", {"type": "x"})) == []


def test_of_many_fields_and_long_texts_the_beginning_is_shown() -> None:
    found = facts("x", **{f"field_{n}": "y" * 10_000 for n in range(MOST_FIELDS + 5)})
    assert len(found) == MOST_FIELDS + 1
    assert found[-1].value == "and 5 more fields"
    assert all(len(fact.value) <= LONGEST_VALUE for fact in found)


@settings(max_examples=150, deadline=None)
@given(wrong_events())
def test_whatever_the_service_sends_has_a_short_summary(event: dict[str, Any]) -> None:
    record = Record(1, 0.0, "received", event)
    found = [*event_facts(record), *id_facts(record)]
    assert sum(len(fact.value) + len(fact.label) for fact in found) < 200_000


def test_settings_that_the_service_changed_are_named_with_both_values() -> None:
    asked = {
        "turn_detection": {"type": "server_vad", "threshold": 0.5, "silence_duration_ms": 500},
        "voice": "alloy",
        "temperature": 1,
        "input_audio_echo_cancellation": {"type": "server_echo_cancellation"},
        "input_audio_transcription": None,
        "tools": [{"type": "function", "name": "a"}],
    }
    in_force = {
        "turn_detection": {"type": "server_vad", "threshold": 0.5, "silence_duration_ms": 800},
        "voice": {"type": "openai", "name": "alloy"},
        "temperature": 1.0,
        "tools": [{"type": "function", "name": "a", "description": ""}],
    }
    assert [(each.name, each.asked, each.got) for each in changed_settings(asked, in_force)] == [
        ("turn_detection.silence_duration_ms", "500", "800"),
        ("input_audio_echo_cancellation", "server_echo_cancellation", "not in the reply"),
    ]


def test_of_many_changes_the_first_are_named() -> None:
    asked = {f"field_{n}": 1 for n in range(100)}
    assert len(changed_settings(asked, dict.fromkeys(asked, 2))) == MOST_CHANGES


@settings(max_examples=60, deadline=None)
@given(wrong_events(), wrong_events())
def test_any_two_sessions_are_compared(asked: dict[str, Any], got: dict[str, Any]) -> None:
    assert len(changed_settings(asked, got)) <= MOST_CHANGES
    assert changed_settings(asked, asked) == () or asked != asked
