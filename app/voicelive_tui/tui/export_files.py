"""Writes a session into one zip archive: the recording, its transcript, the events as filtered, and
the versions of the program's parts.

Invariant: every text has its secrets hidden, also in a recording that another program wrote.
"""

import json
import platform
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from itertools import chain
from pathlib import Path
from typing import Final

from voicelive_common.redaction.redact import hide_keys, redact_value
from voicelive_common.text_file import open_ordinary, read_text_file

from voicelive_tui import __version__
from voicelive_tui.journal.audio_store import audio_files
from voicelive_tui.journal.exports import TRANSCRIPT, write_zip
from voicelive_tui.journal.folder import EVENTS, META, PROFILE, folder_name
from voicelive_tui.journal.index import EventIndex
from voicelive_tui.journal.view import EventView
from voicelive_tui.model.events.filters import FilterError, parse_filter
from voicelive_tui.model.session.snapshot import SessionSnapshot
from voicelive_tui.tui.export import event_lines, transcript_lines
from voicelive_tui.tui.screen_clock import Clock
from voicelive_tui.tui.selection import Selection

_PIECE_BYTES: Final = 2**20
_PARTS: Final = ("textual", "websockets", "sounddevice", "numpy")


def export_name(session: SessionSnapshot, clock: Clock) -> str:
    """The name of the archive: that of the session's own folder, else one made of the title and the
    time at which the socket opened."""
    if session.folder:
        return Path(session.folder).name
    ago_s = clock.now() - session.connected_s if session.connected_s is not None else 0.0
    return folder_name(session.title, datetime.fromtimestamp(clock.wall() - ago_s))


def export(
    state_dir: Path, name: str, selection: Selection, is_cancelled: Callable[[], bool]
) -> Path:
    """Write the archive and return its path. Takes seconds for an hour of events. Raises
    ExportError.

    `is_cancelled` is called at each piece. When it returns True, the archive is removed.
    """
    return write_zip(state_dir, name, _files(selection), is_cancelled)


def _files(selection: Selection) -> dict[str, Iterable[str | bytes]]:
    """The contents of each file in pieces, which are made while they are written."""
    files: dict[str, Iterable[str | bytes]] = {
        "versions.txt": _versions(),
        TRANSCRIPT: transcript_lines(selection.session.view.transcript),
        "events.txt": chain(
            [f"# filter: {hide_keys(selection.expr)}\n"],
            event_lines(selection.index, filtered(selection)),
        ),
        EVENTS: _recorded_lines(selection.index),
    }
    if selection.session.folder:
        files |= _other_files(Path(selection.session.folder))
    return files


def filtered(selection: Selection) -> list[int]:
    """The numbers of the records that the selection's filter lets through, ascending."""
    view = EventView(selection.index)
    flt = parse_filter(selection.expr)
    if not isinstance(flt, FilterError):
        view.set_filter(flt)
    view.sync()
    return sorted(view.numbers)


def _versions() -> Iterator[str]:
    yield f"voicelive-tui {__version__}\n"
    yield f"python {platform.python_version()}, {platform.system()} {platform.machine()}\n"
    for name in _PARTS:
        try:
            yield f"{name} {version(name)}\n"
        except PackageNotFoundError:
            yield f"{name} (not installed as a package)\n"


def _recorded_lines(index: EventIndex) -> Iterator[bytes]:
    """The journal's lines. Records that could not be kept have none."""
    for n in range(index.count):
        line = index.kept_line(n)
        if line is not None:
            yield _without_keys(line) + b"\n"


def _without_keys(line: bytes) -> bytes:
    """The line with its secrets hidden; it stays JSON if it was."""
    text = line.decode("utf-8", "backslashreplace")
    if hide_keys(text) is text:
        return line
    try:
        return json.dumps(redact_value(json.loads(text)), ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return hide_keys(text).encode()


def _other_files(folder: Path) -> dict[str, Iterable[str | bytes]]:
    """Profile, facts and sound of a recording, as far as they can be read."""
    files: dict[str, Iterable[str | bytes]] = {}
    for name in (PROFILE, META):
        try:
            files[name] = [hide_keys(read_text_file(folder / name, "backslashreplace"))]
        except OSError as error:
            files[f"{name}.missing"] = [f"{name}: {error.strerror or error}\n"]
    try:
        found = audio_files(folder)
    except OSError:
        found = []
    return files | {path.name: _pieces(path) for path in found}


def _pieces(path: Path) -> Iterator[bytes]:
    """The bytes of an audio file. A link is not followed: a recording may come from anywhere."""
    try:
        fd = open_ordinary(path, follow_links=False)
    except OSError:
        return
    with open(fd, "rb") as file:
        while piece := file.read(_PIECE_BYTES):
            yield piece
