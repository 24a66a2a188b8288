"""The near side of a link for tests: the real listener on a Unix socket, or on a port."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from voicelive_tui.audio.listener.listener import ListenAddress, SoundListener

from tests.support.slow_link import Address

TOKEN = "the-token-of-the-test"


@contextmanager
def listening(folder: Path, *, token: str | None = None, tcp: bool = False) -> Iterator[Address]:
    """Give the sound of this machine at the address that is returned, until the block ends. folder:
    where the socket is made; nobody else may enter it."""
    with sound_listener(folder, token=token, tcp=tcp) as listener:
        yield address_of(listener)


def address_of(listener: SoundListener) -> Address:
    """Where this listener gives the sound."""
    at = listener.address
    return at.path if at.path is not None else ("127.0.0.1", at.port or 0)


@contextmanager
def sound_listener(
    folder: Path, *, token: str | None = None, tcp: bool = False
) -> Iterator[SoundListener]:
    """Give the sound of this machine until the block ends, and yield the listener, at which the
    microphone can be muted. folder: as for `listening`."""
    folder.chmod(0o700)
    address = ListenAddress(port=0) if tcp else ListenAddress(path=folder / "near")
    listener = SoundListener(address, token, on_change=lambda status: None)
    listener.start()
    try:
        yield listener
    finally:
        listener.close()
