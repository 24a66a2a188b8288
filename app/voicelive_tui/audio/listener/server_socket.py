"""Opens and removes the socket on which a listener waits for peers.

Invariant: nothing is ever deleted but a socket of this user on which nobody listens any more, and
the one that was made here.
"""

import contextlib
import os
import socket
import stat
from pathlib import Path

from voicelive_tui.audio.client.link_address import LOOPBACK
from voicelive_tui.audio.listener.address import ListenAddress, ListenError

_BACKLOG = 128
"""Connections that may wait to be accepted. A Unix socket refuses more at once."""
_LONGEST_PATH_BYTES = 103
"""The shortest limit that a system has for the path of a Unix socket (macOS)."""


class ServerSocket:
    """A listening socket, which does not block. address: where it listens, with the port that was
    chosen."""

    def __init__(self, address: ListenAddress) -> None:
        """Begin to listen. Raises ListenError."""
        self._made: tuple[int, int] | None = None
        try:
            if address.path is None:
                self.sock = socket.create_server((LOOPBACK, address.port or 0), backlog=_BACKLOG)
                address = ListenAddress(port=self.sock.getsockname()[1])
            else:
                self.sock = self._bind(address.path)
        except OSError as error:
            raise ListenError(f"{address} cannot be used ({error.strerror or error}).") from None
        self.address = address
        self.sock.setblocking(False)

    def _bind(self, path: Path) -> socket.socket:
        if len(os.fsencode(path)) > _LONGEST_PATH_BYTES:
            raise ListenError(
                f"The path {path} is too long for a socket: use one of at most "
                f"{_LONGEST_PATH_BYTES} bytes."
            )
        _check_folder(path.parent)
        _remove_stale(path)
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            sock.bind(str(path))
            # The folder keeps others out until then.
            os.chmod(path, 0o600)
            sock.listen(_BACKLOG)
        except OSError:
            sock.close()
            raise
        made = os.lstat(path)
        self._made = (made.st_dev, made.st_ino)
        return sock

    def close(self) -> None:
        """Stop listening and remove the socket's file, unless another one has its name now."""
        self.sock.close()
        path, made = self.address.path, self._made
        if path is None or made is None:
            return
        with contextlib.suppress(OSError):
            now = os.lstat(path)
            if (now.st_dev, now.st_ino) == made:
                os.unlink(path)


def _check_folder(folder: Path) -> None:
    """Make the folder, if it is missing, and see to it that only this user can enter it."""
    with contextlib.suppress(FileExistsError):
        os.mkdir(folder, 0o700)
    found = os.stat(folder)
    if not stat.S_ISDIR(found.st_mode):
        raise ListenError(f"{folder} is no folder: name a socket in a folder of your own.")
    if found.st_uid != os.getuid():
        raise ListenError(
            f"The folder {folder} belongs to another user: name a socket in a folder of your own, "
            "which is made if it is missing."
        )
    if stat.S_IMODE(found.st_mode) & 0o077:
        raise ListenError(
            f"Other users can enter the folder {folder}: name a socket in a folder that is yours "
            "alone, such as one that does not exist yet."
        )


def _remove_stale(path: Path) -> None:
    """Remove the socket of a listener that is dead."""
    try:
        found = os.lstat(path)
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(found.st_mode) or found.st_uid != os.getuid():
        raise ListenError(f"{path} exists and is no socket of yours: use another name.")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            os.unlink(path)
            return
        except FileNotFoundError:
            return
        except OSError:
            # A full backlog means that somebody listens.
            pass
    raise ListenError(f"{path} is in use by another program: end that one, or use another name.")
