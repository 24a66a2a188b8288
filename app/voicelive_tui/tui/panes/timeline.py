"""The timeline of the current tab: its title, its lanes, and where it is in time.

Invariant: one pane serves all tabs. What each of them shows is kept with its key. A timeline
without a cursor follows the newest moment unless it was scrolled away.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from voicelive_tui.model.session.snapshot import SessionSnapshot, SessionState
from voicelive_tui.model.timeline.fold import TimelineFold
from voicelive_tui.model.timeline.lanes import Lanes, lanes_of
from voicelive_tui.model.timeline.window import DEFAULT_ZOOM, ZOOMS, TimeWindow
from voicelive_tui.tui.formatting import RUNNING, time_text
from voicelive_tui.tui.keymap import keys_of, with_keys
from voicelive_tui.tui.timeline_rows import (
    FOUR_LANES,
    TWO_LANES,
    LaneRow,
    axis_row,
    lane_rows,
)
from voicelive_tui.tui.widgets.pane_title import PaneTitle
from voicelive_tui.tui.widgets.spans import Span
from voicelive_tui.tui.widgets.timeline_view import TimelineView

_SECONDS_FROM = 120
"""The width of the screen from which on the title says how much time is shown."""
_WIDE_FROM = 160
"""The width of the screen from which on the title names more keys."""
_DRAWN_EVERY_S = 0.25
"""Seconds between two drawings of a timeline that runs: the usual length of a column."""
_AT_REST_S = 1.0
"""Seconds after which a running timeline moves although nothing in it does."""


@dataclass(frozen=True, slots=True)
class TimePosition:
    """Where a tab's timeline is. cursor_s: the beginning of the column under the cursor. end_s: the
    last moment that is shown. None: the cursor is nowhere, the timeline follows."""

    cursor_s: float | None = None
    end_s: float | None = None


class TimelinePane(Vertical):
    """Title and lanes."""

    class Led(Message):
        """The user moved the cursor: events and transcript show the newest before this time."""

        def __init__(self, before_s: float) -> None:
            super().__init__()
            self.before_s = before_s

    class Left(Message):
        """The user went back to the newest moment: events and transcript follow, too."""

    def __init__(
        self,
        keymap: Mapping[str, str],
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
    ) -> None:
        super().__init__(id=id)
        self._keymap = keymap
        self._title = PaneTitle(id="timeline-title")
        self._view = TimelineView(id="timeline")
        self._positions: dict[str, TimePosition] = {}
        self._key = ""
        self._zoom = DEFAULT_ZOOM
        self._session: SessionSnapshot | None = None
        self._timeline: TimelineFold | None = None
        self._now_s = 0.0
        self._drawn: tuple[object, ...] = ()
        """What the lanes were drawn of."""
        self._drawn_s = -math.inf
        self.due_s = math.inf
        """When the timeline moves although nothing happens, on the console's clock."""

    def compose(self) -> ComposeResult:
        """Yield title and lanes."""
        yield self._title
        yield self._view

    @property
    def view(self) -> TimelineView:
        """The lanes."""
        return self._view

    @property
    def position(self) -> TimePosition:
        """Where the current tab's timeline is."""
        return self._positions.get(self._key, TimePosition())

    @property
    def window(self) -> TimeWindow:
        """What is shown."""
        end_s = self.position.end_s
        shown_s = self._now_s if end_s is None else min(end_s, self._now_s)
        return TimeWindow.ending_at(shown_s, self._zoom, self._view.columns)

    # One heartbeat

    def sync(
        self,
        key: str,
        session: SessionSnapshot | None,
        timeline: TimelineFold | None,
        clock_s: float,
    ) -> bool:
        """Show this tab's timeline. clock_s: now, on the console's clock. Returns whether a cell
        has changed."""
        if timeline is not self._timeline and key == self._key:
            self._positions.pop(key, None)
        self._key, self._session, self._timeline = key, session, timeline
        return self.show_now(clock_s)

    def show_now(self, clock_s: float) -> bool:
        """Show what has happened in the current tab since. Returns whether a cell has changed."""
        session, timeline = self._session, self._timeline
        if session is None or timeline is None or not self._view.columns or not self.display:
            self._drawn, self.due_s = (), math.inf
            return self._show_nothing() if self._view.columns and self.display else False
        started_s = timeline.started_s if session.state in RUNNING else None
        self._now_s = session.view.last_t_s if started_s is None else max(0.0, clock_s - started_s)
        if not self._may_differ(session, clock_s, running=started_s is not None):
            return False
        before = self._view.rows
        changed = self._draw(session, timeline)
        self.due_s = math.inf
        if started_s is not None and self.position.end_s is None:
            self.due_s = clock_s + (_DRAWN_EVERY_S if self._lanes_moved(before) else _AT_REST_S)
        return changed

    def _show_nothing(self) -> bool:
        """Say what will stand here."""
        text = with_keys(" No sound yet: {session.toggle} starts the session.", self._keymap)
        if self._layout_of_rows()[0]:
            self._title.sync("Timeline", (), focused=self._view.has_focus)
        return self._view.show((LaneRow(text, ("dim",) * len(text)),))

    def forget(self, key: str) -> None:
        """Drop the position of a closed tab."""
        self._positions.pop(key, None)

    def _lanes_moved(self, before: Sequence[LaneRow]) -> bool:
        """Whether more than the axis is drawn anew."""
        stop = -1 if self._layout_of_rows()[0] else None
        return self._view.rows[:stop] != before[:stop]

    def _may_differ(self, session: SessionSnapshot, clock_s: float, *, running: bool) -> bool:
        """Whether to draw again: what is shown is another thing, or a running session may have gone
        on since."""
        shown = (
            self._timeline, self.window, self.position, self._view.has_focus, self._view.size,
            self._layout_of_rows(), None if running else session.view, session.state,
        )  # fmt: skip
        if shown == self._drawn and (not running or 0 <= clock_s - self._drawn_s < _DRAWN_EVERY_S):
            return False
        self._drawn, self._drawn_s = shown, clock_s
        return True

    def _layout_of_rows(self) -> tuple[bool, bool]:
        return self.screen.has_class("framed-lanes"), self.screen.has_class("four-lanes")

    def _draw(self, session: SessionSnapshot, timeline: TimelineFold) -> bool:
        window, position = self.window, self.position
        lanes = lanes_of(timeline, session.view.transcript, window, self._now_s)
        cursor = None if position.cursor_s is None else window.column_of(position.cursor_s)
        framed, four = self._layout_of_rows()
        focused = self._view.has_focus
        names = FOUR_LANES if four else TWO_LANES
        rows = lane_rows(lanes, names, cursor, focused=focused and not framed)
        if framed:
            rows.append(self._axis(lanes, cursor))
            self._show_title(window)
        return self._view.show(rows)

    def _axis(self, lanes: Lanes, cursor: int | None) -> LaneRow:
        position = self.position
        if position.end_s is not None or position.cursor_s is not None:
            keys = keys_of("move.bottom", self._keymap)
            end = f"{keys[-1]} follows" if keys else ""
        else:
            recorded = self._session is not None and self._session.state not in RUNNING
            end = f"{'end' if recorded else 'now'} {time_text(self._now_s)}"
        return axis_row(lanes, cursor, position.cursor_s, end)

    def _show_title(self, window: TimeWindow) -> None:
        facts: list[Span] = [(f"{window.column_s:g} s a cell", "dim")]
        recorded = self._session is not None and self._session.state is SessionState.RECORDED
        if recorded:
            begin = time_text(max(0.0, window.begin_s), tenths=False)
            end = time_text(min(window.end_s, self._now_s), tenths=False)
            facts.append((f"  {begin} to {end} of {time_text(self._now_s, tenths=False)}", "dim"))
        elif self.screen.size.width >= _SECONDS_FROM:
            facts.append((f"  {window.columns * window.column_s:g} s", "dim"))
        keys = "{time.back} {time.forward} move  {time.zoom_out} {time.zoom_in} zoom"
        if self.screen.size.width >= _WIDE_FROM:
            keys += "  {look.hear} hear the turn"
            keys += "" if recorded else "  {events.mark_now} mark"
        right: list[Span] = [(with_keys(keys, self._keymap), "dim")]
        self._title.sync("Timeline", facts, right, focused=self._view.has_focus)

    # Commands

    def step(self, columns: int) -> None:
        """Move the cursor by this many columns. Moving on from the newest moment follows it."""
        if self._timeline is None:
            return
        window, cursor_s = self.window, self.position.cursor_s
        column = window.columns if cursor_s is None else window.column_of(cursor_s)
        if cursor_s is None and columns > 0:
            return
        at_s = window.time_of(column + columns)
        if at_s > self._now_s:
            self.follow()
        else:
            self._lead(at_s, window)

    def _lead(self, at_s: float, window: TimeWindow) -> None:
        self.show_time(at_s, window)
        self.post_message(self.Led(at_s + window.column_s))

    def show_time(self, at_s: float, window: TimeWindow | None = None) -> None:
        """Put the cursor on the column with this time, and show it."""
        window = (self.window if window is None else window).showing(at_s)
        cursor_s = window.time_of(window.column_of(at_s))
        self._positions[self._key] = TimePosition(cursor_s, window.end_s - window.column_s / 2)

    def zoom(self, by: int) -> None:
        """Show more time (`by` 1), less (-1), or the usual length (0). The cursor stays in its
        column."""
        before, position = self.window, self.position
        self._zoom = min(max(0, self._zoom + by), len(ZOOMS) - 1) if by else DEFAULT_ZOOM
        if position.cursor_s is None or position.end_s is None:
            return
        behind = before.columns - 1 - before.column_of(position.cursor_s)
        column_s = self.window.column_s
        end_s = position.cursor_s + (behind + 0.5) * column_s
        self._positions[self._key] = replace(position, end_s=end_s)

    def follow(self) -> None:
        """Follow the newest moment, without a cursor."""
        if self.leave():
            self.post_message(self.Left())

    def leave(self) -> bool:
        """Remove the cursor and follow. Returns whether there was anything to change."""
        return self._positions.pop(self._key, None) is not None

    @on(TimelineView.Clicked)
    def _to_column(self, event: TimelineView.Clicked) -> None:
        event.stop()
        self._view.focus()
        if self._timeline is not None:
            window = self.window
            self._lead(min(window.time_of(event.column), self._now_s), window)

    @on(TimelineView.Scrolled)
    def _scroll(self, event: TimelineView.Scrolled) -> None:
        event.stop()
        if self._timeline is None:
            return
        window, position = self.window, self.position
        end_s = window.end_s - (event.columns + 0.5) * window.column_s
        if end_s >= self._now_s and position.cursor_s is None:
            self.leave()
        else:
            first_s = min(self._now_s, (window.columns - 0.5) * window.column_s)
            end_s = min(max(first_s, end_s), self._now_s)
            self._positions[self._key] = replace(position, end_s=end_s)
