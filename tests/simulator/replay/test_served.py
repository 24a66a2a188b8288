"""Recorded sessions over real sockets: a recording of the simulator is served to the official SDK
and to a bare client."""

import asyncio
import base64
import json
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from azure.ai.voicelive.aio import connect
from azure.ai.voicelive.models import (
    FunctionCallOutputItem,
    RequestSession,
    ServerEventType,
    ServerVad,
)
from azure.core.credentials import AzureKeyCredential
from voicelive_simulator.replay.recording import load_recording
from voicelive_simulator.service.server import Options, Simulator
from voicelive_simulator.sound.tones import ToneVoice
from websockets.exceptions import ConnectionClosed

from tests.simulator.support.manual_clock import ManualClock
from tests.simulator.support.session_recorder import SessionRecorder
from tests.simulator.support.voice_live_contract import sdk_differences
from tests.support.control_requests import TOKEN, ask
from tests.support.deadlines import DEADLINE_S
from tests.support.speech_like import pcm16, silence, speech_like
from tests.support.voice_live_peer import Peer, peer

TURN = pcm16(silence(0.3), speech_like(1.0), silence(1.0))
WEATHER = {
    "type": "function",
    "name": "weather",
    "parameters": {"type": "object", "properties": {}},
}


class RecordingPeer(Peer):
    """A bare client that records every event."""

    def __init__(self, other: Peer) -> None:
        super().__init__(other.socket)
        self.recorder = SessionRecorder()
        self._began_s = time.perf_counter()
        self.events = other.events
        self.recorder.add(0.0, "received", other.events[0])

    async def send(self, kind: str, **fields: object) -> None:
        self.recorder.add(time.perf_counter() - self._began_s, "sent", {"type": kind, **fields})
        await super().send(kind, **fields)

    async def receive(self) -> dict[str, object]:
        event = await super().receive()
        self.recorder.add(time.perf_counter() - self._began_s, "received", event)
        return event


async def take(client: Peer) -> None:
    """A spoken turn, then a forced function call and the response to it."""
    detection = {"type": "server_vad", "silence_duration_ms": 500}
    await client.ask(
        "session.update",
        "session.updated",
        session={"turn_detection": detection, "tools": [WEATHER]},
    )
    for at in range(0, len(TURN), 960):
        await client.append(TURN[at : at + 960])
    await client.until("response.done")
    await client.ask(
        "response.create",
        "response.done",
        response={"tool_choice": {"type": "function", "name": "weather"}},
    )
    call_id = client.events[-1]["response"]["output"][0]["call_id"]
    output = {"type": "function_call_output", "call_id": call_id, "output": '{"sky":"blue"}'}
    await client.ask("conversation.item.create", "conversation.item.created", item=output)
    await client.ask("response.create", "response.done")
    await client.until("rate_limits.updated")


@pytest.fixture(scope="module")
def recorder() -> SessionRecorder:
    async def record() -> SessionRecorder:
        async with Simulator(Options(), ToneVoice()) as simulator, peer(simulator.url) as client:
            recorded = RecordingPeer(client)
            await take(recorded)
            return recorded.recorder

    return asyncio.run(record())


@asynccontextmanager
async def replay(
    recorder: SessionRecorder,
    folder: Path,
    factor: float,
    clock: Callable[[], float] = time.perf_counter,
) -> AsyncIterator[Simulator]:
    recording = load_recording(recorder.write(folder))
    async with Simulator(
        Options(replay=recording, token=TOKEN, factor=factor), ToneVoice(), clock
    ) as simulator:
        yield simulator


async def session_state(simulator: Simulator) -> dict[str, object]:
    sessions = (await ask(simulator.port, "GET /simulator/state")).json["sessions"]
    result: dict[str, object] = sessions[-1]["replay"]
    return result


def recorded_audio(recorder: SessionRecorder) -> bytes:
    deltas = (
        event["delta"]
        for _, event in recorder.received()
        if event["type"] == "response.audio.delta"
    )
    return b"".join(base64.b64decode(delta) for delta in deltas)


@pytest.mark.parametrize("factor", [0.0, 1.0])
async def test_the_sdk_holds_the_recorded_conversation_with_chunks_of_its_own(
    recorder: SessionRecorder, tmp_path: Path, factor: float
) -> None:
    audio = b""
    types: list[str] = []
    async with (
        replay(recorder, tmp_path, factor=factor) as simulator,
        connect(
            endpoint=simulator.url, credential=AzureKeyCredential("k"), model="gpt-4o"
        ) as connection,
    ):

        async def receive() -> Any:
            nonlocal audio
            async with asyncio.timeout(DEADLINE_S):
                event: Any = await connection.recv()
            types.append(event.type)
            audio += event.delta if event.type == ServerEventType.RESPONSE_AUDIO_DELTA else b""
            return event

        async def until(kind: str) -> Any:
            while True:
                event = await receive()
                if event.type == kind:
                    return event

        await until(ServerEventType.SESSION_CREATED)
        session = RequestSession(turn_detection=ServerVad(silence_duration_ms=500), tools=[WEATHER])
        await connection.session.update(session=session)
        spoken = pcm16(silence(0.81)) + TURN + pcm16(silence(2.0))
        for at in range(0, len(spoken), 31_002):
            await connection.input_audio_buffer.append(
                audio=base64.b64encode(spoken[at : at + 31_002]).decode()
            )
        await until(ServerEventType.RESPONSE_DONE)
        choice = {"type": "function", "name": "weather"}
        await connection.send({"type": "response.create", "response": {"tool_choice": choice}})
        done = await until(ServerEventType.RESPONSE_DONE)
        call_id = done.response.output[0].call_id
        await connection.conversation.item.create(
            item=FunctionCallOutputItem(call_id=call_id, output='{"sky":"blue"}')
        )
        await connection.response.create()
        while len(types) < len(recorder.received()):
            await receive()
        state = await session_state(simulator)
    assert types == [event["type"] for _, event in recorder.received()]
    assert audio == recorded_audio(recorder)
    assert state["divergence"] is None and state["waits_for"] is None, state


async def test_every_served_event_is_one_that_the_sdk_models(
    recorder: SessionRecorder, tmp_path: Path
) -> None:
    recorded = {
        difference for _, event in recorder.received() for difference in sdk_differences(event)
    }
    async with replay(recorder, tmp_path, factor=0) as simulator, peer(simulator.url) as client:
        await take(client)
    assert {
        difference for event in client.events for difference in sdk_differences(event)
    } == recorded
    assert client.audio() == recorded_audio(recorder)


async def test_another_client_is_told_on_the_control_path_and_on_stderr(
    recorder: SessionRecorder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Time stands still, so that the client's wait is not reported as well."""
    async with (
        replay(recorder, tmp_path / "tuesday", factor=0, clock=ManualClock()) as simulator,
        peer(simulator.url) as client,
    ):
        await client.send("session.update", session={"instructions": "Sing."})
        assert (await client.receive())["type"] == "session.updated"
        await client.send("response.cancel")
        state = await session_state(simulator)
        divergence = state["divergence"]
        assert isinstance(divergence, dict)
        assert (divergence["expected"], divergence["got"]) == ("session.update", "session.update")
        assert "session.instructions" in divergence["fields"]
    assert capsys.readouterr().err == f"Replay of tuesday, session 1: {divergence['sentence']}\n"


async def test_two_sessions_at_once_have_their_own_names_and_places(
    recorder: SessionRecorder, tmp_path: Path
) -> None:
    async with (
        replay(recorder, tmp_path, factor=0) as simulator,
        peer(simulator.url) as one,
        peer(simulator.url) as other,
    ):
        await asyncio.gather(take(one), take(other))
    for first, second in zip(one.events, other.events, strict=False):
        assert first["type"] == second["type"] and first["event_id"] != second["event_id"]
    assert one.session_id != other.session_id


@pytest.mark.parametrize("code", [1001, 1011, 4000, None, 1005])
async def test_the_service_leaves_as_it_did(tmp_path: Path, code: int | None) -> None:
    recorder = SessionRecorder(
        [
            (
                0.0,
                "received",
                {"type": "session.created", "event_id": "event_1", "session": {"id": "sess_1"}},
            )
        ]
    )
    reason = "as recorded" if code not in (None, 1005) else ""
    recorder.closed(
        code,
        reason,
        "The connection broke without a goodbye."
        if code is None
        else "The service ended the session.",
    )
    async with replay(recorder, tmp_path, factor=0) as simulator, peer(simulator.url) as client:
        with pytest.raises(ConnectionClosed):
            await client.receive()
        assert (client.socket.close_code, client.socket.close_reason) == (code or 1006, reason)


async def test_frames_that_are_no_events_are_served_as_they_were(tmp_path: Path) -> None:
    lines = [
        '{"n":0,"t":0,"dir":"received","event":{"type":"session.created","session":{"id":"sess_1"}}}',
        '{"n":1,"t":0,"dir":"received","raw":"{\\"type\\": oops"}',
        '{"n":2,"t":0,"dir":"received","binary":true,"raw_base64":"/wA="}',
        '{"n":3,"t":0,"dir":"received","binary":true,"event":{"type":"x","id":"sess_1"}}',
        '{"n":4,"t":0,"dir":"received","event":{"no":"type","error":"?"}}',
    ]
    (tmp_path / "events.jsonl").write_text("\n".join(lines) + "\n")
    options = Options(replay=load_recording(tmp_path), log=True)
    async with Simulator(options, ToneVoice()) as simulator, peer(simulator.url) as client:
        frames = [await asyncio.wait_for(client.socket.recv(), DEADLINE_S) for _ in lines[1:]]
    session_id = client.session_id
    assert frames == [
        '{"type": oops',
        b"\xff\x00",
        f'{{"type":"x","id":"{session_id}"}}'.encode(),
        '{"no":"type","error":"?"}',
    ]


async def command(*arguments: str | Path) -> tuple[asyncio.subprocess.Process, str, str]:
    """Run the command line to its end, or to its ready line and then stop it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "voicelive_simulator", *map(str, arguments),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None and process.stderr is not None
    try:
        async with asyncio.timeout(DEADLINE_S):
            ready = (await process.stdout.readline()).decode()
            if ready:
                process.terminate()
            error = (await process.stderr.read()).decode()
            await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return process, ready, error


async def test_the_command_line_says_what_it_serves_and_what_is_missing(
    recorder: SessionRecorder, tmp_path: Path
) -> None:
    process, ready, error = await command(
        "--replay", recorder.write(tmp_path / "monday", sound=False), "--factor", "0.5"
    )
    assert process.returncode == 0 and json.loads(ready)["replay"] == "monday"
    assert error.startswith("Replay of monday: The sound of ") and len(error.splitlines()) == 2


async def test_the_command_line_refuses_what_is_no_recording(tmp_path: Path) -> None:
    process, ready, error = await command("--replay", tmp_path)
    assert (process.returncode, ready) == (2, "")
    assert error.startswith(f"{tmp_path} is no recorded session") and len(error.splitlines()) == 1
