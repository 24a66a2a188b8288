"""Writes the files of an export: the filtered event list, the transcript and the event in the
details, in a new folder below the exports."""

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import chain
from pathlib import Path

from voicelive_tui.journal.exports import TRANSCRIPT, write_export
from voicelive_tui.journal.folder import folder_name
from voicelive_tui.journal.view import EventView
from voicelive_tui.model.events.filters import FilterError, parse_filter
from voicelive_tui.model.session.snapshot import SessionSnapshot
from voicelive_tui.tui.export import event_lines, event_text, transcript_lines
from voicelive_tui.tui.screen_clock import Clock
from voicelive_tui.tui.selection import Selection


def export_name(session: SessionSnapshot, clock: Clock) -> str:
    """The name of the export's folder: that of the session's own folder, else one made of the title
    and the time at which the socket opened."""
    if session.folder:
        return Path(session.folder).name
    ago_s = clock.now() - session.connected_s if session.connected_s is not None else 0.0
    return folder_name(session.title, datetime.fromtimestamp(clock.wall() - ago_s))


def export(
    state_dir: Path, name: str, selection: Selection, is_cancelled: Callable[[], bool]
) -> tuple[Path, list[str]]:
    """Write the files and return the folder and the file names. Takes seconds for an hour of
    events. Raises ExportError.

    `is_cancelled` is called at each piece of text. When it returns True, the export is removed.
    """
    files = _files(selection)
    return write_export(state_dir, name, files, is_cancelled), list(files)


def _files(selection: Selection) -> dict[str, Iterable[str]]:
    """The text of each file in pieces, which are made while they are written."""
    view = EventView(selection.index)
    flt = parse_filter(selection.expr)
    if not isinstance(flt, FilterError):
        view.set_filter(flt)
    view.sync()
    files: dict[str, Iterable[str]] = {
        TRANSCRIPT: transcript_lines(selection.session.view.transcript),
        "events.txt": chain(
            [f"# filter: {selection.expr}\n"], event_lines(selection.index, view.numbers)
        ),
    }
    if selection.record is not None:
        files[f"event-{selection.record.n}.json"] = [event_text(selection.record), "\n"]
    return files
