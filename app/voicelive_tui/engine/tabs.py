"""All tabs of the engine by their keys, in the order in which they were opened.

Invariant: only the engine's thread writes. Other threads call `index`, `timeline`, `profile` and
`sent_blocks`: each looks a tab up once, which is one operation of a dict, and the content of a tab
is a value that is replaced whole. A reader gets the old one or the new one, never a mixture.
"""

from voicelive_tui.engine.tab import Tab
from voicelive_tui.journal.index import EventIndex
from voicelive_tui.model.profile.profile import Profile
from voicelive_tui.model.timeline.fold import TimelineFold


class Tabs(dict[str, Tab]):
    """The tabs, with what any thread may ask of them."""

    def index(self, key: str) -> EventIndex | None:
        """The records of what this tab shows; None if there are none."""
        tab = self.get(key)
        return tab.index if tab is not None else None

    def timeline(self, key: str) -> TimelineFold | None:
        """The timeline of what this tab shows; None if there is none."""
        tab = self.get(key)
        return tab.timeline if tab is not None else None

    def profile(self, key: str) -> Profile | None:
        """The profile of this tab; None if there is no such tab, or no profile in it."""
        tab = self.get(key)
        return tab.profile if tab is not None else None

    def sent_blocks(self, key: str) -> tuple[tuple[float, float], ...]:
        """The times of the last microphone blocks of this tab's session, as `Session` has them."""
        tab = self.get(key)
        session = tab.session if tab is not None else None
        return session.sent_blocks if session is not None else ()
