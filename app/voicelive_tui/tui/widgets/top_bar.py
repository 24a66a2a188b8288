"""The first line: a tab per profile with its session's state, the alarm NOT RECORDING, and whom the session really talks to."""

from collections.abc import Sequence

from voicelive_tui.model.snapshot import SessionSnapshot
from voicelive_tui.model.text import printable
from voicelive_tui.tui.widgets.one_line import OneLine
from voicelive_tui.tui.widgets.paint import Span, cells, fit
from voicelive_tui.tui.words import tab_word

PROGRAM = "voicelive-tui"


class TopBar(OneLine):
    """Tabs at the left, scrolled so that the active one is visible; marks, program and the SIMULATOR badge at the right."""

    def beat(self, sessions: Sequence[SessionSnapshot], active: str) -> None:
        """Show the tabs as they are now."""
        current = next((s for s in sessions if s.key == active), None)
        alarm = recording_alarm(sessions, active)
        right = [*alarm, *service_badge(current)]
        if self.size.width >= 90 and not alarm:
            right = [(f" {PROGRAM} ", "dim"), *right]
        tabs = [_tab(place, session, session.key == active) for place, session in enumerate(sessions, start=1)]
        place = next((i for i, s in enumerate(sessions) if s.key == active), 0)
        self._lay_out(tabs, place, right)

    def _lay_out(self, tabs: list[list[Span]], active: int, right: list[Span]) -> None:
        room = self.size.width - cells(right) - 4
        first = 0
        while first < active and sum(cells(tab) for tab in tabs[first : active + 1]) > room - 2:
            first += 1
        left: list[Span] = [("< ", "dim")] if first else []
        clicks: list[tuple[int, int, str]] = []
        for place in range(first, len(tabs)):
            if cells(left) + cells(tabs[place]) > room and place > active:
                left.append((">", "dim"))
                break
            start = cells(left)
            left += tabs[place]
            clicks.append((start, cells(left), f"screen.tab({place})"))
        else:
            start = cells(left)
            left.append((" + ", "dim"))
            clicks.append((start, start + 3, "screen.open_profile"))
        self.show(left, right, tuple(clicks))


def _tab(place: int, session: SessionSnapshot, active: bool) -> list[Span]:
    word, look = tab_word(session)
    title = fit(printable(session.title), 24)
    base = "tab-active" if active else "tab"
    mark = {"ON AIR": "● ", "talking": "♪ ", "failed": "! "}.get(word, "")
    return [(f" {place} {title} ", base), (f"{mark}{word} ", look if not active or look == "on-air" else "tab-word"), (" ", "")]


def recording_alarm(sessions: Sequence[SessionSnapshot], active: str) -> list[Span]:
    """A mark for as long as a session is not recorded though it should be; for those in other tabs with their places."""
    stopped = [place for place, session in enumerate(sessions, start=1) if session.recording.stopped]
    if not stopped:
        return []
    shown = any(session.key == active and session.recording.stopped for session in sessions)
    where = "" if shown else f" {','.join(map(str, stopped[:3]))}"
    return [(f" NOT RECORDING{where} ", "not-recording"), (" ", "")]


def service_badge(session: SessionSnapshot | None) -> list[Span]:
    """Whom the active session talks to, in words that cannot be mistaken."""
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
