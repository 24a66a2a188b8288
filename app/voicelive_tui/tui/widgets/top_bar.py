"""The first row: a tab for each session with its state, the mark NOT RECORDING, and the service."""

from collections.abc import Sequence

from voicelive_common.printable import printable

from voicelive_tui.model.session.snapshot import SessionSnapshot
from voicelive_tui.tui.formatting import tab_word
from voicelive_tui.tui.widgets.single_line import SingleLine
from voicelive_tui.tui.widgets.spans import Span, cells, fit

PROGRAM = "voicelive-tui"


class TopBar(SingleLine):
    """Tabs at the left, scrolled so that the current one is visible. At the right the NOT RECORDING
    mark, the program's name and the service."""

    def sync(self, sessions: Sequence[SessionSnapshot], active: str) -> None:
        """Show the current tabs. active: the key of the current one."""
        current = next((s for s in sessions if s.key == active), None)
        alarm = recording_alarm(sessions, active)
        right = [*alarm, *service_badge(current)]
        if self.outer_size.width >= 90 and not alarm:
            right = [(f" {PROGRAM} ", "dim"), *right]
        tabs = [
            _tab(position, session, session.key == active)
            for position, session in enumerate(sessions, start=1)
        ]
        position = next((i for i, s in enumerate(sessions) if s.key == active), 0)
        self._lay_out(tabs, position, right)

    def _lay_out(self, tabs: list[list[Span]], active: int, right: list[Span]) -> None:
        room = self.outer_size.width - cells(right) - 4
        first = 0
        while first < active and sum(cells(tab) for tab in tabs[first : active + 1]) > room - 2:
            first += 1
        left: list[Span] = [("< ", "dim")] if first else []
        clicks: list[tuple[int, int, str]] = []
        for position in range(first, len(tabs)):
            if cells(left) + cells(tabs[position]) > room and position > active:
                left.append((">", "dim"))
                break
            start = cells(left)
            left += tabs[position]
            clicks.append((start, cells(left), f"screen.tab({position})"))
        else:
            start = cells(left)
            left.append((" + ", "dim"))
            clicks.append((start, start + 3, "app.open_profile"))
        self.show(left, right, tuple(clicks))


def _tab(position: int, session: SessionSnapshot, active: bool) -> list[Span]:
    word, look = tab_word(session)
    title = fit(printable(session.title), 24)
    base = "tab-active" if active else "tab"
    mark = {"ON AIR": "● ", "talking": "♪ ", "failed": "! "}.get(word, "")
    return [
        (f" {position} {title} ", base),
        (f"{mark}{word} ", look if not active or look == "on-air" else "tab-word"),
        (" ", ""),
    ]


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
    return [(f" NOT RECORDING{where} ", "not-recording"), (" ", "")]


def service_badge(session: SessionSnapshot | None) -> list[Span]:
    """The service that the session talks to: SIMULATOR, Azure or a host."""
    if session is None:
        return []
    match session.service:
        case "simulator":
            return [(" SIMULATOR ", "badge")]
        case "azure":
            return [(" Azure ", "strong")]
        case _:
            planned = session.destination.host if session.destination else ""
            return [(f" {fit(printable(session.host or planned) or 'own server', 24)} ", "strong")]
