"""Where sound is given to a console elsewhere: a Unix socket, or a port of 127.0.0.1."""

import socket
from dataclasses import dataclass
from pathlib import Path

from voicelive_tui.audio.client.link_address import HOST_AND_PORT, LOOPBACK, LOOPBACK_NAMES


class ListenError(Exception):
    """The sound cannot be given at this address. The text is one sentence with the cure."""


@dataclass(frozen=True, slots=True)
class ListenAddress:
    """One of both: the path of a Unix socket, or a port of 127.0.0.1, where 0 stands for any free
    one."""

    path: Path | None = None
    port: int | None = None

    @classmethod
    def parse(cls, text: str) -> "ListenAddress":
        """Read `PATH` or `127.0.0.1:PORT`. Raises ListenError."""
        found = HOST_AND_PORT.fullmatch(text)
        if found is None:
            return cls._at_path(text)
        if found["host"] not in LOOPBACK_NAMES:
            raise ListenError(
                f"{text} would give the microphone to the network: use {LOOPBACK}:{found['port']} "
                "and a forwarded port."
            )
        if len(found["port"]) > 5 or int(found["port"]) > 65535:
            raise ListenError(f"{found['port'][:20]} is no port: use a number from 0 to 65535.")
        return cls(port=int(found["port"]))

    @classmethod
    def _at_path(cls, text: str) -> "ListenAddress":
        if not text.strip() or "\0" in text:
            raise ListenError(f"The socket has no name: use a path, or {LOOPBACK}:PORT.")
        if not hasattr(socket, "AF_UNIX"):
            raise ListenError(
                f"Python has no Unix sockets on this system: use {LOOPBACK}:PORT instead of {text}."
            )
        try:
            return cls(path=Path(text).expanduser().absolute())
        except RuntimeError:
            raise ListenError(f"There is no such user as in {text}: use another path.") from None

    def __str__(self) -> str:
        """Return the address as `parse` reads it."""
        return str(self.path) if self.path is not None else f"{LOOPBACK}:{self.port}"
