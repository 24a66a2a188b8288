"""Sessions with misbehaving services, and what is never sent and never shown."""

import asyncio
import json
import logging
import math
from pathlib import Path
from typing import Any

import pytest
from voicelive_tui.engine import intents
from voicelive_tui.model.events.record import MALFORMED, Local
from voicelive_tui.model.profile.profile import Profile
from voicelive_tui.model.session.snapshot import SessionState

from tests.support.engine_harness import engine_harness, key_settings, profile
from tests.support.hostile_servers import (
    BINARY,
    CLOSE,
    answering,
    close_frame,
    frame,
    read_frame,
    saying,
    serving_beside,
    upgrade,
)
from tests.support.scripted_service import ScriptedService
from tests.support.wrong_events import SERVER_EVENTS, STRANGE

KEY = "5f1d7a8c9b0e4f3a5f1d7a8c9b0e4f3a"
AZURE = {"target": "azure"}


def event(**fields: Any) -> bytes:
    return frame(json.dumps(fields).encode())


def test_one_error_event_does_not_end_a_session(tmp_path: Path) -> None:
    with (
        ScriptedService() as service,
        engine_harness(tmp_path, **key_settings(service.url, KEY)) as harness,
    ):
        harness.start(of=profile(service=AZURE))
        harness.until_event("session.updated")
        service.send({"type": "error", "error": {"type": "server_error", "message": "Out of tea."}})
        harness.until(lambda: any("Out of tea" in text for text in harness.texts()), "the sentence")
        harness.engine.post(intents.SendText("a", "Hello"))
        service.wait(lambda: bool(service.events("response.create")))
        assert harness.session().state is SessionState.CONNECTED
        harness.until(lambda: harness.session().view.errors == 1, "the count of errors")
        assert harness.session().service == "azure"


def test_frames_of_every_kind_are_kept_and_the_session_goes_on(tmp_path: Path) -> None:
    frames = [
        event(type="session.created", session={}),
        frame(b"this is no JSON"),
        frame(b'{"no": "type"}'),
        frame(b"\xff\xfe\xfd", BINARY),
        frame(b'{"type":"in.a.binary.frame"}', BINARY),
        event(type="response.hologram.delta", shape="cube"),
        event(type="session.updated", session={}),
        event(type="response.audio.delta", item_id=7, delta=[1, 2]),
    ]
    with (
        serving_beside(saying(*frames, stay=True)) as server,
        engine_harness(tmp_path, **key_settings(server.url, KEY)) as harness,
    ):
        harness.start(of=profile(service=AZURE))
        harness.until(lambda: len(harness.events(MALFORMED)) == 3, "three malformed frames")
        harness.until_event("response.hologram.delta")
        harness.until_event("in.a.binary.frame")
        harness.until_event("response.audio.delta")
        assert sum("kept as it came" in text for text in harness.texts()) == 1


@pytest.mark.parametrize(
    "done",
    [
        b'{"type":"response.done","response":{"id":"r1","status":"completed","usage":{"input_tokens":NaN}}}',
        b'{"type":"response.done","response":{"id":"r1","status":"comp',
    ],
    ids=["NaN", "cut off"],
)
def test_a_broken_end_of_an_answer_ends_its_turn(tmp_path: Path, done: bytes) -> None:
    frames = [
        event(type="session.created", session={}),
        event(type="session.updated", session={}),
        event(type="response.created", response={"id": "r1"}),
        frame(done),
        event(type="response.hologram.delta", shape="cube"),
    ]
    with (
        serving_beside(saying(*frames, stay=True)) as server,
        engine_harness(tmp_path, **key_settings(server.url, KEY)) as harness,
    ):
        harness.start(of=profile(service=AZURE))
        harness.until_event("response.hologram.delta")
        harness.until(lambda: harness.session().view.turns, "the turn")
        (turn,) = harness.session().view.turns
        assert turn.over
        assert sum("kept as it came" in text for text in harness.texts()) == 1
        harness.engine.post(intents.SendText("a", "Hello"))
        # Nothing runs any more, so the result can be asserted at once.
        harness.until_event("response.create")


def test_an_error_in_a_broken_frame_counts_once(tmp_path: Path) -> None:
    frames = [
        event(type="session.created", session={}),
        event(type="session.updated", session={}),
        frame(b'{"type":"error","error":{"message":"No.","x":NaN}}'),
        event(type="response.hologram.delta", shape="cube"),
    ]
    with (
        serving_beside(saying(*frames, stay=True)) as server,
        engine_harness(tmp_path, **key_settings(server.url, KEY)) as harness,
    ):
        harness.start(of=profile(service=AZURE))
        harness.until_event("response.hologram.delta")
        harness.until(lambda: harness.session().view.errors, "the error")
        assert harness.session().view.errors == 1


def test_a_service_that_never_answers_the_settings_gets_the_microphone_after_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("voicelive_tui.protocol.configuration.SETTLE_S", 0.1)
    created = event(type="session.created", session={})
    with (
        serving_beside(saying(created, stay=True)) as server,
        engine_harness(tmp_path, **key_settings(server.url, KEY), input="null") as harness,
    ):
        harness.start(of=profile(service=AZURE))
        harness.until_event("input_audio_buffer.append")
        harness.stop()


@pytest.mark.parametrize(
    ("code", "reason", "state", "word"),
    [
        (1001, "session_expired", SessionState.ENDED, "time limit"),
        (1000, "", SessionState.ENDED, "ended the session"),
        (1011, "boom", SessionState.FAILED, "internal error"),
    ],
)
def test_the_services_goodbye_is_told(
    tmp_path: Path, code: int, reason: str, state: SessionState, word: str
) -> None:
    goodbye = saying(event(type="session.created", session={}), close_frame(code, reason))
    with (
        serving_beside(goodbye) as server,
        engine_harness(tmp_path, **key_settings(server.url, KEY), reconnect=False) as harness,
    ):
        harness.engine.post(intents.OpenTab("a", profile(service=AZURE)))
        harness.engine.post(intents.Start("a"))
        shown = harness.until_state(state)
        assert word in shown.problem
        closed = harness.events(Local.CLOSED)[-1]
        assert (closed["code"], closed["reason"]) == (code, reason)
        assert harness.engine.snapshot().on_air is None


def test_a_refused_connection_is_one_sentence_and_leaves_no_folder(tmp_path: Path) -> None:
    with (
        serving_beside(answering("401 Unauthorized")) as server,
        engine_harness(tmp_path, **key_settings(server.url, KEY)) as harness,
    ):
        harness.engine.post(intents.OpenTab("a", profile(service=AZURE)))
        harness.engine.post(intents.Start("a"))
        shown = harness.until_state(SessionState.FAILED)
        assert shown.http_status == 401
        assert "credentials" in shown.problem
        assert not list((tmp_path / "state").glob("sessions/*"))
        assert f"api-key: {KEY}" in server.requests[0]
        assert "x-ms-client-request-id: " in server.requests[0].lower()


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: str) -> None:
    """Never answer the request for a connection."""
    await reader.read()


def test_a_start_can_be_called_off(tmp_path: Path) -> None:
    with (
        serving_beside(silent) as server,
        engine_harness(tmp_path, **key_settings(server.url, KEY)) as harness,
    ):
        harness.engine.post(intents.OpenTab("a", profile(service=AZURE)))
        harness.engine.post(intents.Start("a"))
        harness.until_state(SessionState.CONNECTING)
        harness.until(lambda: server.requests, "the request")
        harness.engine.post(intents.Stop("a"))
        shown = harness.until_state(SessionState.ENDED)
        assert shown.problem == ""
        assert harness.engine.snapshot().on_air is None


def test_a_start_can_be_called_off_before_it_has_begun(tmp_path: Path) -> None:
    with (
        serving_beside(silent) as server,
        engine_harness(tmp_path, **key_settings(server.url, KEY)) as harness,
    ):
        harness.engine.post(intents.OpenTab("a", profile(service=AZURE)))
        harness.engine.post(intents.Start("a"))
        harness.engine.post(intents.Stop("a"))
        shown = harness.until_state(SessionState.ENDED)
        assert (shown.folder, shown.problem) == ("", "")
        assert harness.engine.snapshot().on_air is None
        harness.engine.post(intents.Start("a"))
        harness.until(lambda: harness.session().attempt == 2, "a second start")
        harness.until_state(SessionState.CONNECTING)
        harness.engine.post(intents.Stop("a"))
        harness.until_state(SessionState.ENDED)


def test_the_key_reaches_the_service_and_nothing_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with (
        ScriptedService() as service,
        engine_harness(tmp_path, **key_settings(f"{service.url}?api-key={KEY}", KEY)) as harness,
    ):
        harness.start(of=profile(service=AZURE))
        harness.until_event("session.updated")
        service.send(
            {
                "type": "error",
                "error": {
                    "type": "x",
                    "message": f"Bad api-key={KEY} in Authorization: Bearer {KEY}",
                },
            }
        )
        harness.until(lambda: harness.texts(), "the sentence")
        assert KEY not in repr(harness.engine.snapshot().sessions["a"].problem)
        assert KEY not in " ".join(harness.texts())
        assert KEY not in repr(harness.settings)
        assert KEY not in harness.session().host
        harness.stop()
    # The scripted service logs what it sends; everything else comes from this program.
    assert not [
        record
        for record in caplog.records
        if record.name != "websockets.server" and KEY in record.getMessage()
    ]
    written = [path for path in (tmp_path / "state").rglob("*") if path.is_file()]
    assert written
    # The service's own text is in its frame, kept as received; nothing that this program wrote
    # holds a key.
    ours = [
        line
        for path in written
        for line in path.read_bytes().splitlines()
        if b'"dir":"received"' not in line
    ]
    assert not [line for line in ours if KEY.encode() in line]


def test_an_unknown_url_gets_no_key(tmp_path: Path) -> None:
    with (
        serving_beside(saying(stay=True)) as stranger,
        engine_harness(tmp_path, **key_settings("https://mine.example", KEY)) as harness,
    ):
        harness.start(of=profile(service={"target": "url", "url": stranger.url}))
        assert harness.session().service == "url"
        assert KEY not in stranger.requests[0]
        # The stranger is on this machine, where simulators require a key and accept any.
        assert "api-key: none" in stranger.requests[0].lower()
        assert "authorization" not in stranger.requests[0].lower()


def test_the_models_name_and_the_api_version_of_the_environment(tmp_path: Path) -> None:
    settings = {**key_settings("", KEY), "model": "gpt-env", "api_version": "2099-01-01"}
    with (
        serving_beside(saying(stay=True)) as server,
        engine_harness(tmp_path, **{**settings, "endpoint": server.url}) as harness,
    ):
        harness.start("a", profile(service=AZURE))
        harness.start(
            "b", profile(service={**AZURE, "model": "gpt-own", "api_version": "2025-10-01"})
        )
        assert "api-version=2099-01-01&model=gpt-env" in server.requests[0]
        assert "api-version=2025-10-01&model=gpt-own" in server.requests[1]


@pytest.mark.parametrize("url", ["", "nonsense", "http://user:pw@h.example"])
def test_an_address_that_cannot_be_used(tmp_path: Path, url: str) -> None:
    with engine_harness(tmp_path, endpoint=url or "x", input="none") as harness:
        harness.engine.post(intents.OpenTab("a", profile(service=AZURE)))
        harness.engine.post(intents.Start("a"))
        assert harness.until_state(SessionState.FAILED).problem.endswith(".")


def test_a_crash_of_one_session_is_told_and_the_others_go_on(tmp_path: Path) -> None:
    # A document that TOML cannot hold: no file can produce it, so only the outer handler can catch
    # the error.
    broken = Profile(slug="broken", session={}, document={"x": object()})
    with (
        ScriptedService() as service,
        engine_harness(tmp_path, **key_settings(service.url, KEY)) as harness,
    ):
        harness.start("a", profile(service=AZURE))
        harness.engine.post(intents.OpenTab("b", broken))
        harness.engine.post(intents.Start("b"))
        shown = harness.until_state(SessionState.FAILED, "b")
        assert "internal error" in shown.problem
        assert harness.session("a").state is SessionState.CONNECTED


def test_an_intent_that_fails_does_not_take_the_next_with_it(tmp_path: Path) -> None:
    with engine_harness(tmp_path) as harness:
        harness.engine.post(intents.Start(["no", "key"]))  # type: ignore[arg-type]
        harness.engine.post(intents.OpenTab("a", profile()))
        harness.until(lambda: "a" in harness.engine.snapshot().sessions, "the tab")
        assert any("internal error" in text for text in harness.texts())


def test_closing_the_engine_says_goodbye_with_1000(tmp_path: Path) -> None:
    goodbyes: list[bytes] = []

    async def polite(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: str) -> None:
        await upgrade(writer, head)
        writer.write(event(type="session.created", session={}))
        while True:
            opcode, payload = await read_frame(reader)
            if opcode == CLOSE:
                goodbyes.append(payload)
                writer.write(close_frame(1000))
                return

    with (
        serving_beside(polite) as server,
        engine_harness(tmp_path, **key_settings(server.url, KEY)) as harness,
    ):
        harness.start(of=profile(service=AZURE))
        harness.until_event("session.created")
        assert harness.engine.close(30)
        assert goodbyes == [(1000).to_bytes(2)]
        assert harness.session().state is SessionState.ENDED


def test_events_with_wrong_values_in_every_field_leave_a_session_that_speaks(
    tmp_path: Path,
) -> None:
    with (
        ScriptedService() as service,
        engine_harness(
            tmp_path, **key_settings(service.url, KEY), input="null", output="null"
        ) as harness,
    ):
        harness.start(of=profile(service=AZURE))
        for value in STRANGE:
            if len(str(value)) > 1_000 or (isinstance(value, float) and not math.isfinite(value)):
                # tests/protocol has them; here they would be written to the disk a hundred times.
                continue
            for kind, fields in SERVER_EVENTS.items():
                # Events that end the session or change its settings are left out; the answer after
                # all others must be heard.
                if not kind.startswith("session."):
                    service.send({"type": kind, **dict.fromkeys(fields, value)})
        service.send({"type": "session.updated", "session": {"expires_at": 10**400}})
        item = service.answer(7, bytes(48_000), finished=True)
        harness.until(
            lambda: any(e["item_id"] == item for e in harness.events(Local.PLAYBACK_STOPPED)),
            "the answer",
        )
        assert harness.session().state is SessionState.CONNECTED
        assert not any("internal error" in text for text in harness.texts())
        harness.stop()
