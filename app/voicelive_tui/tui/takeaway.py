"""Copying and writing out what the console shows."""

import os
import threading
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from voicelive_tui.concurrency.worker_thread import run_to_end_in_thread
from voicelive_tui.journal.exports import ExportError, write_export
from voicelive_tui.journal.folder import folder_name
from voicelive_tui.journal.index import EventIndex
from voicelive_tui.journal.view import EventView
from voicelive_tui.model.filters import FilterError, parse_filter
from voicelive_tui.model.record import Record
from voicelive_tui.model.snapshot import SessionSnapshot
from voicelive_tui.model.transcript import TranscriptLine
from voicelive_tui.model.turns import Turn
from voicelive_tui.tui.export import event_lines, event_text, line_text, transcript_lines, turn_text
from voicelive_tui.tui.words import amount, recorded_where

if TYPE_CHECKING:
    from voicelive_tui.tui.screens.console import ConsoleScreen

EXPORT_ENDS_S = 1.0
"""An export asks at each line whether it is wanted; on a disk that hangs it does not come to ask."""


class Takeaway:
    """Acts on the active tab of the console's screen."""

    def __init__(self, screen: "ConsoleScreen") -> None:
        self._screen = screen

    def copy(self) -> None:
        """The selected transcript line if the transcript has the focus, else the event shown."""
        transcript = self._screen.talk.transcript
        if transcript.has_focus and (line := transcript.current):
            self._to_clipboard(line_text(line), "the transcript line")
        elif record := self._screen.wire.current_record():
            self._to_clipboard(event_text(record), f"event {amount(record.n)}")
        else:
            self._screen.say("info", "There is no event to copy yet.")

    def copy_turn(self) -> None:
        """The turn of what is selected, or the last one."""
        session, index = self._screen.session, self._screen.wire.state.index
        if session is None or index is None or not session.view.turns:
            self._screen.say("info", "There is no turn to copy yet.")
            return
        turns = session.view.turns
        place = self._turn_at(turns)
        until_s = turns[place + 1].started_s if place + 1 < len(turns) else None
        self._to_clipboard(turn_text(turns[place], session.view.transcript, index, until_s), f"turn {turns[place].number}")

    def _turn_at(self, turns: Sequence[Turn]) -> int:
        screen = self._screen
        if (line := screen.talk.transcript.current) and screen.talk.transcript.has_focus:
            t_s = line.t_s
        elif (n := screen.wire.events.cursor_n) is not None and screen.wire.state.index is not None:
            t_s = screen.wire.state.index.t_s(n)
        else:
            return len(turns) - 1
        # The latest of them, looked for from the end, where people look.
        return next((at for at in range(len(turns) - 1, 0, -1) if turns[at].started_s <= t_s), 0)

    def _to_clipboard(self, text: str, what: str) -> None:
        self._screen.app.copy_to_clipboard(text)
        self._screen.say(
            "info", f"Copied {what} ({amount(len(text))} characters), if this terminal lets programs copy; w writes files."
        )

    def export(self) -> None:
        """Event list as filtered, transcript, and the event shown, into a new folder among the exports."""
        session, state = self._screen.session, self._screen.wire.state
        if session is None or state.index is None or not state.index.count:
            self._screen.say("info", "There is nothing to write yet.")
            return
        name = Path(session.folder).name if session.folder else folder_name(session.title, self._started(session))
        record = self._screen.wire.current_record()
        self._screen.run_worker(self._write(name, session, state.index, state.expr, record), exclusive=True, group="export")

    def _started(self, session: SessionSnapshot) -> datetime:
        """When the session's socket opened; now for one that never did."""
        clock = self._screen.console_app.clock
        ago_s = clock.now() - session.connected_s if session.connected_s is not None else 0.0
        return datetime.fromtimestamp(clock.wall() - ago_s)

    async def _write(self, name: str, session: SessionSnapshot, index: EventIndex, expr: str, record: Record | None) -> None:
        """In a thread: an hour of events takes seconds. Who leaves meanwhile calls it off."""
        state_dir, cancelled = self._screen.console_app.engine.settings.state_dir, threading.Event()

        def write() -> tuple[Path, list[str]]:
            files = _export_files(session.view.transcript, index, expr, record)
            return write_export(state_dir, name, files, cancelled.is_set), list(files)

        try:
            folder, names = await run_to_end_in_thread(write, cancelled.set, within_s=EXPORT_ENDS_S)
        except ExportError as error:
            self._screen.say("error", f"{error} {recorded_where(session)}")
        else:
            # The folder first: a narrow screen cuts the end.
            self._screen.say("info", f"Wrote {_from_home(folder)}: {', '.join(names)}")


def _from_home(path: Path) -> str:
    """The path as short as a shell takes it."""
    home = Path(os.path.expanduser("~"))  # never raises, unlike Path.home
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)


def _export_files(
    lines: Sequence[TranscriptLine], index: EventIndex, expr: str, record: Record | None
) -> dict[str, Iterable[str]]:
    """What an export holds: for each file name a text in pieces, made as they are written."""
    view = EventView(index)
    flt = parse_filter(expr)
    if not isinstance(flt, FilterError):
        view.set_filter(flt)
    view.sync()
    files: dict[str, Iterable[str]] = {
        "transcript.txt": transcript_lines(lines),
        "events.txt": chain([f"# filter: {expr}\n"], event_lines(index, view.numbers)),
    }
    if record is not None:
        files[f"event-{record.n}.json"] = [event_text(record), "\n"]
    return files
