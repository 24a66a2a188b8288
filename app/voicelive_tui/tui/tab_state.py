"""The state of one tab's event list, kept while another tab is shown."""

from dataclasses import dataclass

from voicelive_tui.journal.index import EventIndex
from voicelive_tui.journal.view import EventView
from voicelive_tui.model.events.filters import EVERYTHING, NO_IDS, CursorIds, Filter
from voicelive_tui.model.profile.profile import Profile

DEFAULT_FILTER = "-append"


@dataclass(slots=True)
class TabState:
    """The view of a tab's journal, with its filter and the position in it.

    default: the filter of a new tab. expr, parsed: the current filter. find: the last filter that
    was typed, which `n` and `N` search for. shaded: whether rows that do not match are shaded
    instead of hidden; lit: then the rows that match. cursor_ids: what `.` stands for in the filter.
    top: the first visible row. unseen: rows that arrived while the list did not follow.
    """

    default: str = DEFAULT_FILTER
    expr: str = DEFAULT_FILTER
    parsed: Filter = EVERYTHING
    find: str = ""
    shaded: bool = False
    lit: EventView | None = None
    cursor_ids: CursorIds = NO_IDS
    collapse: bool = True
    index: EventIndex | None = None
    view: EventView | None = None
    cursor_n: int | None = None
    mark_n: int | None = None
    mark_end_n: int | None = None
    top: int = 0
    following: bool = True
    unseen: int = 0


def default_filter(profile: Profile | None) -> str:
    """The initial filter of a tab with this profile."""
    configured = profile.inspector.get("filter") if profile else None
    return configured if isinstance(configured, str) and configured else DEFAULT_FILTER
