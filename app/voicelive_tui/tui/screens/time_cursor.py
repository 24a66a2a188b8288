"""The part of the main screen that keeps timeline, events and transcript at the same moment.

Invariant: each heartbeat looks which of the three cursors the user has moved, and moves the others
after it.
"""

from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on

from voicelive_tui.tui.panes.timeline import TimelinePane
from voicelive_tui.tui.screens.replaying import ReplayingScreen

if TYPE_CHECKING:
    from voicelive_tui.engine.engine import Engine


@dataclass(frozen=True, slots=True)
class _Cursors:
    """Where the cursors of events and transcript are: a record, and an item. None: nowhere."""

    tab: str = ""
    event_n: int | None = None
    item_id: str | None = None


class TimeCursorScreen(ReplayingScreen):
    """The main screen with the timeline of the current tab."""

    def __init__(
        self, engine: "Engine", keymap: Mapping[str, str], wake: Callable[[], None]
    ) -> None:
        super().__init__(engine, keymap, wake)
        self.timeline_pane = TimelinePane(keymap, id="timeline-pane")
        self._cursors = _Cursors()

    def sync_timeline(self, now_s: float) -> None:
        """Show the timeline of the current tab at the time of the cursor that moved last."""
        pane = self.timeline_pane
        timeline = self._engine.timeline(self.active)
        pane.sync(self.active, self.session, timeline, now_s)
        if self._follow_cursors():
            pane.show_now(now_s)

    # Cursors

    def _seen_cursors(self) -> _Cursors:
        row = self.events_pane.events.cursor_row
        transcript = self.transcript_pane.transcript
        return _Cursors(self.active, None if row is None else row.first_n, transcript.selected)

    def _follow_cursors(self) -> bool:
        """Follow the cursor that the user has moved. Returns whether there is one."""
        seen, before = self._seen_cursors(), self._cursors
        self._cursors = seen
        if seen == before or not self.timeline_pane.display:
            return False
        if seen.tab != before.tab:
            return False
        if seen.event_n != before.event_n:
            both = seen.item_id != before.item_id and None not in (seen.event_n, seen.item_id)
            self._follow_events(transcript_too=not both)
        else:
            self._follow_transcript()
        self._cursors = self._seen_cursors()
        return True

    def _follow_events(self, *, transcript_too: bool) -> None:
        row, transcript = self.events_pane.events.cursor_row, self.transcript_pane.transcript
        if row is None:
            self._follow_newest()
            return
        self.timeline_pane.show_time(row.t_s)
        if transcript_too and not transcript.select_record(row.last_n):
            self._select_line(row.t_s)

    def _follow_transcript(self) -> None:
        line = self.transcript_pane.transcript.current
        if line is None:
            self._follow_newest()
            return
        if line.state != "waiting":
            self.timeline_pane.show_time(line.t_s)
            self.events_pane.events.go_to(line.first_n)

    def _follow_newest(self) -> None:
        self.timeline_pane.leave()
        self.action_follow()

    @on(TimelinePane.Led)
    def _lead(self, event: TimelinePane.Led) -> None:
        """Show the newest event and the newest line before this time."""
        events, before_s = self.events_pane.events, event.before_s
        view = events.view
        if view is not None and view.rows:
            rows = bisect_left(range(view.rows), before_s, key=lambda row: view.row(row).t_s)
            if events.cursor != max(0, rows - 1):
                events.select(max(0, rows - 1), centre=True)
        self._select_line(before_s)
        self._cursors = self._seen_cursors()
        self._wake()

    def _select_line(self, before_s: float) -> None:
        transcript = self.transcript_pane.transcript
        entries = transcript.entries
        lines = bisect_left(entries, before_s, key=lambda line: line.t_s)
        if entries and transcript.cursor != max(0, lines - 1):
            transcript.select(max(0, lines - 1))

    @on(TimelinePane.Left)
    def _leave_past(self) -> None:
        self.action_follow()
        self._cursors = self._seen_cursors()
        self._wake()

    # Keys

    def action_time_step(self, columns: int) -> None:
        """Move the cursor of the timeline."""
        self.show_panes()
        self.timeline_pane.step(columns)

    def action_time_zoom(self, by: int) -> None:
        """Show more time in the timeline (1), less (-1), or the usual length (0)."""
        self.timeline_pane.zoom(by)

    def action_bottom(self) -> None:
        """Go to the newest row; from the timeline to the newest moment."""
        if self.timeline_pane.view.has_focus:
            self.timeline_pane.follow()
        else:
            super().action_bottom()

    def action_follow(self) -> None:
        """Let timeline and both panes follow the newest."""
        self.timeline_pane.leave()
        super().action_follow()
