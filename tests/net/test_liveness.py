"""Signs of life: which silence ends a connection, and which does not."""

import asyncio
import threading
from collections.abc import Callable

import pytest
from voicelive_tui.net.liveness import LivenessLimits, Silence
from voicelive_tui.net.recovery import Recovery
from voicelive_tui.net.transport import LIVENESS, Closed, Transport

from tests.net.support.connections import HEADERS, endpoint
from tests.support.hostile_servers import (
    CLOSE,
    PING,
    PONG,
    TEXT,
    Handler,
    close_frame,
    frame,
    read_frame,
    saying,
    serving,
    serving_beside,
    upgrade,
)

SHORT = LivenessLimits(ping_after_s=0.02, dead_after_s=0.2)
PINGS = 40
"""More pings than fit into the limit: each is sent `ping_after_s` after the last byte."""


async def closed_by(transport: Transport) -> tuple[list[str | bytes], Closed]:
    """Receive until the socket ends; returns the messages and how it ended."""
    received: list[str | bytes] = []
    with pytest.raises(Closed) as caught:
        while True:
            received.append(await transport.receive())
    return received, caught.value


def at_each_ping(answer: Callable[[int, bytes], bytes]) -> Handler:
    """A server that says nothing by itself: it writes the answer to the ping of this number and
    payload, and closes with 1000 after `PINGS` of them."""

    async def handler(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: str
    ) -> None:
        await upgrade(writer, head)
        number = 0
        while number < PINGS:
            opcode, payload = await read_frame(reader)
            if opcode == PING:
                writer.write(answer(number, payload))
                number += 1
        writer.write(close_frame(1000))
        while (await read_frame(reader))[0] != CLOSE:
            pass

    return handler


TRICKLED = frame(b"x" * (PINGS - 2))
"""A frame that comes a byte at a time."""


def test_the_limits_are_as_documented() -> None:
    assert LivenessLimits(ping_after_s=5.0, dead_after_s=20.0) == LIVENESS


async def test_a_frame_that_trickles_is_a_sign_of_life_although_no_ping_is_answered() -> None:
    async with serving(at_each_ping(lambda n, _: TRICKLED[n : n + 1])) as server:
        transport = await Transport.open(endpoint(server), HEADERS, liveness=SHORT)
        received, closed = await closed_by(transport)
    assert received == ["x" * (PINGS - 2)]
    assert closed.code == 1000


async def test_fragments_are_signs_of_life_before_their_message_is_whole() -> None:
    def fragment(number: int, _: bytes) -> bytes:
        first, last = number == 0, number == PINGS - 1
        return bytes([(0x80 if last else 0) | (TEXT if first else 0), 1]) + b"y"

    async with serving(at_each_ping(fragment)) as server:
        transport = await Transport.open(endpoint(server), HEADERS, liveness=SHORT)
        received, closed = await closed_by(transport)
    assert received == ["y" * PINGS]
    assert closed.code == 1000


async def test_pongs_alone_are_signs_of_life() -> None:
    async with serving(at_each_ping(lambda _, payload: frame(payload, PONG))) as server:
        transport = await Transport.open(endpoint(server), HEADERS, liveness=SHORT)
        received, closed = await closed_by(transport)
    assert received == [] and closed.code == 1000


async def test_a_peer_that_reads_and_says_nothing_is_dead() -> None:
    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: str) -> None:
        await upgrade(writer, head)
        await reader.read(-1)

    async with serving(mute) as server:
        transport = await Transport.open(endpoint(server), HEADERS, liveness=SHORT)
        _, closed = await closed_by(transport)
    assert (closed.code, closed.by_us, closed.recovery) == (None, False, Recovery.RETRY)
    assert "nothing came for 0.2 s" in closed.sentence


async def test_a_peer_that_does_not_even_read_is_dead_while_a_send_waits_for_it() -> None:
    over = asyncio.Event()

    async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: str) -> None:
        await upgrade(writer, head)
        await over.wait()

    async with serving(deaf, window_bytes=4096) as server:
        transport = await Transport.open(endpoint(server), HEADERS, liveness=SHORT)

        async def send_for_ever() -> None:
            while True:
                await transport.send("x" * 65_536)

        sender = asyncio.create_task(send_for_ever())
        _, closed = await closed_by(transport)
        with pytest.raises(Closed):
            await sender
        over.set()
    assert "stopped answering" in closed.sentence


async def test_a_blocked_loop_is_not_the_services_silence() -> None:
    # The server has a thread of its own, which a busy machine may stop meanwhile.
    limits = LivenessLimits(ping_after_s=0.02, dead_after_s=2.0)
    with serving_beside(at_each_ping(lambda _, payload: frame(payload, PONG))) as server:
        transport = await Transport.open(endpoint(server), HEADERS, liveness=limits)
        # The whole thread stands still for several times the limit, as in a process that is
        # stopped: what the server sends meanwhile is not read.
        threading.Event().wait(1.5 * limits.dead_after_s)
        _, closed = await closed_by(transport)
    assert closed.code == 1000


async def test_what_this_program_does_not_read_is_not_the_services_silence() -> None:
    many = b"".join(frame(b"z") for _ in range(100))
    over = asyncio.Event()

    async def talkative(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: str
    ) -> None:
        await upgrade(writer, head)
        writer.write(many)
        await over.wait()
        writer.write(close_frame(1000))
        await reader.read(-1)

    async with serving(talkative) as server:
        transport = await Transport.open(endpoint(server), HEADERS, liveness=SHORT)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(5 * SHORT.dead_after_s):
                await over.wait()
        over.set()
        received, closed = await closed_by(transport)
    assert len(received) == 100 and closed.code == 1000


async def test_a_peer_that_says_goodbye_and_keeps_the_socket_has_said_goodbye() -> None:
    async def keep(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: str) -> None:
        await upgrade(writer, head)
        writer.write(close_frame(1001, "going"))
        await reader.read(-1)

    async with serving(keep) as server:
        transport = await Transport.open(endpoint(server), HEADERS, liveness=SHORT)
        _, closed = await closed_by(transport)
    assert (closed.code, closed.reason) == (1001, "going")


async def test_no_watch_outlives_its_connection() -> None:
    async with serving(saying(stay=True)) as server:
        transport = await Transport.open(endpoint(server), HEADERS)
        assert "signs of life" in {task.get_name() for task in asyncio.all_tasks()}
        await transport.close()
    await asyncio.sleep(0)
    assert "signs of life" not in {task.get_name() for task in asyncio.all_tasks()}


# The arithmetic, on a simulated clock.

LIMITS = LivenessLimits(ping_after_s=5, dead_after_s=20)


def test_silence_is_over_at_the_limit() -> None:
    silence = Silence(LIMITS, 100.0)
    for second in range(1, 20):
        silence.pass_time(100.0 + second)
        assert not silence.over
    silence.pass_time(120.0)
    assert silence.over


@pytest.mark.parametrize("gap_s", [30.0, 3600.0, 1e9])
def test_time_in_which_this_program_did_not_run_does_not_count(gap_s: float) -> None:
    silence = Silence(LIMITS, 0.0)
    silence.pass_time(1.0)
    silence.pass_time(1.0 + gap_s)
    assert not silence.over
    for second in range(1, 17):
        silence.pass_time(1.0 + gap_s + second)
        assert not silence.over
    silence.pass_time(1.0 + gap_s + 17)
    assert silence.over


def test_an_interruption_begins_the_count_anew() -> None:
    silence = Silence(LIMITS, 0.0)
    for second in range(1, 20):
        silence.pass_time(float(second))
    silence.interrupt(19.0)
    silence.pass_time(20.0)
    assert not silence.over
