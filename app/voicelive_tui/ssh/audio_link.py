"""`voicelive-tui audio-link prepare`, which `voicelive-tui ssh` runs on HOST: makes the private
folder in which the console there finds the way to the sound.

The request comes as one JSON object on standard input, so that its token stands in no command line;
the answer is one line behind `LINK_MARK` on standard output. `link.json` in the folder is replaced
as a whole, because a console that still runs in tmux reads it at every attempt to connect.
"""

import json
import os
import re
import secrets
import stat
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from voicelive_common.exit_codes import ExitCode

from voicelive_tui import __version__
from voicelive_tui.paths import LINK_FILE
from voicelive_tui.ssh.remote_shell import LINK_MARK

LEFT_OVER: Final = ("exit", "notes")
"""The files that the console's shell leaves in the folder when nobody was attached at its end."""

_MAX_REQUEST_BYTES: Final = 1 << 16
_MAX_SOCKET_PATH_BYTES: Final = 100
"""Unix sockets take 104 bytes on macOS and 108 on Linux, with a zero at the end."""
_NAME: Final = re.compile(r"[a-z0-9-]{1,64}")
_SPECIAL: Final = frozenset("\\:%$[]\"'`")
"""What `ssh -R` does not take as it stands. In place of `${NAME}` it puts a variable of its own
side, which the other side must not learn."""


class LinkRequestError(ValueError):
    """The link cannot be prepared; the text is one sentence."""


def audio_link(arguments: Sequence[str]) -> int:
    """Carry out `audio-link prepare [tmux]`; the exit code says whether the link is prepared.
    tmux: whether this machine has it."""
    tmux = list(arguments) == ["prepare", "tmux"]
    if not tmux and list(arguments) != ["prepare"]:
        print("audio-link is for 'voicelive-tui ssh', which runs it.", file=sys.stderr)
        return ExitCode.USAGE
    try:
        answer = prepare(_read_request(sys.stdin.buffer.read(_MAX_REQUEST_BYTES)), tmux=tmux)
    except LinkRequestError as error:
        answer = {"problem": str(error)}
    except OSError as error:
        answer = {"problem": f"{error.strerror}: {error.filename}."}
    print(f"\n{LINK_MARK}{json.dumps({**_here(), **answer})}", flush=True)
    return ExitCode.FOUND if "problem" in answer else ExitCode.OK


def prepare(request: Mapping[str, Any], *, tmux: bool, links: Path | None = None) -> dict[str, Any]:
    """Make the folder of the link that the request names, and write its `link.json`.

    request: protocol, token, machine, all str; name, that of a console which tmux keeps; once,
    that of one which ends with its connection; address (`127.0.0.1:PORT`) where the link is no
    socket in the folder. links: the folder of all links. Returns folder, socket and whether tmux
    keeps it; nothing when the other side speaks another protocol. Raises LinkRequestError and
    OSError.
    """
    if request.get("protocol") != protocol():
        return {}
    kept = tmux and request.get("name") is not None
    name, token, machine = (
        _text(request, key) for key in ("name" if kept else "once", "token", "machine")
    )
    if not _NAME.fullmatch(name):
        raise LinkRequestError(f"{name!r} cannot be the name of a link.")
    folder = _private_folder((links or links_folder()) / name)
    _remove_former(folder)
    way = request.get("address") or _socket_path(folder)
    link = {"socket": way, "token": token, "machine": machine, "way": "ssh"}
    _replace(folder / LINK_FILE, json.dumps(link))
    return {"folder": str(folder), "socket": way, "tmux": kept}


def is_plain_path(path: str) -> bool:
    """Whether `ssh -R` takes the path of a socket as it stands."""
    return _SPECIAL.isdisjoint(path)


def links_folder() -> Path:
    """The folder of all links of this user on this machine."""
    import platformdirs

    state = os.environ.get("VOICELIVE_TUI_STATE_DIR", "").strip()
    base = state or platformdirs.user_state_dir("voicelive-tui", appauthor=False)
    return Path(base).absolute() / "links"


def protocol() -> str:
    """The version of the framed audio protocol that this program speaks."""
    from voicelive_tui.audio.ipc.frames import PREAMBLE

    return PREAMBLE.decode()


def _here() -> dict[str, str]:
    return {"version": __version__, "protocol": protocol()}


def _read_request(data: bytes) -> Mapping[str, Any]:
    try:
        request = json.loads(data)
    except (ValueError, RecursionError):
        request = None
    if not isinstance(request, dict):
        raise LinkRequestError("the request is no JSON object.")
    return request


def _text(request: Mapping[str, Any], key: str) -> str:
    value = request.get(key)
    if not isinstance(value, str) or not value:
        raise LinkRequestError(f"the request has no {key}.")
    return value


def _private_folder(folder: Path) -> Path:
    """Make the folder, or check that it is this user's own, and close it to all others."""
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise LinkRequestError(f"{folder} is not a folder of this user; remove it.")
    folder.chmod(0o700)
    return folder


def _remove_former(folder: Path) -> None:
    """Remove what a former connection left: sshd leaves the sockets that it made."""
    sockets, elsewhere = list(folder.glob("*.sock")), []
    with suppress(OSError, ValueError, KeyError, TypeError, RecursionError):
        former = Path(json.loads((folder / LINK_FILE).read_text())["socket"])
        if former.name.endswith(".sock") and former.parent.name.startswith("voicelive-tui-"):
            sockets.append(former)
            elsewhere.append(former.parent)
    for path in [*sockets, *(folder / name for name in LEFT_OVER)]:
        path.unlink(missing_ok=True)
    for place in elsewhere:
        with suppress(OSError):
            place.rmdir()


def _socket_path(folder: Path) -> str:
    """The path of a new socket, in the folder, or in a private temporary one if the system could
    not take the path."""
    name = f"{secrets.token_hex(4)}.sock"
    if len(os.fsencode(folder / name)) <= _MAX_SOCKET_PATH_BYTES and is_plain_path(str(folder)):
        return str(folder / name)
    return os.path.join(tempfile.mkdtemp(prefix="voicelive-tui-", dir="/tmp"), name)


def _replace(path: Path, text: str) -> None:
    """Write the file with mode 0600, so that a reader finds the old or the new one."""
    part = path.with_suffix(f".{secrets.token_hex(4)}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    part.replace(path)
