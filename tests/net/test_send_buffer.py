"""What is given up when the server reads too slowly: microphone audio, oldest first, counted."""

import asyncio

import pytest
from voicelive_tui.net.send_buffer import SendBuffer, SendBufferFull


async def drain(outbox: SendBuffer[str]) -> list[str]:
    return [await outbox.get() for _ in range(len(outbox))]


async def test_in_order() -> None:
    outbox: SendBuffer[str] = SendBuffer()
    assert [outbox.put("a", audio_ms=20), outbox.put("b"), outbox.put("c", audio_ms=20)] == [0, 0, 0]
    assert await drain(outbox) == ["a", "b", "c"]


async def test_the_oldest_audio_goes_and_nothing_else() -> None:
    outbox: SendBuffer[str] = SendBuffer(audio_limit_ms=60)
    outbox.put("update")
    with outbox.writing():
        dropped = [outbox.put(f"mic {n}", audio_ms=20) for n in range(5)]
    outbox.put("commit")
    assert dropped == [0, 0, 0, 1, 1]
    assert await drain(outbox) == ["update", "mic 2", "mic 3", "mic 4", "commit"]


async def test_a_burst_is_kept_while_the_socket_takes_everything() -> None:
    outbox: SendBuffer[str] = SendBuffer(audio_limit_ms=60)
    assert [outbox.put(str(n), audio_ms=20) for n in range(50)] == [0] * 50
    with outbox.writing():
        assert outbox.put("last", audio_ms=20) == 48
    assert await drain(outbox) == ["48", "49", "last"]


async def test_what_was_taken_makes_room() -> None:
    outbox: SendBuffer[str] = SendBuffer(audio_limit_ms=40)
    with outbox.writing():
        for n in range(50):
            assert outbox.put(str(n), audio_ms=20) == 0
            assert await outbox.get() == str(n)


async def test_other_events_are_never_dropped_silently() -> None:
    outbox: SendBuffer[str] = SendBuffer(others_limit=2)
    outbox.put("a")
    outbox.put("b")
    with pytest.raises(SendBufferFull):
        outbox.put("c")
    assert outbox.put("mic", audio_ms=20) == 0
    assert await drain(outbox) == ["a", "b", "mic"]


async def test_a_waiting_sender_is_woken() -> None:
    outbox: SendBuffer[str] = SendBuffer()
    taker = asyncio.create_task(outbox.get())
    await asyncio.sleep(0)
    outbox.put("a")
    assert await asyncio.wait_for(taker, 10) == "a"
