"""Snapshots: whole, in order, and not more often than a screen can use."""

import asyncio
import threading

from voicelive_tui.engine.notice_log import AGAIN_S, LoggedNotice, NoticeLog
from voicelive_tui.engine.publisher import Publisher
from voicelive_tui.engine.session.expiry import warnings
from voicelive_tui.model.session.snapshot import EngineSnapshot

from tests.support.deadlines import DEADLINE_S


async def test_many_changes_become_one_snapshot() -> None:
    composed: list[int] = []

    def compose(revision: int) -> EngineSnapshot:
        composed.append(revision)
        return EngineSnapshot(revision=revision)

    publisher = Publisher(compose)
    publisher.attach(asyncio.get_running_loop())
    publisher.publish()
    for _ in range(1000):
        publisher.dirty()
        publisher.levels_moved()
    revision = await asyncio.to_thread(publisher.wait, 1, DEADLINE_S)
    assert revision == 2
    assert composed == [1, 2]


async def test_a_change_does_not_wait_for_the_meters_turn() -> None:
    publisher = Publisher(lambda revision: EngineSnapshot(revision=revision))
    publisher.attach(asyncio.get_running_loop())
    publisher.publish()
    publisher.levels_moved()
    slow_s = publisher.due_s
    publisher.dirty()
    fast_s = publisher.due_s
    assert slow_s is not None and fast_s is not None and fast_s < slow_s
    publisher.levels_moved()
    assert publisher.due_s == fast_s
    publisher.publish()
    assert publisher.due_s is None


def test_waiting_ends_with_its_time() -> None:
    publisher = Publisher(lambda revision: EngineSnapshot(revision=revision))
    assert publisher.wait(0, 0.01) == 0
    waiter = threading.Thread(target=publisher.wait, args=(0, DEADLINE_S))
    waiter.start()
    publisher.publish()
    waiter.join(DEADLINE_S)
    assert not waiter.is_alive()


def test_notices_are_read_once() -> None:
    board = NoticeLog()
    assert board.after(0) == ()
    for text in ("a", "b", "c"):
        board.put(LoggedNotice("info", text))
    assert [serial for serial, _ in board.after(0)] == [1, 2, 3]
    assert [notice.text for _, notice in board.after(2)] == ["c"]
    assert board.after(3) == ()


def test_the_same_complaint_at_once_again_is_told_once() -> None:
    now_s = 100.0
    board = NoticeLog(lambda: now_s)
    for text in ("a", "a", "b", "a"):
        board.put(LoggedNotice("error", text))
    for _ in range(2):
        board.put(LoggedNotice("info", "There is nothing to interrupt."))
    assert [notice.text for _, notice in board.after(0)][:3] == ["a", "b", "a"]
    assert len(board.after(3)) == 2
    board.put(LoggedNotice("error", "a"))
    now_s += AGAIN_S
    board.put(LoggedNotice("error", "a"))
    assert [notice.text for _, notice in board.after(5)] == ["a", "a"]


def test_a_session_that_expires_is_announced_twice() -> None:
    delays = [delay for delay, _ in warnings(4000.0, 400.0)]
    assert delays == [3300.0, 3540.0]
    assert [delay for delay, _ in warnings(600.0, 400.0)] == [140.0]
    assert warnings(430.0, 400.0) == []
    assert "5 minutes" in warnings(4000.0, 400.0)[0][1] and "1 minute;" in warnings(4000.0, 400.0)[1][1]
