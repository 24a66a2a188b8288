"""Every event that the simulator can send, in every form, checked against the official SDK's models
and protocol-events.json. The events are read from the simulator's source; the conversations of
tests/simulator/support/repertoire.py make it send all of them."""

from collections.abc import Iterator
from typing import Any

import pytest
from voicelive_simulator.api.handshake import API_VERSIONS

from tests.simulator.support.contract_differences import (
    EXCEPTIONS,
    NEVER_SENT,
    NEVER_SHOWN,
    SINCE,
    TABLE_EXCEPTIONS,
)
from tests.simulator.support.conversation_driver import JSON, ConversationDriver
from tests.simulator.support.event_checker import EventChecker
from tests.simulator.support.repertoire import MODELS, repertoire
from tests.simulator.support.simulator_source import error_codes, sent_event_types
from tests.simulator.support.voice_live_contract import (
    possible_parts,
    reference,
    sdk_differences,
    shown_parts,
    table_differences,
)

EVENTS: dict[str, JSON] = reference()["server_events"]
SENT = sent_event_types(frozenset(EVENTS))
# protocol.md 14, and the code of a failed JSON-RPC tool call.
DOCUMENTED_CODES = {
    "response_cancel_not_active",
    "conversation_already_has_active_response",
    "input_audio_buffer_commit_empty",
    "cannot_update_voice",
    "invalid_ec_channels_requires_client",
    "invalid_ec_reference_channels",
    "invalid_ec_channels_format",
    "change_in_ec_channels_not_allowed",
    "message_creation_failed",
    -32602,
}


@pytest.fixture(scope="module")
def talks() -> list[ConversationDriver]:
    return list(repertoire())


@pytest.fixture(scope="module")
def events(talks: list[ConversationDriver]) -> list[JSON]:
    return [event for driver in talks for event in driver.events]


def test_what_is_sent_and_what_never_are_all_events_of_the_reference() -> None:
    assert set(EVENTS) - SENT == set(NEVER_SENT)
    assert SENT - set(EVENTS) == {"rate_limits.updated"}


def test_the_conversations_send_every_event_that_the_source_can(events: list[JSON]) -> None:
    assert {event["type"] for event in events} == SENT


def test_no_event_differs_from_the_sdk_but_for_known_reasons(events: list[JSON]) -> None:
    assert {difference for event in events for difference in sdk_differences(event)} == set(
        EXCEPTIONS
    )


def test_no_event_differs_from_the_reference_but_for_known_reasons(events: list[JSON]) -> None:
    assert {difference for event in events for difference in table_differences(event)} == set(
        TABLE_EXCEPTIONS
    )


def test_every_field_and_every_enum_value_that_the_sdk_has_is_shown(events: list[JSON]) -> None:
    """Ensures that the conversations above contain every kind of voice, tool, item, outcome and
    turn detection."""
    assert possible_parts(SENT) - {part for event in events for part in shown_parts(event)} == set(
        NEVER_SHOWN
    )


@pytest.mark.parametrize("model", MODELS)
def test_each_version_sends_what_it_has(talks: list[ConversationDriver], model: str) -> None:
    for version in API_VERSIONS:
        drivers = [
            driver for driver in talks if driver.api_version == version and driver.model == model
        ]
        sent = {event["type"] for driver in drivers for event in driver.events}
        streamed = (
            set()
            if model == "gpt-realtime"
            else {"conversation.item.input_audio_transcription.delta"}
        )
        assert sent == {kind for kind in SENT if SINCE.get(kind, "") <= version} - streamed


def codes(value: Any) -> Iterator[Any]:
    """Every "code" in an event."""
    if isinstance(value, dict):
        yield from ([value["code"]] if value.get("code") else [])
        value = list(value.values())
    for inner in value if isinstance(value, list) else ():
        yield from codes(inner)


def test_every_code_of_an_error_or_a_warning_is_given(events: list[JSON]) -> None:
    assert {code for event in events for code in codes(event)} == error_codes() | DOCUMENTED_CODES


def test_the_conversations_keep_the_promises_of_all_conversations(
    talks: list[ConversationDriver],
) -> None:
    for driver in talks:
        checker = EventChecker()
        for event in driver.events:
            checker.check(event)
        checker.finish()


@pytest.mark.parametrize(
    ("kind", "fields", "differences"),
    [
        (
            "input_audio_buffer.cleared",
            {"surplus": 1},
            {"ServerEventInputAudioBufferCleared.surplus: unknown"},
        ),
        ("conversation.item.deleted", {}, {"ServerEventConversationItemDeleted.item_id: missing"}),
        (
            "conversation.item.deleted",
            {"item_id": None},
            {"ServerEventConversationItemDeleted.item_id: null"},
        ),
        (
            "conversation.item.deleted",
            {"item_id": 5},
            {"ServerEventConversationItemDeleted.item_id: 5 is no str"},
        ),
        ("error", {"error": []}, {"ServerEventError.error: list is no ServerEventErrorDetails"}),
        (
            "session.updated",
            {"session": {"voice": "nobody"}},
            {"ResponseSession.voice: 'nobody' is no OpenAIVoiceName"},
        ),
        (
            "session.updated",
            {"session": {"modalities": ["text", "smell"]}},
            {"ResponseSession.modalities: 'smell' is no Modality"},
        ),
        (
            "session.updated",
            {"session": {"voice": {"type": "azure-custom", "name": "n"}}},
            {"AzureCustomVoice.endpoint_id: missing"},
        ),
        (
            "session.updated",
            {"session": {"expires_at": "soon"}},
            {"ResponseSession.expires_at: 'soon' is no datetime"},
        ),
        (
            "session.updated",
            {"session": {"turn_detection": {"type": "server_vad", "threshold": True}}},
            {"ServerVad.threshold: True is no float"},
        ),
        (
            "response.done",
            {"response": {"output": [{"type": "poem"}]}},
            {"ResponseItem.type: 'poem' is unknown"},
        ),
        (
            "response.done",
            {"response": {"status": "over"}},
            {"Response.status: 'over' is no ResponseStatus"},
        ),
    ],
)
def test_the_walk_sees_what_is_wrong(kind: str, fields: JSON, differences: set[str]) -> None:
    assert set(sdk_differences({"type": kind, "event_id": "event_1", **fields})) == differences


def test_the_walk_sees_what_the_reference_does_not_have() -> None:
    wrong = {"type": "conversation.item.truncated", "item_id": 1, "audio_end_ms": 1.5, "surplus": 1}
    assert set(table_differences(wrong)) == {
        "conversation.item.truncated.event_id: missing",
        "conversation.item.truncated.item_id: 1 is no string",
        "conversation.item.truncated.content_index: missing",
        "conversation.item.truncated.audio_end_ms: 1.5 is no integer",
        "conversation.item.truncated.surplus: unknown",
    }
