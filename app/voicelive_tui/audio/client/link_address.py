"""The address of another machine's audio engine: a Unix socket, a port of 127.0.0.1, or a
folder whose `link.json` says which of both, so that a link that is made anew is found."""

import json
import os
import re
import socket
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from voicelive_common.printable import printable
from voicelive_common.redaction.secret import Secret

from voicelive_tui.audio.client.engine_connection import AudioUnavailable
from voicelive_tui.model.session.snapshot import SoundLink
from voicelive_tui.paths import LINK_FILE, short_path

LONGEST_NAME: Final = 64
_LONGEST_FILE_BYTES = 1 << 16
HOST_AND_PORT = re.compile(r"(?P<host>[^/\\]*):(?P<port>\d+)")
LOOPBACK: Final = "127.0.0.1"
LOOPBACK_NAMES: Final = (LOOPBACK, "localhost")


class LinkAddressError(ValueError):
    """The address is none. The text is one sentence with the cure."""


@dataclass(frozen=True, slots=True)
class LinkTarget:
    """A socket, and the proof of the right to its sound. path: of a Unix socket; None for `port` of
    127.0.0.1. machine: the name of the other machine, empty if it is not known yet."""

    path: Path | None = None
    port: int = 0
    token: Secret | None = None
    machine: str = ""
    way: Literal["ssh", "socket"] = "socket"

    def __str__(self) -> str:
        return short_path(self.path) if self.path is not None else f"127.0.0.1:{self.port}"


@dataclass(frozen=True, slots=True)
class LinkAddress:
    """The value of `--audio`. token: from the environment; that of a `link.json` comes
    first."""

    text: str
    token: Secret | None = None

    def __post_init__(self) -> None:
        """Raises LinkAddressError."""
        found = HOST_AND_PORT.fullmatch(self.text)
        if found is None:
            if not self.text.strip() or "\0" in self.text:
                raise LinkAddressError("The sound's address is empty: use a socket, or a folder.")
            return
        if found["host"] not in LOOPBACK_NAMES:
            raise LinkAddressError(
                f"{self.text} would send the sound over the network unprotected: forward a port, "
                "as with `ssh -R`, and use 127.0.0.1:PORT."
            )
        if len(found["port"]) > 5 or not 0 < int(found["port"]) < 65536:
            raise LinkAddressError(
                f"{found['port'][:20]} is no port: use a number from 1 to 65535."
            )

    def __str__(self) -> str:
        return self.text

    def target(self) -> LinkTarget:
        """Return the present address of the engine. Raises AudioUnavailable if the folder does not
        have it."""
        found = HOST_AND_PORT.fullmatch(self.text)
        if found is not None:
            return LinkTarget(port=int(found["port"]), token=self.token)
        path, is_folder = _place(self.text)
        if not is_folder:
            return LinkTarget(path=path, token=self.token)
        return self._read(path / LINK_FILE)

    def link(self) -> SoundLink:
        """The machine and the way of a link that is not open yet."""
        try:
            target = self.target()
        except AudioUnavailable:
            return SoundLink(printable(self.text)[:LONGEST_NAME], "socket")
        return SoundLink(target.machine or str(target), target.way)

    def _read(self, file: Path) -> LinkTarget:
        fields = _fields(file)
        try:
            place = LinkAddress(fields["socket"])
        except LinkAddressError:
            raise _unreadable(file, "it names no socket of this machine") from None
        if HOST_AND_PORT.fullmatch(place.text) is None and _place(place.text)[1]:
            raise _unreadable(file, "it names no socket")
        token = fields["token"]
        target = place.target()
        return LinkTarget(
            target.path,
            target.port,
            Secret(token) if token else self.token,
            printable(fields["machine"])[:LONGEST_NAME],
            "ssh" if fields["way"] == "ssh" else "socket",
        )


def _fields(file: Path) -> dict[str, str]:
    """Read the file, which only its owner may read, because it holds the token."""
    try:
        # A FIFO would wait for somebody who writes into it.
        with open(file, "rb", opener=_open_at_once) as opened:
            status = os.fstat(opened.fileno())
            raw = opened.read(_LONGEST_FILE_BYTES) if stat.S_ISREG(status.st_mode) else None
    except FileNotFoundError:
        raise AudioUnavailable(
            f"There is no {LINK_FILE} in {short_path(file.parent)}: connect with `voicelive-tui "
            "ssh` again, or give --audio a socket."
        ) from None
    except OSError as error:
        raise _unreadable(file, error.strerror or str(error)) from None
    if raw is None:
        raise _unreadable(file, "it is no file")
    if hasattr(os, "getuid") and status.st_uid != os.getuid():
        raise _unreadable(file, "it belongs to another user")
    if hasattr(os, "getuid") and stat.S_IMODE(status.st_mode) & 0o077:
        raise AudioUnavailable(
            f"Other users can read {short_path(file)}, which holds the token: `chmod 600` it."
        )
    try:
        content: Any = json.loads(raw)
        fields = {name: content.get(name, "") for name in ("socket", "token", "machine", "way")}
    except (ValueError, AttributeError, RecursionError):
        raise _unreadable(file, "it is no JSON object") from None
    if not all(isinstance(value, str) for value in fields.values()):
        raise _unreadable(file, "a value in it is no text")
    return fields


def _open_at_once(name: str, flags: int) -> int:
    return os.open(name, flags | getattr(os, "O_NONBLOCK", 0))


def _place(text: str) -> tuple[Path, bool]:
    """The path, and whether it is a folder. Raises AudioUnavailable for one that cannot be."""
    try:
        path = Path(text).expanduser()
        os.fsencode(path)
        return path, path.is_dir()
    except OSError as error:
        reason = error.strerror or str(error)
    except RuntimeError:
        reason = "no such user"
    except ValueError:
        reason = "it is no path"
    raise AudioUnavailable(
        f"{printable(text)[:LONGEST_NAME]} cannot be used ({reason}): give --audio a socket, or a "
        "folder."
    )


def _unreadable(file: Path, reason: str) -> AudioUnavailable:
    return AudioUnavailable(
        f"{short_path(file)} cannot be used ({reason}): connect with `voicelive-tui ssh` again."
    )


def has_unix_sockets() -> bool:
    """Return True if Python has Unix sockets on this system."""
    return hasattr(socket, "AF_UNIX")
