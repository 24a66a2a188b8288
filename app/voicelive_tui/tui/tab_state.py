"""What the user set up in one tab's event list, kept while another tab is shown."""

from dataclasses import dataclass

from voicelive_tui.journal.index import EventIndex
from voicelive_tui.journal.view import EventView
from voicelive_tui.model.profile.profile import Profile

DEFAULT_FILTER = "-append"


@dataclass(slots=True)
class TabState:
    """The view over a tab's journal and the position in it.

    expr: the filter shown; find: the last one typed, what `n` and `N` look for.
    """

    expr: str = DEFAULT_FILTER
    find: str = ""
    collapse: bool = True
    index: EventIndex | None = None
    view: EventView | None = None
    cursor_n: int | None = None
    mark_n: int | None = None
    top: int = 0
    following: bool = True
    unseen: int = 0


def default_filter(profile: Profile | None) -> str:
    """The filter with which a tab of this profile begins."""
    wanted = profile.inspector.get("filter") if profile else None
    return wanted if isinstance(wanted, str) and wanted else DEFAULT_FILTER
