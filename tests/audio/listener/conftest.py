"""A listener on a Unix socket that the tests of a module share."""

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from voicelive_tui.audio.listener.listener import ListenAddress, ListenerStatus, SoundListener

from tests.support.deadlines import DEADLINE_S
from tests.support.left_over import nothing_left
from tests.support.sound_peer import SoundPeer


class RunningListener:
    """A listener, and everything that it reported."""

    def __init__(self, where: str, token: str | None = None) -> None:
        self.statuses: list[ListenerStatus] = []
        self.notices: list[str] = []
        self.listener = SoundListener(
            ListenAddress.parse(where),
            token,
            on_change=self.statuses.append,
            on_notice=self.notices.append,
        )
        self.listener.start()
        self.where = str(self.listener.address)

    def connect(self) -> SoundPeer:
        """Connect a peer that has not joined."""
        return SoundPeer(self.where)

    def until(self, condition: Callable[[ListenerStatus], bool]) -> ListenerStatus:
        """Wait for such a status, and return it."""
        deadline_s = time.monotonic() + DEADLINE_S
        while not condition(self.listener.status):
            assert time.monotonic() < deadline_s, f"waited in vain: {self.statuses[-3:]}"
            time.sleep(0.01)
        return self.listener.status

    def until_free(self) -> None:
        """Wait until no peer has the sound."""
        self.until(lambda status: not status.peer)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder whose path is short enough for a socket."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@pytest.fixture(scope="module")
def shared_listener() -> Iterator[RunningListener]:
    """The listener of a module; it leaves nothing behind."""
    with nothing_left(), tempfile.TemporaryDirectory() as name:
        running = RunningListener(f"{name}/sound")
        yield running
        running.listener.close()
        assert list(Path(name).iterdir()) == []


@pytest.fixture
def running(shared_listener: RunningListener) -> Iterator[RunningListener]:
    """The listener of the module without peer and notices."""
    shared_listener.until_free()
    shared_listener.notices.clear()
    yield shared_listener
    shared_listener.listener.mute(False)
