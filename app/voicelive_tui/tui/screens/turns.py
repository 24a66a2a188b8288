"""The part of the main screen that goes from turn to turn, and shows the steps of one of them.

Invariant: the turn that is shown is the one under the cursor, or the newest while the panes follow.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from voicelive_tui.model.turns.turn import Turn
from voicelive_tui.tui.keymap import key_of
from voicelive_tui.tui.screens.tuning import TuningScreen
from voicelive_tui.tui.turn_at import line_of_turn, turn_at, turn_of_line
from voicelive_tui.tui.widgets.spans import Span, Spans
from voicelive_tui.tui.widgets.turn_rows import TurnFacts, turn_sentence

if TYPE_CHECKING:
    from voicelive_tui.engine.engine import Engine
    from voicelive_tui.tui.panes.turn_pane import TurnPane, TurnRows

_COLUMN_FROM_ROWS = 40
"""The rows of a screen from which the third column has room for settings and a turn."""
_LEAST_EVENT_ROWS = 3
"""The rows that the events keep above a turn, their title among them."""
_LEAST_SETTING_ROWS = 12


class TurnScreen(TuningScreen):
    """The main screen with the turn under the cursor."""

    def __init__(
        self, engine: "Engine", keymap: Mapping[str, str], wake: Callable[[], None]
    ) -> None:
        super().__init__(engine, keymap, wake)
        self._turn_pane: TurnPane | None = None

    @property
    def turn_covers_events(self) -> bool:
        """Whether a turn is shown in the place of events."""
        return self._turn_pane is not None and not self._turn_pane.column

    @property
    def _turns(self) -> Sequence[Turn]:
        return self.session.view.turns if self.session is not None else ()

    def action_turn(self, step: int) -> None:
        """Go to the next (`step` 1) or previous (-1) turn and show it; follow the newest behind the
        last one."""
        if not self._turns:
            self.show_message("info", "There is no turn yet.")
            return
        at = self._walked(step)
        self.show_events()
        if at is not None:
            self._go_to_turn(at)
        elif step > 0:
            self.action_follow()
        else:
            self.show_message("info", "This is the first turn.")
        self._open_turn()

    def _walked(self, step: int) -> int | None:
        """The position of the turn that is `step` away and has a line; None beyond either end."""
        lines, turns = self.transcript_pane.transcript.entries, self._turns
        current = None if self._follows() else self._position()
        if current is None:
            current = len(turns)
        at = current + step
        while 0 <= at < len(turns) and line_of_turn(lines, turns, at) is None:
            at += step
        return at if 0 <= at < len(turns) else None

    def _go_to_turn(self, at: int) -> None:
        """Put both cursors on the turn at this position."""
        transcript, events = self.transcript_pane.transcript, self.events_pane.events
        entry = line_of_turn(transcript.entries, self._turns, at)
        if entry is None:
            return
        line = transcript.entries[entry]
        transcript.select(entry)
        events.related = (line.first_n, line.last_n)
        events.go_to(line.first_n)

    def _follows(self) -> bool:
        transcript = self.transcript_pane.transcript
        return self.events_pane.events.following and transcript.selected is None

    def _position(self) -> int | None:
        """The position of the turn under the cursor, of the newest one while the panes follow; None
        without turns."""
        turns, transcript, events = (
            self._turns,
            self.transcript_pane.transcript,
            self.events_pane.events,
        )
        n, index = events.cursor_n, self.events_pane.state.index
        if transcript.current is not None and not events.has_focus:
            return turn_of_line(turns, transcript.current)
        if n is not None and index is not None and not events.following:
            return turn_at(turns, index.t_s(n))
        return len(turns) - 1 if turns else None

    # The pane

    def _open_turn(self) -> None:
        """Show the turn below the events, unless the third column shows it."""
        self._place_turn_in_column()
        if self._turn_pane is None:
            from voicelive_tui.tui.panes.turn_pane import TurnPane

            self._turn_pane = TurnPane(self._keymap, column=False)
            self.add_class("turn-open")
            self.events_pane.mount(self._turn_pane)
        if self.has_class("compact"):
            self.call_later(self._focus_turn)
        self._wake()

    def _focus_turn(self) -> None:
        if self._turn_pane is not None:
            self.set_focus(self._turn_pane.rows)

    def _place_turn_in_column(self) -> None:
        """Show the turn under the settings where the third column has room for both."""
        pane = self._turn_pane
        if pane is not None and pane.column and not pane.is_attached:
            pane = self._turn_pane = None
        column = self._settings_page if self.has_settings_column else None
        fits = column is not None and self.size.height >= _COLUMN_FROM_ROWS
        if pane is not None and pane.column != fits:
            self.close_turn()
            pane = None
        if pane is None and fits and column is not None and column.is_mounted and self._turns:
            from voicelive_tui.tui.panes.turn_pane import TurnPane

            self._turn_pane = TurnPane(self._keymap, column=True)
            column.mount(self._turn_pane)

    def close_turn(self) -> None:
        """Remove the turn; the focus stays where it was, if it is not in the turn."""
        pane, self._turn_pane = self._turn_pane, None
        if pane is None:
            return
        if pane.rows.has_focus:
            self.remove_class("zoom-events")
            self.set_focus(self.transcript_pane.transcript)
        self.remove_class("turn-open")
        pane.remove()

    def sync_turn(self) -> None:
        """Show the turn under the cursor, if there is a place for it."""
        self._place_turn_in_column()
        pane = self._turn_pane
        if pane is None:
            return
        facts = self._turn_facts()
        if facts is None:
            self.close_turn()
        elif pane.is_mounted:
            pane.show(facts, self._most_rows(pane))

    def _most_rows(self, pane: "TurnPane") -> int:
        """The rows that the turn may have beside what else stands in its column."""
        if pane.column and self._settings_page is not None:
            return self._settings_page.size.height - _LEAST_SETTING_ROWS
        covers_all = self.has_class("narrow") or self.has_class("compact")
        return self.events_pane.size.height - (0 if covers_all else _LEAST_EVENT_ROWS)

    def _turn_facts(self) -> TurnFacts | None:
        at, turns, session = self._position(), self._turns, self.session
        if at is None or session is None:
            return None
        heard = session.view.totals.latencies.heard
        return TurnFacts(
            turns[at],
            self._turn_name(turns[at]),
            turns[at + 1].started_s if at + 1 < len(turns) else None,
            heard.count if heard.worst_turn == turns[at].number else 0,
            self.prices,
        )

    def _turn_name(self, turn: Turn) -> str:
        """What the turn is called: by its number in the transcript, which counts what the user said
        or sent."""
        transcript = self.transcript_pane.transcript
        entries, cursor = transcript.entries, transcript.cursor
        # The user's line stands before the answer's, so that few lines are looked at.
        for entry in range(len(entries) - 1 if cursor is None else cursor, -1, -1):
            if entries[entry].is_turn and entries[entry].item_id == turn.user_item_id:
                return f"Turn {transcript.turn_number(entry)}"
        if turn.created_s is None:
            return "False start"
        return "Greeting" if turn.greeting else "Unasked answer"

    def on_turn_rows_resized(self, event: "TurnRows.Resized") -> None:
        """Make the rows for their new width."""
        self._wake()

    # Keys that mean something else while a turn covers the events

    def action_back(self) -> None:
        """Close the turn that covers the events; else go back one step."""
        if self.turn_covers_events:
            self.close_turn()
            self._wake()
        elif self._turn_pane is not None and self._turn_pane.rows.has_focus:
            self.set_focus(self.transcript_pane.transcript)
        else:
            super().action_back()

    def action_open(self) -> None:
        """Go from a transcript line to its events, or from an event to its details, which then have
        the room of the turn."""
        if self.turn_covers_events:
            self.close_turn()
        super().action_open()

    def page_hint(self) -> Spans:
        """What is said below the page, or of the turn; empty without either."""
        facts = self._turn_facts() if self.turn_covers_events else None
        sentence = turn_sentence(facts) if facts is not None else ""
        if not sentence:
            return super().page_hint()
        spans: list[Span] = [(f" {sentence} ", "dim")]
        for name, words in (("move.slowest", " slowest, "), ("move.back", " back to the events")):
            spans += [(key_of(name, self._keymap), "keycap"), (words, "hint")]
        return spans
