"""The files of an export: the event list as filtered, the transcript and the event shown, in a new
folder among the exports."""

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
    """What the export's folder is called: like the session's own folder, or after the time at which
    its socket opened."""
    if session.folder:
        return Path(session.folder).name
    ago_s = clock.now() - session.connected_s if session.connected_s is not None else 0.0
    return folder_name(session.title, datetime.fromtimestamp(clock.wall() - ago_s))


def export(
    state_dir: Path, name: str, selection: Selection, is_cancelled: Callable[[], bool]
) -> tuple[Path, list[str]]:
    """Write the files; the folder and their names. An hour of events takes seconds. Raises
    ExportError.

    `is_cancelled` is asked at each piece of text; when it says so, nothing of the export stays.
    """
    files = _files(selection)
    return write_export(state_dir, name, files, is_cancelled), list(files)


def _files(selection: Selection) -> dict[str, Iterable[str]]:
    """For each file name a text in pieces, made as they are written."""
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
