"""Snapshots are complete, in order, and not more frequent than a screen can use."""

import asyncio
import threading

from voicelive_tui.engine.publisher import Publisher
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
        publisher.mark_changed()
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
    publisher.mark_changed()
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


def test_a_listener_hears_of_each_snapshot_once_it_is_there() -> None:
    publisher = Publisher(lambda revision: EngineSnapshot(revision=revision))
    heard: list[int] = []
    publisher.listen(lambda: heard.append(publisher.snapshot.revision))
    publisher.publish()
    publisher.publish()
    publisher.call_listener()
    publisher.listen(None)
    publisher.publish()
    assert heard == [1, 2, 2]
