"""The simulator on a real socket: frames, refusals, many sessions, expiry."""

import asyncio
import json
import time

import pytest
from voicelive_simulator.dialogue.state.script import Pacing
from voicelive_simulator.service.server import SERVER_HEADER, Options, Simulator
from voicelive_simulator.sound.tones import ToneVoice
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.simulator.support.websocket_frames import TARGET
from tests.support.deadlines import DEADLINE_S
from tests.support.speech_like import pcm16, silence, speech_like
from tests.support.voice_live_peer import dial, peer

TURN = pcm16(silence(0.5), speech_like(1.0), silence(1.0))


async def test_a_spoken_turn_over_a_socket(url: str) -> None:
    async with peer(url) as client:
        for at in range(0, len(TURN), 960):
            await client.append(TURN[at : at + 960])
        done = await client.until("response.done")
        assert done["response"]["status"] == "completed"
        transcript = done["response"]["output"][0]["content"][0]["transcript"]
        assert "not Azure" in transcript
        deltas = [e for e in client.events if e["type"] == "response.audio.delta"]
        assert len(client.audio()) > 2 * 48_000
        assert len(deltas) == -(-len(client.audio()) // (Pacing().delta_ms * 48))


async def test_the_upgrade_names_the_simulator(url: str) -> None:
    async with peer(url) as client:
        assert client.socket.response is not None
        assert client.socket.response.headers["Server"] == SERVER_HEADER
        assert "not Azure" in SERVER_HEADER


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/elsewhere?api-version=2026-07-15&model=m", {"api-key": "k"}, 404),
        ("/voice-live/realtime?model=m", {"api-key": "k"}, 400),
        ("/voice-live/realtime?api-version=2026-07-15&model=m", {}, 401),
    ],
)
async def test_a_refused_upgrade_has_a_json_body(
    url: str, path: str, headers: dict[str, str], status: int
) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with dial(url + path, headers=headers):
            pass
    assert refused.value.response.status_code == status
    assert set(json.loads(refused.value.response.body)["error"]) == {"code", "message"}


async def test_bad_frames_get_an_error_and_the_socket_stays_open(url: str) -> None:
    async with peer(url) as client:
        for frame in ("{bad", "[]", "", b"\xff\xfe", "[" * 100_000, "{}", '{"type":"nonsense"}'):
            await client.socket.send(frame)
            assert (await client.receive())["type"] == "error"
        await client.socket.send(
            b'{"session":{},"type":"session.update"}'
        )  # JSON in a binary frame is accepted
        assert (await client.receive())["type"] == "session.updated"


@pytest.mark.parametrize(
    ("frame", "why"),
    [
        ('{"type": }', "Expecting value at character 10"),
        (b"\xff\xfe", "it is not UTF-8"),
        ("[" * 100_000, "it is nested too deeply"),
        ('{"n": NaN}', "JSON has no NaN"),
        ('{"n": 1e999}', "it holds a number that is too large"),
        ('{"n": ' + "9" * 5000 + "}", "it holds a number that is too large"),
    ],
)
async def test_a_frame_that_is_no_json_gets_the_reason(
    url: str, frame: str | bytes, why: str
) -> None:
    async with peer(url) as client:
        await client.socket.send(frame)
        error = (await client.receive())["error"]
        assert (error["code"], error["message"]) == (
            "invalid_json",
            f"The frame is not valid JSON: {why}",
        )


async def test_one_append_of_fifteen_mebibytes_is_heard(url: str) -> None:
    quiet = silence(60.0)
    audio = pcm16(quiet, speech_like(1.0), quiet, quiet, silence(90.0))
    assert 12 * 2**20 < len(audio) < 15 * 2**20
    async with peer(url) as client:
        await client.append(audio)
        started, stopped = (
            await client.until("input_audio_buffer.speech_started"),
            await client.receive(),
        )
        assert abs(started["audio_start_ms"] - (60_000 - 400)) <= 20
        assert abs(stopped["audio_end_ms"] - 61_500) <= 60


async def test_sessions_are_strangers_to_each_other(url: str) -> None:
    async def one(text: str) -> str:
        async with peer(url) as client:
            item = {
                "type": "message",
                "role": "user",
                "content": [{"type": "input_text", "text": text}],
            }
            await client.send("conversation.item.create", item=item)
            await client.send("response.create", response={"modalities": ["text"]})
            return str((await client.until("response.text.done"))["text"])

    answers = await asyncio.gather(*(one(f"number {n} speaking") for n in range(20)))
    assert all(f"number {n} speaking" in answer for n, answer in enumerate(answers))


async def test_a_session_that_lasts_too_long_is_closed_with_1001() -> None:
    async with (
        Simulator(Options(session_minutes=0.005), ToneVoice()) as simulator,
        peer(simulator.url) as client,
    ):
        assert client.events[0]["session"]["expires_at"] <= time.time() + 1
        with pytest.raises(ConnectionClosed):
            await client.until("never")
        assert (client.socket.close_code, client.socket.close_reason) == (1001, "session_expired")


async def test_a_flood_of_frames_does_not_prolong_a_session() -> None:
    async with (
        Simulator(Options(session_minutes=0.005), ToneVoice()) as simulator,
        peer(simulator.url) as client,
    ):

        async def flood() -> None:
            while True:
                await client.append(bytes(960))

        with pytest.raises(ConnectionClosed):
            await asyncio.wait_for(flood(), DEADLINE_S)
        assert client.socket.close_reason == "session_expired"


async def test_a_client_that_leaves_in_the_middle_leaves_nothing_behind() -> None:
    async with Simulator(Options(), ToneVoice()) as simulator:
        before = asyncio.all_tasks()
        async with peer(simulator.url) as client:
            await client.send("response.create")
            await client.until("response.audio.delta")
        async with peer(simulator.url) as client:
            assert (await client.ask("session.update", "session.updated", session={}))[
                "type"
            ] == "session.updated"
        async with asyncio.timeout(DEADLINE_S):
            while simulator.host.sessions.alive() or asyncio.all_tasks() - before:
                await asyncio.sleep(0)


async def test_ending_the_simulator_closes_its_sessions() -> None:
    async with (
        Simulator(Options(), ToneVoice()) as simulator,
        dial(simulator.url + TARGET) as socket,
    ):
        await simulator.close()
        await asyncio.wait_for(socket.wait_closed(), DEADLINE_S)
        assert socket.close_code == 1001
        assert simulator.sockets == () and simulator.host.sessions.alive() == []
