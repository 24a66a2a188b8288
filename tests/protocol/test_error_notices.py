"""Each error, warning and failed response becomes one notice."""

from typing import Any

import pytest
from voicelive_common.redaction.secret import Secret
from voicelive_tui.model.notice import Notice

from tests.protocol.support.conversation_harness import ConversationHarness, brief


def test_one_error_is_told_and_ends_nothing() -> None:
    harness = ConversationHarness()
    harness.answering()
    (notice,) = harness.error(None, "server_trouble", "Something\n\x1b[31mbroke.")
    assert notice == Notice("error", "The service reports: server_trouble: Something [31mbroke.")
    assert brief(harness.audio(20)) == [("play", "item_a", 0, 960)]


def test_braces_of_the_service_stay_literal_and_name_no_command() -> None:
    (notice,) = ConversationHarness().error(None, "{talk.toggle}", "Use {session.toggle} or {")
    assert notice == Notice(
        "error", "The service reports: {talk.toggle}: Use {session.toggle} or {.", cure=""
    )


@pytest.mark.parametrize(
    ("code", "message"),
    [("response_cancel_not_active", "x"), ("", "Cancellation failed: no active response")],
)
def test_a_late_cancel_is_no_error(code: str, message: str) -> None:
    assert brief(ConversationHarness().error("evt_9", code, message)) == [("notice", "info")]


@pytest.mark.parametrize("error", [None, [], "text", {}, {"message": None, "event_id": {"a": 1}}])
def test_an_error_of_any_shape_is_told(error: Any) -> None:
    assert brief(ConversationHarness().service("error", error=error)) == [("notice", "error")]


def test_warnings_and_bad_outcomes_are_told() -> None:
    harness = ConversationHarness()
    assert brief(harness.service("warning", warning={"message": "Careful"})) == [
        ("notice", "warning")
    ]
    harness.created()
    assert brief(harness.done(status="failed", type="failed", error={"message": "No quota"})) == [
        ("notice", "error")
    ]
    harness.created("resp_2")
    assert brief(harness.done("resp_2", status="incomplete", reason="max_output_tokens")) == [
        ("notice", "warning")
    ]
    failed = harness.service(
        "conversation.item.input_audio_transcription.failed", item_id="i", error={"message": "No"}
    )
    assert brief(failed) == [("notice", "warning")]


def test_no_sentence_ends_in_the_middle_of_a_secret() -> None:
    value = "Zq9~Wx7!Kp3_Vb5.Rt1-"
    held = Secret(value)
    harness = ConversationHarness()
    for length in range(270, 301):
        said = f"{'x' * length}{value}"
        for event in (
            harness.error(None, "x", said),
            harness.service("warning", warning={"message": said}),
        ):
            assert not any("Zq9" in str(command) for command in event)
    assert held.reveal() == value
