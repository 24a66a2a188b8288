"""Microphone audio is dropped, the oldest first, and counted when the server reads too slowly."""

import asyncio
from typing import Any

from voicelive_tui.engine.session.send_queue import STUCK_CURE, SendQueue
from voicelive_tui.model.events.record import Local
from voicelive_tui.model.notice import Notice


class Sent:
    """A queue and its reports."""

    def __init__(self, **limits: int) -> None:
        self.dropped: list[int] = []
        self.errors: list[str] = []
        self.queue = SendQueue(self._append_local, self._show, **limits)

    def _show(self, notice: Notice) -> None:
        assert (notice.level, notice.cure) == ("error", STUCK_CURE)
        self.errors.append(notice.text)

    def _append_local(self, kind: str, at_s: float, **fields: Any) -> None:
        assert (kind, fields["what"]) == (Local.DROPPED, "microphone")
        self.dropped.append(fields["blocks"])

    def send(self, name: str) -> None:
        """An event that is not audio."""
        self.queue.send({"type": name})

    def speak(self, name: str) -> bool:
        """Put 20 ms of microphone audio."""
        return self.queue.send_block({"type": name}, bytes(960), 1.5)

    async def take(self) -> str:
        """Return the name of the next event."""
        return str((await self.queue.get()).event["type"])

    async def drain(self) -> list[str]:
        """Return the names of all waiting events."""
        return [await self.take() for _ in range(len(self.queue))]


async def test_in_order() -> None:
    sent = Sent()
    assert not sent.speak("a")
    sent.send("b")
    assert not sent.speak("c")
    assert await sent.drain() == ["a", "b", "c"]
    assert not sent.dropped and not sent.errors


async def test_what_was_not_sent_is_known_without_the_audio() -> None:
    sent = Sent()
    sent.send("a")
    sent.speak("mic")
    sent.send("b")
    assert await sent.take() == "a"
    assert [event["type"] for event in sent.queue.unsent()] == ["b"]


async def test_audio_keeps_the_time_at_which_it_was_heard() -> None:
    sent = Sent()
    sent.speak("mic")
    sent.send("update")
    assert [(await sent.queue.get()).captured_at_s for _ in range(2)] == [1.5, None]


async def test_the_oldest_audio_goes_and_nothing_else() -> None:
    sent = Sent(audio_limit_ms=60)
    sent.send("update")
    with sent.queue.writing():
        assert [sent.speak(f"mic {n}") for n in range(5)] == [False, False, False, True, True]
    sent.send("commit")
    assert sent.dropped == [1, 1]
    assert await sent.drain() == ["update", "mic 2", "mic 3", "mic 4", "commit"]


async def test_a_burst_is_kept_while_the_socket_takes_everything() -> None:
    sent = Sent(audio_limit_ms=60)
    assert not any(sent.speak(str(n)) for n in range(50))
    with sent.queue.writing():
        assert sent.speak("last")
    assert sent.dropped == [48]
    assert await sent.drain() == ["48", "49", "last"]


async def test_what_was_taken_makes_room() -> None:
    sent = Sent(audio_limit_ms=40)
    with sent.queue.writing():
        for n in range(50):
            assert not sent.speak(str(n))
            assert await sent.take() == str(n)


async def test_other_events_are_never_dropped_silently() -> None:
    sent = Sent(others_limit=2)
    for name in ("a", "b", "c"):
        sent.send(name)
    assert len(sent.errors) == 1 and "c was not sent" in sent.errors[0]
    assert not sent.speak("mic")
    assert await sent.drain() == ["a", "b", "mic"]
    sent.send("d")
    assert await sent.drain() == ["d"]


async def test_a_waiting_sender_is_woken() -> None:
    sent = Sent()
    taker = asyncio.create_task(sent.take())
    await asyncio.sleep(0)
    sent.send("a")
    assert await asyncio.wait_for(taker, 10) == "a"
