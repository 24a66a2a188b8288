"""The files of an export: the event list as filtered, the transcript and the event shown, in a new folder among the exports."""

from datetime import datetime
from pathlib import Path

from voicelive_tui.journal.exports import write_export
from voicelive_tui.journal.folder import folder_name
from voicelive_tui.journal.view import EventView
from voicelive_tui.model.events.filters import FilterError, parse_filter
from voicelive_tui.model.session.snapshot import SessionSnapshot
from voicelive_tui.tui.export import event_text, events_text, transcript_text
from voicelive_tui.tui.screen_clock import Clock
from voicelive_tui.tui.selection import Selection


def export_name(session: SessionSnapshot, clock: Clock) -> str:
    """What the export's folder is called: like the session's own folder, or after the time at which its socket opened."""
    if session.folder:
        return Path(session.folder).name
    ago_s = clock.now() - session.connected_s if session.connected_s is not None else 0.0
    return folder_name(session.title, datetime.fromtimestamp(clock.wall() - ago_s))


def export(state_dir: Path, name: str, selection: Selection) -> tuple[Path, list[str]]:
    """Write the files; the folder and their names. An hour of events takes seconds. Raises ExportError."""
    files = _files(selection)
    return write_export(state_dir, name, files), list(files)


def _files(selection: Selection) -> dict[str, str]:
    """A text for each file name."""
    view = EventView(selection.index)
    view.set_collapse(False)
    flt = parse_filter(selection.expr)
    if not isinstance(flt, FilterError):
        view.set_filter(flt)
    view.sync()
    numbers = (view.row(position).first_n for position in range(view.rows))
    files = {
        "transcript.txt": transcript_text(selection.session.view.transcript),
        "events.txt": f"# filter: {selection.expr}\n" + events_text(selection.index, numbers),
    }
    if selection.record is not None:
        files[f"event-{selection.record.n}.json"] = event_text(selection.record) + "\n"
    return files
