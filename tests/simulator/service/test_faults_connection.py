"""Faults of the connection, as a raw client sees them."""

import asyncio
import base64
import json
import struct

import pytest
from voicelive_simulator.faults.catalogue import parse_fault_text

from tests.simulator.support.manual_clock import ManualClock
from tests.simulator.support.voice_live_contract import sdk_differences, table_differences
from tests.simulator.support.websocket_frames import CLOSE, PING, PONG, TEXT
from tests.simulator.support.wire_peer import WirePeer, close_of, unkind, wire_peer
from tests.support.deadlines import DEADLINE_S
from tests.support.speech_like import pcm16, silence, speech_like


async def updated(client: WirePeer) -> None:
    """Read session.created and one session.updated: the fault is for the next one."""
    assert (await client.frame()).kind == "session.created"
    client.update()
    assert (await client.frame()).kind == "session.updated"
    client.update()


async def test_drop_ends_tcp_in_order_without_a_close_frame() -> None:
    async with (
        unkind("drop:on=session.updated,after=1") as simulator,
        wire_peer(simulator.url) as client,
    ):
        await updated(client)
        assert await client.end() == ("fin", b"")


async def test_drop_in_order_is_no_reset_though_the_client_goes_on_talking() -> None:
    async with (
        unkind("drop:how=fin,on=session.updated,after=1") as simulator,
        wire_peer(simulator.url) as client,
    ):
        await updated(client)
        for _ in range(200):
            client.send("input_audio_buffer.append", audio="A" * 4000)
        assert await client.end() == ("fin", b"")


async def test_drop_resets_tcp() -> None:
    async with (
        unkind("drop:how=rst,on=session.updated,after=1") as simulator,
        wire_peer(simulator.url) as client,
    ):
        await updated(client)
        assert await client.end() == ("rst", b"")


async def test_drop_ends_within_a_frame() -> None:
    async with (
        unkind("drop:how=half-frame,on=session.updated,after=1") as simulator,
        wire_peer(simulator.url) as client,
    ):
        await updated(client)
        how, half = await client.end()
        assert how == "fin"
        assert half[0] == 0x80 | TEXT and half[1] == 126
        announced = 4 + int.from_bytes(half[2:4], "big")
        assert len(half) == announced // 2
        assert half[4:].startswith(b'{"event_id":') and b"session.updated" in half


@pytest.mark.parametrize("how", ["fin", "rst", "half-frame"])
async def test_drop_with_nothing_to_wait_for_strikes_when_it_is_armed(how: str) -> None:
    async with unkind() as simulator, wire_peer(simulator.url) as client:
        assert (await client.frame()).kind == "session.created"
        simulator.host.registry.arm(parse_fault_text(f"drop:how={how}"))
        ended, half = await client.end()
        assert ended == ("rst" if how == "rst" else "fin")
        assert bool(half) == (how == "half-frame")


async def test_drop_strikes_a_session_that_begins_before_its_first_event() -> None:
    async with unkind("drop") as simulator:
        async with wire_peer(simulator.url) as client:
            assert await client.end() == ("fin", b"")
        async with wire_peer(simulator.url) as client:
            assert (await client.frame()).kind == "session.created"


@pytest.mark.parametrize(
    "code", [0, 999, 1000, 1001, 1004, 1011, 1014, 1015, 1016, 2999, 3000, 4999, 5000, 65535]
)
async def test_close_sends_any_code(code: int) -> None:
    reason = "\u00e9" * 61 + "."
    fault = f"close:code={code},reason={reason},on=session.updated,after=1"
    async with unkind(fault) as simulator, wire_peer(simulator.url) as client:
        await updated(client)
        assert close_of(await client.frame()) == (code, reason)
        client.write(struct.pack("!H", 1000), CLOSE)
        assert await client.end() == ("fin", b"")


async def test_close_with_1005_has_no_code() -> None:
    async with unkind("close:code=1005") as simulator, wire_peer(simulator.url) as client:
        assert close_of(await client.frame()) == (None, "")


async def test_close_with_1006_is_no_close_frame() -> None:
    async with unkind("close:code=1006") as simulator, wire_peer(simulator.url) as client:
        assert await client.end() == ("fin", b"")


async def test_close_ends_though_the_client_never_answers_it() -> None:
    async with (
        unkind("close:code=4000,reason=bye", close_timeout_s=0.1) as simulator,
        wire_peer(simulator.url) as client,
    ):
        assert close_of(await client.frame()) == (4000, "bye")
        assert (await client.end())[1] == b""


async def test_expire_closes_as_the_end_of_a_sessions_time_does() -> None:
    async with unkind("expire:on=session.updated") as simulator, wire_peer(simulator.url) as client:
        assert (await client.frame()).kind == "session.created"
        client.update()
        assert close_of(await client.frame()) == (1001, "session_expired")


async def test_token_expiry_is_an_error_and_a_close() -> None:
    async with (
        unkind("token-expiry:on=session.updated") as simulator,
        wire_peer(simulator.url) as client,
    ):
        assert (await client.frame()).kind == "session.created"
        client.update()
        event = (await client.frame()).json
        assert (event["type"], event["error"]["code"]) == ("error", "token_expired")
        assert not [*sdk_differences(event), *table_differences(event)]
        assert close_of(await client.frame()) == (1008, "token_expired")


async def test_stop_reading_leaves_the_clients_sends_stuck_and_talks_on() -> None:
    """The response cannot end before the simulator has stopped reading: its clock stands still
    until then."""
    clock = ManualClock()
    async with (
        unkind("stop-reading:on=session.updated", clock=clock) as simulator,
        wire_peer(simulator.url) as client,
    ):
        assert (await client.frame()).kind == "session.created"
        client.send("response.create", response={"modalities": ["text"]})
        client.update()
        await client.until("session.updated")
        client.writer.transport.set_write_buffer_limits(high=0)
        async with asyncio.TaskGroup() as group:
            stuck = group.create_task(_flood(client))
            clock.release()
            await client.until("response.done")
            [session] = simulator.host.sessions.alive()
            assert (
                not stuck.done() and session.record.events_received < 2 + 8
            )  # frames that were under way when reading stopped
            simulator.host.registry.clear()
            await asyncio.wait_for(stuck, DEADLINE_S)
        client.update()
        await client.until("session.updated")


async def _flood(client: WirePeer) -> None:
    """More than any pair of socket buffers holds."""
    for _ in range(64):
        client.write(b" " * 2**19 + b"[]")
        await client.writer.drain()


async def test_stop_reading_for_a_while() -> None:
    async with unkind("stop-reading:for_ms=50") as simulator, wire_peer(simulator.url) as client:
        assert (await client.frame()).kind == "session.created"
        client.update()
        assert (await client.frame()).kind == "session.updated"


async def test_stop_pongs_swallows_them_and_talks_on() -> None:
    async with (
        unkind("stop-pongs:on=session.updated") as simulator,
        wire_peer(simulator.url) as client,
    ):
        assert (await client.frame()).kind == "session.created"
        client.write(b"first", PING)
        frame = await client.frame()
        assert (frame.opcode, frame.payload) == (PONG, b"first")
        client.update()
        assert (await client.frame()).kind == "session.updated"
        client.write(b"second", PING)
        client.update()
        assert (await client.frame()).kind == "session.updated"
        simulator.host.registry.clear()
        client.write(b"third", PING)
        frame = await client.frame()
        assert (frame.opcode, frame.payload) == (PONG, b"third")


async def test_stop_pongs_for_a_while() -> None:
    async with unkind("stop-pongs:for_ms=20") as simulator, wire_peer(simulator.url) as client:
        assert (await client.frame()).kind == "session.created"
        async with asyncio.TaskGroup() as group:
            answer = group.create_task(client.frame())
            while not answer.done():
                client.write(b"?", PING)
                await asyncio.sleep(0.005)
        assert answer.result().opcode == PONG


async def test_slow_drip_sends_a_few_bytes_at_a_time_until_the_faults_are_cleared() -> None:
    async with (
        unkind("slow-drip:bytes_per_s=100,on=session.updated") as simulator,
        wire_peer(simulator.url) as client,
    ):
        assert (await client.frame()).kind == "session.created"
        client.update()
        first = await asyncio.wait_for(client.reader.read(2**16), DEADLINE_S)
        assert (
            0 < len(first) < 600
        )  # the event's bytes take far longer than this reader can be delayed
        simulator.host.registry.clear()
        announced = 0
        while len(first) < 4 or len(first) < announced:
            first += await asyncio.wait_for(client.reader.read(2**16), DEADLINE_S)
            announced = 4 + int.from_bytes(first[2:4], "big")
        assert len(first) == announced > 600
        assert json.loads(first[4:])["type"] == "session.updated"


async def test_slow_drip_loses_nothing_and_can_end() -> None:
    async with (
        unkind("slow-drip:bytes_per_s=4000,for_ms=100") as simulator,
        wire_peer(simulator.url) as client,
    ):
        assert (await client.frame()).kind == "session.created"
        for _ in range(3):
            client.update()
            assert (await client.frame()).kind == "session.updated"


async def test_slow_drip_of_a_close_frame() -> None:
    async with (
        unkind("slow-drip:bytes_per_s=300000", "close:code=4001,on=session.updated") as simulator,
        wire_peer(simulator.url) as client,
    ):
        assert (await client.frame()).kind == "session.created"
        client.update()
        assert close_of(await client.frame()) == (4001, "")
        client.write(struct.pack("!H", 4001), CLOSE)
        assert await client.end() == ("fin", b"")


async def test_keep_detecting_detects_turns_until_it_is_disarmed() -> None:
    speech = pcm16(silence(0.5), speech_like(1.0), silence(2.1))
    async with unkind("keep-detecting") as simulator, wire_peer(simulator.url) as client:
        client.send("session.update", session={"turn_detection": None})
        assert (await client.until("session.updated")).json["session"]["turn_detection"] is None
        client.send("input_audio_buffer.append", audio=base64.b64encode(speech).decode())
        await client.until("response.created")
        await client.until("response.done")
        simulator.host.registry.clear()
        client.send("input_audio_buffer.append", audio=base64.b64encode(speech).decode())
        client.send("input_audio_buffer.clear")
        kinds = [(await client.frame()).kind]
        while kinds[-1] != "input_audio_buffer.cleared":
            kinds.append((await client.frame()).kind)
        assert "input_audio_buffer.speech_started" not in kinds
