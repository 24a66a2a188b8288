"""Sessions with services that misbehave, and what never leaves or never shows."""

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

from tests.support.engines import key_settings, profile, running
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
    with ScriptedService() as service, running(tmp_path, **key_settings(service.url, KEY)) as bench:
        bench.start(of=profile(service=AZURE))
        bench.until_event("session.updated")
        service.send({"type": "error", "error": {"type": "server_error", "message": "Out of tea."}})
        bench.until(lambda: any("Out of tea" in text for text in bench.texts()), "the sentence")
        bench.engine.post(intents.Say("a", "Hello"))
        service.wait(lambda: bool(service.events("response.create")))
        assert bench.session().state is SessionState.CONNECTED
        bench.until(lambda: bench.session().view.errors == 1, "the count of errors")
        assert bench.session().service == "azure"


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
    with serving_beside(saying(*frames, stay=True)) as server, running(tmp_path, **key_settings(server.url, KEY)) as bench:
        bench.start(of=profile(service=AZURE))
        bench.until(lambda: len(bench.events(MALFORMED)) == 3, "three malformed frames")
        bench.until_event("response.hologram.delta")
        bench.until_event("in.a.binary.frame")
        bench.until_event("response.audio.delta")
        assert sum("in the event list" in text for text in bench.texts()) == 1


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
    with serving_beside(saying(*frames, stay=True)) as server, running(tmp_path, **key_settings(server.url, KEY)) as bench:
        bench.start(of=profile(service=AZURE))
        bench.until_event("response.hologram.delta")
        bench.until(lambda: bench.session().view.turns, "the turn")
        (turn,) = bench.session().view.turns
        assert turn.over
        assert sum("in the event list" in text for text in bench.texts()) == 1
        bench.engine.post(intents.Say("a", "Hello"))
        # Nothing runs any more, so the answer to this is asked for at once.
        bench.until_event("response.create")


def test_an_error_in_a_broken_frame_counts_once(tmp_path: Path) -> None:
    frames = [
        event(type="session.created", session={}),
        event(type="session.updated", session={}),
        frame(b'{"type":"error","error":{"message":"No.","x":NaN}}'),
        event(type="response.hologram.delta", shape="cube"),
    ]
    with serving_beside(saying(*frames, stay=True)) as server, running(tmp_path, **key_settings(server.url, KEY)) as bench:
        bench.start(of=profile(service=AZURE))
        bench.until_event("response.hologram.delta")
        bench.until(lambda: bench.session().view.errors, "the error")
        assert bench.session().view.errors == 1


@pytest.mark.parametrize(
    ("code", "reason", "state", "word"),
    [
        (1001, "session_expired", SessionState.ENDED, "time limit"),
        (1000, "", SessionState.ENDED, "ended the session"),
        (1011, "boom", SessionState.FAILED, "failed inside"),
    ],
)
def test_the_services_goodbye_is_told(tmp_path: Path, code: int, reason: str, state: SessionState, word: str) -> None:
    goodbye = saying(event(type="session.created", session={}), close_frame(code, reason))
    with serving_beside(goodbye) as server, running(tmp_path, **key_settings(server.url, KEY)) as bench:
        bench.engine.post(intents.OpenTab("a", profile(service=AZURE)))
        bench.engine.post(intents.Start("a"))
        shown = bench.until_state(state)
        assert word in shown.problem
        closed = bench.events(Local.CLOSED)[-1]
        assert (closed["code"], closed["reason"]) == (code, reason)
        assert bench.engine.snapshot().on_air is None


def test_a_refused_connection_is_one_sentence_and_leaves_no_folder(tmp_path: Path) -> None:
    with serving_beside(answering("401 Unauthorized")) as server, running(tmp_path, **key_settings(server.url, KEY)) as bench:
        bench.engine.post(intents.OpenTab("a", profile(service=AZURE)))
        bench.engine.post(intents.Start("a"))
        shown = bench.until_state(SessionState.FAILED)
        assert shown.http_status == 401
        assert "credentials" in shown.problem
        assert not list((tmp_path / "state").glob("sessions/*"))
        assert f"api-key: {KEY}" in server.requests[0]
        assert "x-ms-client-request-id: " in server.requests[0].lower()


def test_a_start_can_be_called_off(tmp_path: Path) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: str) -> None:
        await reader.read()

    with serving_beside(silent) as server, running(tmp_path, **key_settings(server.url, KEY)) as bench:
        bench.engine.post(intents.OpenTab("a", profile(service=AZURE)))
        bench.engine.post(intents.Start("a"))
        bench.until_state(SessionState.CONNECTING)
        bench.until(lambda: server.requests, "the request")
        bench.engine.post(intents.Stop("a"))
        shown = bench.until_state(SessionState.ENDED)
        assert shown.problem == ""
        assert bench.engine.snapshot().on_air is None


def test_the_key_reaches_the_service_and_nothing_else(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with ScriptedService() as service, running(tmp_path, **key_settings(f"{service.url}?api-key={KEY}", KEY)) as bench:
        bench.start(of=profile(service=AZURE))
        bench.until_event("session.updated")
        service.send({"type": "error", "error": {"type": "x", "message": f"Bad api-key={KEY} in Authorization: Bearer {KEY}"}})
        bench.until(lambda: bench.texts(), "the sentence")
        assert KEY not in repr(bench.engine.snapshot().sessions["a"].problem)
        assert KEY not in " ".join(bench.texts())
        assert KEY not in repr(bench.settings)
        assert KEY not in bench.session().host
        bench.stop()
    # The scripted service logs what it sends; everything else is ours.
    assert not [record for record in caplog.records if record.name != "websockets.server" and KEY in record.getMessage()]
    written = [path for path in (tmp_path / "state").rglob("*") if path.is_file()]
    assert written
    # The service's own words are its frame, kept as it came; what we wrote ourselves holds no key.
    ours = [line for path in written for line in path.read_bytes().splitlines() if b'"dir":"received"' not in line]
    assert not [line for line in ours if KEY.encode() in line]


def test_an_unknown_url_gets_no_key(tmp_path: Path) -> None:
    with serving_beside(saying(stay=True)) as stranger, running(tmp_path, **key_settings("https://mine.example", KEY)) as bench:
        bench.start(of=profile(service={"target": "url", "url": stranger.url}))
        assert bench.session().service == "url"
        assert KEY not in stranger.requests[0]
        assert "api-key: none" in stranger.requests[0].lower()  # on this machine: simulators want one, and take any
        assert "authorization" not in stranger.requests[0].lower()


def test_the_models_name_and_the_api_version_of_the_environment(tmp_path: Path) -> None:
    settings = {**key_settings("", KEY), "model": "gpt-env", "api_version": "2099-01-01"}
    with serving_beside(saying(stay=True)) as server, running(tmp_path, **{**settings, "endpoint": server.url}) as bench:
        bench.start("a", profile(service=AZURE))
        bench.start("b", profile(service={**AZURE, "model": "gpt-own", "api_version": "2025-10-01"}))
        assert "api-version=2099-01-01&model=gpt-env" in server.requests[0]
        assert "api-version=2025-10-01&model=gpt-own" in server.requests[1]


@pytest.mark.parametrize("url", ["", "nonsense", "http://user:pw@h.example"])
def test_an_address_that_cannot_be_used(tmp_path: Path, url: str) -> None:
    with running(tmp_path, endpoint=url or "x", input="none") as bench:
        bench.engine.post(intents.OpenTab("a", profile(service=AZURE)))
        bench.engine.post(intents.Start("a"))
        assert bench.until_state(SessionState.FAILED).problem.endswith(".")


def test_a_crash_of_one_session_is_told_and_the_others_go_on(tmp_path: Path) -> None:
    # A document that TOML cannot carry: no file holds such a thing, so nothing but the border catches it.
    broken = Profile(slug="broken", session={}, document={"x": object()})
    with ScriptedService() as service, running(tmp_path, **key_settings(service.url, KEY)) as bench:
        bench.start("a", profile(service=AZURE))
        bench.engine.post(intents.OpenTab("b", broken))
        bench.engine.post(intents.Start("b"))
        shown = bench.until_state(SessionState.FAILED, "b")
        assert "internal error" in shown.problem
        assert bench.session("a").state is SessionState.CONNECTED


def test_an_intent_that_fails_does_not_take_the_next_with_it(tmp_path: Path) -> None:
    with running(tmp_path) as bench:
        bench.engine.post(intents.Start(["no", "key"]))  # type: ignore[arg-type]
        bench.engine.post(intents.OpenTab("a", profile()))
        bench.until(lambda: "a" in bench.engine.snapshot().sessions, "the tab")
        assert any("internal error" in text for text in bench.texts())


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

    with serving_beside(polite) as server, running(tmp_path, **key_settings(server.url, KEY)) as bench:
        bench.start(of=profile(service=AZURE))
        bench.until_event("session.created")
        assert bench.engine.close(30)
        assert goodbyes == [(1000).to_bytes(2)]
        assert bench.session().state is SessionState.ENDED


def test_events_with_wrong_values_in_every_field_leave_a_session_that_speaks(tmp_path: Path) -> None:
    with (
        ScriptedService() as service,
        running(tmp_path, **key_settings(service.url, KEY), input="null", output="null") as bench,
    ):
        bench.start(of=profile(service=AZURE))
        for value in STRANGE:
            if len(str(value)) > 1_000 or (isinstance(value, float) and not math.isfinite(value)):
                continue  # tests/protocol has them; here they would be written to the disk a hundred times
            for kind, fields in SERVER_EVENTS.items():
                # What ends or changes the session's settings is left as it is; the answer after all this must be heard.
                if not kind.startswith("session."):
                    service.send({"type": kind, **dict.fromkeys(fields, value)})
        service.send({"type": "session.updated", "session": {"expires_at": 10**400}})
        item = service.answer(7, bytes(48_000), finished=True)
        bench.until(lambda: any(e["item_id"] == item for e in bench.events(Local.PLAYBACK_STOPPED)), "the answer")
        assert bench.session().state is SessionState.CONNECTED
        assert not any("internal error" in text for text in bench.texts())
        bench.stop()
