"""Audio, errors, warnings, tools and everything this version does not know."""

from base64 import b64encode
from typing import Any

import pytest
from voicelive_tui.protocol.commands import Notice, Play

from tests.support.conversations import Heard, Table, brief, sent


def test_audio_is_played_as_it_comes_and_its_end_is_told() -> None:
    table = Table()
    table.created()
    assert brief(table.audio(20)) == [("play", "item_a", 0, 960)]
    assert brief(table.audio_done()) == [("end", "item_a", 0)]


def test_g711_passes_through_and_counts_in_its_own_milliseconds() -> None:
    table = Table({"output_audio_format": "g711_ulaw"})
    table.created()
    delta = b64encode(bytes(range(160))).decode()
    (play,) = table.service("response.audio.delta", response_id="resp_1", item_id="item_a", content_index=0, delta=delta)
    assert play == Play("item_a", 0, bytes(range(160)))
    table.talk.interrupt(table.now)
    assert sent(table.flushed(Heard("item_a", 0, 99)), "conversation.item.truncate")[0]["audio_end_ms"] == 20


def test_a_sample_split_between_two_deltas_is_put_together() -> None:
    table = Table()
    table.created()
    pieces = [b"\x01\x02\x03", b"\x04\x05", b"\x06"]
    heard = b""
    for piece in pieces:
        fields = {"response_id": "resp_1", "item_id": "item_a", "content_index": 0, "delta": b64encode(piece).decode()}
        heard += b"".join(
            command.audio for command in table.service("response.audio.delta", **fields) if isinstance(command, Play)
        )
    assert heard == b"\x01\x02\x03\x04\x05\x06"


@pytest.mark.parametrize("delta", ["!!!!", "AAA", 7, "AA==AA=="])
def test_audio_that_is_no_base64_is_told_once(delta: Any) -> None:
    table = Table()
    table.created()
    fields = {"response_id": "resp_1", "item_id": "item_a", "content_index": 0, "delta": delta}
    told = brief(table.service("response.audio.delta", **fields)) + brief(table.service("response.audio.delta", **fields))
    assert told == [("notice", "warning")]
    assert brief(table.audio(20)) == [("play", "item_a", 0, 960)]


def test_the_newer_names_of_the_same_events_are_understood() -> None:
    table = Table()
    table.created()
    delta = b64encode(bytes(960)).decode()
    fields = {"response_id": "resp_1", "item_id": "item_a", "content_index": 0}
    assert brief(table.service("response.output_audio.delta", **fields, delta=delta)) == [("play", "item_a", 0, 960)]
    assert brief(table.service("response.output_audio.done", **fields)) == [("end", "item_a", 0)]


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


def test_a_function_call_is_told_once_with_its_name() -> None:
    table = Table()
    table.created()
    item = {"id": "item_f", "type": "function_call", "name": "get_weather", "call_id": "call_1"}
    assert table.service("response.output_item.added", response_id="resp_1", item=item) == ()
    (notice,) = table.service("response.function_call_arguments.done", item_id="item_f", call_id="call_1", arguments="{}")
    assert isinstance(notice, Notice)
    assert "get_weather" in notice.text and "no answer" in notice.text
    assert table.service("response.output_item.done", response_id="resp_1", item=item) == ()


def test_an_approval_request_is_told() -> None:
    item = {"id": "item_m", "type": "mcp_approval_request", "name": "search", "server_label": "docs"}
    assert brief(Table().service("conversation.item.created", item=item)) == [("notice", "warning")]


def test_after_a_tool_that_the_service_ran_an_answer_is_asked_for() -> None:
    table = Table()
    table.created()
    assert table.service("response.mcp_call.completed", item_id="item_m", output_index=0) == ()
    assert brief(table.done()) == ["response.create"]


def test_a_session_of_text_only() -> None:
    table = Table({"modalities": ["text"]})
    table.talk.send_text("Hello", table.now)
    table.created()
    assert table.service("response.text.delta", response_id="resp_1", item_id="item_a", content_index=0, delta="Hi") == ()
    assert table.done() == ()
    assert not table.talk.assistant_speaking(table.now)


@pytest.mark.parametrize("event", [{"type": "response.hologram.delta", "delta": 1}, {"type": "x"}, {"type": "response.done"}])
def test_unknown_and_odd_events_change_nothing(event: dict[str, Any]) -> None:
    table = Table()
    assert table.talk.receive(event, table.now) == ()


def test_events_with_fields_of_the_wrong_kind_do_no_harm() -> None:
    table = Table()
    odd: list[Any] = [None, 7, "text", [], {}, {"id": 7}]
    types = ["session.created", "session.updated", "response.created", "response.done", "response.audio.delta", "warning"]
    types += ["response.audio.done", "response.output_item.added", "response.output_item.done", "conversation.item.created"]
    for kind in types:
        for value in odd:
            fields = dict.fromkeys(("session", "response", "delta", "item", "item_id", "content_index", "warning"), value)
            table.talk.receive({"type": kind, **fields}, table.now)
    assert table.talk.microphone(bytes(960), table.now) != ()


def test_an_answer_that_fails_in_the_middle_ends_all_the_same() -> None:
    # Nothing but `response.done` is promised; without an end the speaker would wait for the rest for ever.
    table = Table()
    table.answering(100)
    assert brief(table.done(status="failed", error={"message": "no"})) == [("end", "item_a", 0), ("notice", "error")]
    table.talk.drained(Heard("item_a", 0, 100), table.now)
    assert not table.talk.assistant_speaking(table.now)


@pytest.mark.parametrize("name", ["pcm16_0001hz", "pcm16_99999999hz"])
def test_a_rate_that_no_sound_has_is_not_taken_at_its_word(name: str) -> None:
    output = Table({"output_audio_format": name}).talk.output_format
    assert output is not None and output.rate_hz == 24_000
