"""The rows around the panes: tabs, state, the folder of a recording, meters and footer."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.widget import Widget
from voicelive_common.printable import printable

from voicelive_tui.model.profile.profile import Profile
from voicelive_tui.model.session.snapshot import EngineSnapshot, SessionSnapshot, SessionState
from voicelive_tui.model.turns.prices import PriceTable
from voicelive_tui.paths import short_path
from voicelive_tui.tui.limits import Limits
from voicelive_tui.tui.screen_clock import Clock
from voicelive_tui.tui.session_words import StateClock
from voicelive_tui.tui.sound_words import seconds_to_next_age
from voicelive_tui.tui.unread_errors import UnreadErrors
from voicelive_tui.tui.widgets.key_footer import Focus, FooterState, KeyFooter, footer_keys
from voicelive_tui.tui.widgets.meters import MeterRow
from voicelive_tui.tui.widgets.single_line import SingleLine
from voicelive_tui.tui.widgets.spans import fit_middle
from voicelive_tui.tui.widgets.status_line import StatusLine
from voicelive_tui.tui.widgets.top_bar import TopBar, lasting_marks

if TYPE_CHECKING:
    from voicelive_tui.engine.engine import Engine


class Frame:
    """The widgets of these rows, and what they know of all tabs: since when each has its state, and
    which errors were not looked at. meters, unread_errors: for the screen."""

    def __init__(
        self,
        engine: "Engine",
        clock: Clock,
        keymap: Mapping[str, str],
        prices: PriceTable | None,
        limits: Limits,
    ) -> None:
        self._engine, self._clock, self._keymap = engine, clock, keymap
        self._top_bar = TopBar(id="top")
        self._status = StatusLine(keymap, prices, limits, id="status")
        self._recorded_in = SingleLine(id="recorded-in")
        self.meters = MeterRow(id="meters")
        self._footer = KeyFooter(id="keys")
        self._state_clock = StateClock()
        self._age_due_s = math.inf
        """When the age of a lost link is another one."""
        self.unread_errors = UnreadErrors()

    @property
    def upper_rows(self) -> tuple[Widget, ...]:
        """The rows above the panes."""
        return self._top_bar, self._status

    @property
    def lower_rows(self) -> tuple[Widget, ...]:
        """The rows below the message line; the first of them takes its place in a recording."""
        return self._recorded_in, self.meters, self._footer

    @property
    def due_s(self) -> float:
        """When a clock in these rows shows something else, on the console's clock."""
        return min(self._status.due_s, self._age_due_s)

    def sync(
        self,
        snapshot: EngineSnapshot,
        active: str,
        profile: Profile | None,
        focus: Focus,
        *,
        compact: bool,
    ) -> None:
        """Show the current state. active: the key of the current tab, with this profile. compact:
        the row of tabs is hidden."""
        session = snapshot.sessions.get(active)
        unread = self.unread_errors.sync(snapshot.sessions.values())
        settings = self._engine.settings
        without_sound = settings.input == settings.output == "none"
        now_s = self._clock.now()
        self._age_due_s = now_s + seconds_to_next_age(snapshot.audio, now_s)
        self._top_bar.sync(snapshot, active, unread, now_s, without_sound=without_sound)
        marks = (
            lasting_marks(snapshot, active, now_s, without_sound=without_sound, short=True)
            if compact
            else ()
        )
        self._state_clock.observe(snapshot.sessions.values(), snapshot.audio, now_s)
        self._status.sync(
            session,
            profile,
            snapshot.audio,
            since_s=self._state_clock.since_s(active, now_s),
            now_s=now_s,
            wall_s=self._clock.wall(),
            marks=[span for mark in marks for span in (mark, (" ", ""))],
        )
        self._show_folder(session)
        self.meters.sync(snapshot, session, now_s)
        state = FooterState(focus, snapshot.muted, snapshot.audio.input_is_file, bool(unread))
        self._footer.sync(footer_keys(session, self._keymap, state))

    def _show_folder(self, session: SessionSnapshot | None) -> None:
        if session is not None and session.state is SessionState.RECORDED:
            folder = printable(short_path(session.folder))
            width = self._recorded_in.outer_size.width
            self._recorded_in.show([(f" {fit_middle(folder, width - 2)}", "dim")])
