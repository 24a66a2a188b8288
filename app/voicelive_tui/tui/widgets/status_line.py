"""The status line: the state of the current session in figures. Unimportant ones give way on a
narrow screen."""

import math
from collections.abc import Mapping

from voicelive_common.printable import printable

from voicelive_tui.model.session.snapshot import AudioStatus, SessionSnapshot, SessionState
from voicelive_tui.tui.formatting import amount, clock, countdown, state_word
from voicelive_tui.tui.keymap import with_keys
from voicelive_tui.tui.widgets.single_line import SingleLine
from voicelive_tui.tui.widgets.spans import Span, cells, fit

Field = tuple[int, list[Span]]
"""The importance, where the lowest number stays longest, and the spans."""
_CLOCK_RUNS = (SessionState.CONNECTED, SessionState.RECONNECTING)


class StatusLine(SingleLine):
    """State, model, elapsed and remaining time, turn, latencies and tokens."""

    def __init__(
        self,
        keymap: Mapping[str, str],
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
    ) -> None:
        super().__init__(id=id)
        self._keymap = keymap
        self.due_s = math.inf
        """When a running clock shows its next second, on the console's clock."""

    def sync(
        self, session: SessionSnapshot | None, audio: AudioStatus, now_s: float, wall_s: float
    ) -> None:
        """Show the session's current figures. now_s: seconds on the engine's clock. wall_s: seconds
        since the epoch."""
        self.due_s = now_s + seconds_to_tick(session, now_s, wall_s)
        if session is None:
            opens = with_keys("{tab.open} opens a profile", self._keymap)
            self.show([(f" no tab is open: {opens}", "dim")])
            return
        fields = status_fields(session, audio, now_s, wall_s)
        self.show(choose(fields, self.outer_size.width))


def choose(fields: list[Field], width: int) -> list[Span]:
    """The fields that fit, in their order; the least important ones are left out first."""
    kept = list(fields)
    while kept and 1 + sum(cells(spans) + 2 for _, spans in kept) > width + 2 and len(kept) > 1:
        kept.remove(max(kept, key=lambda field: field[0]))
    out: list[Span] = [(" ", "")]
    for position, (_, spans) in enumerate(kept):
        out += [("  ", ""), *spans] if position else spans
    return out


def status_fields(
    session: SessionSnapshot, audio: AudioStatus, now_s: float, wall_s: float
) -> list[Field]:
    """All fields of the line."""
    view = session.view
    fields: list[Field] = [(0, [_state(session, now_s)])]
    if session.tries:
        refused = f"  HTTP {session.http_status}" if session.http_status is not None else ""
        fields.append((1, [(f"try {session.tries}{refused}", "warn")]))
    if model := view.model:
        fields.append((2, [(fit(printable(model), 28), "strong")]))
    if session.state is not SessionState.OFF:
        fields.append((1, [(clock(elapsed_s(session, now_s)), "")]))
    if session.state is SessionState.CONNECTED and view.expires_at_unix_s:
        left = view.expires_at_unix_s - wall_s
        fields.append((7, [("expires ", "dim"), (countdown(left), "warn" if left < 120 else "")]))
    if view.turns:
        fields.append((4, [("turn ", "dim"), (str(view.turns[-1].number), "")]))
    fields += _latency_fields(session)
    if view.input_tokens or view.output_tokens:
        used = f"{amount(view.input_tokens)} in {amount(view.output_tokens)} out"
        fields.append((6, [("tok ", "dim"), (used, "")]))
    if view.errors:
        fields.append((3, [(f"{view.errors} error{'s' if view.errors > 1 else ''}", "bad")]))
    if audio.host:
        fields.append((8, [("sound of ", "dim"), (printable(audio.host), "")]))
    return fields


def _state(session: SessionSnapshot, now_s: float) -> Span:
    if session.retry_at_s is None:
        return state_word(session)
    verb = "connects" if session.connected_s is None else "reconnects"
    return (f"{verb} in {max(0, math.ceil(session.retry_at_s - now_s))} s", "warn")


def _latency_fields(session: SessionSnapshot) -> list[Field]:
    stats = session.view.totals.latencies.heard
    fields: list[Field] = []
    if stats.last_ms is not None:
        fields.append((3, [("heard ", "dim"), (f"{stats.last_ms:.0f} ms", "accent")]))
    if stats.p50_ms is not None and stats.p95_ms is not None:
        fields.append(
            (
                5,
                [
                    ("p50 ", "dim"),
                    (f"{stats.p50_ms:.0f}", ""),
                    (" p95 ", "dim"),
                    (f"{stats.p95_ms:.0f}", ""),
                ],
            )
        )
    return fields


def seconds_to_tick(session: SessionSnapshot | None, now_s: float, wall_s: float) -> float:
    """Seconds until a clock of this session shows something else; infinity if none runs."""
    if session is None or session.state not in _CLOCK_RUNS:
        return math.inf
    ticks = [] if session.connected_s is None else [1.0 - elapsed_s(session, now_s) % 1.0]
    if session.retry_at_s is not None:
        ticks.append((session.retry_at_s - now_s) % 1.0 or 1.0)
    if session.state is SessionState.CONNECTED and session.view.expires_at_unix_s:
        ticks.append((session.view.expires_at_unix_s - wall_s) % 1.0 or 1.0)
    return min(ticks, default=math.inf)


def elapsed_s(session: SessionSnapshot, now_s: float) -> float:
    """Seconds since the socket opened; for a session that is over, its length."""
    if session.state in _CLOCK_RUNS and session.connected_s is not None:
        return now_s - session.connected_s
    return session.view.last_t_s
