"""The first row: a tab for each session, and at the right the lasting marks and the service."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

from rich.cells import cell_len
from voicelive_common.printable import printable

from voicelive_tui.model.session.snapshot import EngineSnapshot, SessionSnapshot, SessionState
from voicelive_tui.tui.session_words import tab_glyph, tab_state
from voicelive_tui.tui.sound_words import lost_for, muted_at
from voicelive_tui.tui.widgets.single_line import SingleLine
from voicelive_tui.tui.widgets.spans import Span, cells, fit

PROGRAM = "voicelive-tui"
_PROGRAM_FROM, _STATES_FROM = 120, 140
"""The widths from which the row shows the program's name, and each tab its state in a word."""
_LONGEST_TITLE, _SHORTEST_TITLE = 24, 6
_LEAST_TAB_CELLS = 14
"""The cells that the marks at the right leave for tabs; the least important go before."""
_STARTED = re.compile(r"\d{4}-(\d\d)-(\d\d)T(\d\d)-(\d\d)-\d\d")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

Clicks = tuple[tuple[int, int, str], ...]


class TopBar(SingleLine):
    """Tabs at the left, scrolled so that the current one is visible. At the right what must not be
    overlooked, the program's name and the service."""

    _inputs: tuple[object, ...] = ()

    def sync(
        self,
        snapshot: EngineSnapshot,
        active: str,
        unread: Mapping[str, int],
        now_s: float,
        *,
        without_sound: bool,
    ) -> None:
        """Show the current tabs. active: the key of the current one. unread: the errors of each
        tab that have not been looked at. now_s: on the engine's clock. without_sound: the console
        was started without sound."""
        sessions, width = tuple(snapshot.sessions.values()), self.outer_size.width
        right = right_marks(snapshot, active, width, now_s, without_sound=without_sound)
        inputs = (
            tuple((s.key, s.title, s.folder, *tab_glyph(s), tab_state(s)) for s in sessions),
            active,
            tuple(unread.items()),
            tuple(right),
            width,
        )
        if inputs == self._inputs:
            return
        self._inputs = inputs
        left, clicks = tab_spans(sessions, active, unread, width - cells(right), width)
        self.show(left, right, clicks)


def tab_titles(sessions: Sequence[SessionSnapshot]) -> list[tuple[str, str]]:
    """The title of each tab, and what tells it from an earlier tab with the same title."""
    seen: Counter[str] = Counter()
    titles = []
    for session in sessions:
        title = fit(printable(session.title), _LONGEST_TITLE) + _started(session)
        seen[title] += 1
        titles.append((title, f" ({seen[title]})" if seen[title] > 1 else ""))
    return titles


def _started(session: SessionSnapshot) -> str:
    """When a recorded session was started, as its folder's name says; a title that has the folder's
    name says it already."""
    folder = session.folder.rpartition("/")[2]
    if session.state is not SessionState.RECORDED or folder == session.title:
        return ""
    return _start_of(folder)


@lru_cache(maxsize=32)
def _start_of(folder: str) -> str:
    found = _STARTED.match(folder)
    if found is None:
        return ""
    month, day, hour, minute = found.groups()
    return f" {int(day)} {_MONTHS[(int(month) - 1) % 12]} {hour}:{minute}"


def tab_spans(
    sessions: Sequence[SessionSnapshot],
    active: str,
    unread: Mapping[str, int],
    room: int,
    columns: int,
) -> tuple[list[Span], Clicks]:
    """The tabs in `room` cells, with the clickable range of each. columns: the screen's width.

    Names are shortened, the longest first, before tabs are scrolled away at the left.
    """
    tabs = [
        _Tab(position, session, session.key == active, unread.get(session.key, 0), title)
        for position, (session, title) in enumerate(
            zip(sessions, tab_titles(sessions), strict=True), start=1
        )
    ]
    if columns >= _STATES_FROM:
        for tab in tabs:
            tab.state = tab_state(tab.session)
        if sum(tab.width for tab in tabs) + 4 > room:
            for tab in tabs:
                tab.state = ""
    _shorten(tabs, room - 4)
    current = next((at for at, tab in enumerate(tabs) if tab.active), 0)
    return _visible(tabs, current, room)


class _Tab:
    """One tab as it is laid out. title_cells: the cells that its name may have."""

    def __init__(
        self,
        position: int,
        session: SessionSnapshot,
        active: bool,
        unread: int,
        title: tuple[str, str],
    ) -> None:
        self.position, self.session, self.active, self.unread = position, session, active, unread
        self._title, self._suffix = title
        self.state = ""
        self.title_cells = cell_len(self._title)

    @property
    def width(self) -> int:
        """All of its cells, with one at either side."""
        return cells(self.spans())

    def spans(self) -> list[Span]:
        """The tab from the first cell to the last. The current one stands in brackets."""
        base = "tab-active" if self.active else "tab"
        glyph, look = tab_glyph(self.session)
        title = fit(self._title, self.title_cells) + self._suffix
        spans: list[Span] = [
            ("[" if self.active else " ", base),
            (glyph, look or base),
            (f"{self.position} {title}", base),
        ]
        if self.state:
            spans.append((f" {self.state}", look or base))
        if self.unread:
            spans.append((f" !{self.unread}", "bad"))
        spans.append(("]" if self.active else " ", base))
        return spans


def _shorten(tabs: Sequence[_Tab], room: int) -> None:
    """Shorten the longest names until all tabs fit, or every name has its least length."""
    over = sum(tab.width for tab in tabs) - room
    while over > 0:
        longest = max(tabs, key=lambda tab: tab.title_cells, default=None)
        if longest is None or longest.title_cells <= _SHORTEST_TITLE:
            return
        longest.title_cells -= 1
        over -= 1


def _visible(tabs: Sequence[_Tab], current: int, room: int) -> tuple[list[Span], Clicks]:
    widths = [tab.width for tab in tabs]
    first = 0
    while first < current and 1 + (first > 0) + sum(widths[first : current + 1]) > room - 1:
        first += 1
    left: list[Span] = [(" <" if first else " ", "dim")]
    clicks: list[tuple[int, int, str]] = []
    for position in range(first, len(tabs)):
        start = cells(left)
        last = position == len(tabs) - 1
        if start + widths[position] + (not last) > room and position > current:
            left.append((">", "dim"))
            return left, tuple(clicks)
        left += tabs[position].spans()
        clicks.append((start, cells(left), f"screen.tab({position})"))
    start = cells(left)
    if start + 3 <= room:
        left.append((" + ", "dim"))
        clicks.append((start, start + 3, "app.open_profile"))
    return left, tuple(clicks)


def right_marks(
    snapshot: EngineSnapshot, active: str, columns: int, now_s: float, *, without_sound: bool
) -> list[Span]:
    """The marks at the right end, as many as leave room for a tab; the most important ones
    stay."""
    parts = lasting_marks(snapshot, active, now_s, without_sound=without_sound)
    if columns >= _PROGRAM_FROM and not parts:
        parts.append((f" {PROGRAM} ", "dim"))
    parts += service_badge(snapshot.sessions.get(active))
    while len(parts) > 1 and cells(parts) + len(parts) > columns - _LEAST_TAB_CELLS:
        del parts[-1]
    return [span for part in parts for span in (part, (" ", ""))]


def lasting_marks(
    snapshot: EngineSnapshot,
    active: str,
    now_s: float,
    *,
    without_sound: bool,
    short: bool = False,
) -> list[Span]:
    """What must not be overlooked as long as it lasts, the most important one first. now_s: on the
    engine's clock. short: the marks share their row with the state."""
    marks = recording_alarm(tuple(snapshot.sessions.values()), active)
    age = lost_for(snapshot.audio, now_s)
    if age:
        marks.append((f" ✗ {'' if short else 'SOUND '}LINK LOST {age} ", "not-recording"))
    if machine := muted_at(snapshot.audio):
        marks.append((" MUTED " if short else f" MUTED AT {machine} ", "lasting-mark"))
    elif snapshot.muted:
        marks.append((" MUTED ", "lasting-mark"))
    if snapshot.replay is not None and snapshot.on_air is not None:
        marks.append((" REPLAY ", "lasting-mark"))
    audio = snapshot.audio
    missing = snapshot.on_air is not None and audio.problem and not audio.running
    if without_sound or (missing and not age):
        marks.append((" NO SOUND ", "lasting-mark"))
    return marks


def recording_alarm(sessions: Sequence[SessionSnapshot], active: str) -> list[Span]:
    """A mark for sessions that should be recorded and are not; for sessions of other tabs with the
    tabs' numbers."""
    stopped = [
        position for position, session in enumerate(sessions, start=1) if session.recording.stopped
    ]
    if not stopped:
        return []
    shown = any(session.key == active and session.recording.stopped for session in sessions)
    where = "" if shown else f" {','.join(map(str, stopped[:3]))}"
    return [(f" NOT RECORDING{where} ", "not-recording")]


def service_badge(session: SessionSnapshot | None) -> list[Span]:
    """Whom the session talks to: SIMULATOR, the resource at Azure, or a host; OFFLINE for a
    recording."""
    if session is None or session.fault is not None:
        return []
    if session.state is SessionState.RECORDED:
        return [(" OFFLINE ", "lasting-mark")]
    if session.service == "simulator":
        return [(" SIMULATOR ", "badge")]
    planned = session.destination.host if session.destination else ""
    host = printable(session.host or planned)
    if session.service == "azure":
        return [(f" AZURE {fit(host.partition('.')[0], 24)}".rstrip() + " ", "service")]
    return [(f" URL {fit(host, 24)}".rstrip() + " ", "service")]
