"""Errors, warnings and bad outcomes become one notice each."""

from typing import Any

import pytest
from voicelive_tui.protocol.commands import Notice

from tests.support.conversations import Table, brief


def test_one_error_is_told_and_ends_nothing() -> None:
    table = Table()
    table.answering()
    (notice,) = table.error(None, "server_trouble", "Something\n\x1b[31mbroke.")
    assert notice == Notice("error", "The service reports: Something [31mbroke (server_trouble).")
    assert brief(table.audio(20)) == [("play", "item_a", 0, 960)]


@pytest.mark.parametrize(
    ("code", "message"), [("response_cancel_not_active", "x"), ("", "Cancellation failed: no active response")]
)
def test_a_late_cancel_is_no_error(code: str, message: str) -> None:
    assert brief(Table().error("evt_9", code, message)) == [("notice", "info")]


@pytest.mark.parametrize("error", [None, [], "text", {}, {"message": None, "event_id": {"a": 1}}])
def test_an_error_of_any_shape_is_told(error: Any) -> None:
    assert brief(Table().service("error", error=error)) == [("notice", "error")]


def test_warnings_and_bad_outcomes_are_told() -> None:
    table = Table()
    assert brief(table.service("warning", warning={"message": "Careful"})) == [("notice", "warning")]
    table.created()
    assert brief(table.done(status="failed", type="failed", error={"message": "No quota"})) == [("notice", "error")]
    table.created("resp_2")
    assert brief(table.done("resp_2", status="incomplete", reason="max_output_tokens")) == [("notice", "warning")]
    failed = table.service("conversation.item.input_audio_transcription.failed", item_id="i", error={"message": "No"})
    assert brief(failed) == [("notice", "warning")]
