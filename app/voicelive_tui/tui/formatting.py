"""Formats states, times and amounts for the screen. Pure functions of values."""

import time

from voicelive_tui.model.meter import FLOOR_DBFS
from voicelive_tui.model.session.snapshot import SessionSnapshot, SessionState

RUNNING = frozenset(
    {
        SessionState.CONNECTING,
        SessionState.CONNECTED,
        SessionState.RECONNECTING,
        SessionState.CLOSING,
    }
)


def recorded_where(session: SessionSnapshot) -> str:
    """A sentence that says where the session is recorded, or that it exists only in the console."""
    if session.recording.only_in_memory:
        return "A part of this session is not recorded; it is only here."
    if session.folder:
        return f"Nothing is lost: the session is recorded in {session.folder}."
    return "This session is not recorded (--record none); it is only here."


def minutes(t_s: float, decimals: int = 3) -> str:
    """Format seconds: 43.117 as `00:43.117`, an hour or more as `1:00:43.117`. Negative times
    (before the mark) have a sign."""
    sign = "-" if t_s < 0 else ""
    units = round(abs(t_s) * 10**decimals)
    whole, fraction = divmod(units, 10**decimals)
    hours, rest = divmod(whole, 3600)
    tail = f".{fraction:0{decimals}d}" if decimals else ""
    head = f"{hours}:" if hours else ""
    return f"{sign}{head}{rest // 60:02d}:{rest % 60:02d}{tail}"


def notice_time(session: SessionSnapshot | None, at_s: float, wall_s: float, any_tab: bool) -> str:
    """The time of a notice in at most seven cells: on the clock of its session (`1:02.4`, cut),
    else the time of day, and `start` before any tab was open.

    at_s: on the engine's clock. wall_s: now, in seconds since the epoch.
    """
    if session is not None and session.connected_s is not None and at_s >= session.connected_s:
        tenths = int((at_s - session.connected_s) * 10)
        return f"{tenths // 600}:{tenths // 10 % 60:02d}.{tenths % 10}"
    return time.strftime("%H:%M", time.localtime(wall_s)) if any_tab else "start"


def clock(t_s: float) -> str:
    """Format elapsed seconds as `00:03:12`."""
    whole = max(0, int(t_s))
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def countdown(t_s: float) -> str:
    """Format remaining seconds as `56:48`, or `1:02:03`."""
    whole = max(0, int(t_s))
    return (
        clock(whole).lstrip("0").lstrip(":")
        if whole >= 3600
        else f"{whole // 60:02d}:{whole % 60:02d}"
    )


def duration(t_s: float) -> str:
    """Format whole seconds that have passed: `12 s`, from 100 s on `1:40`, from an hour on
    `1:02:03`."""
    whole = max(0, int(t_s))
    if whole < 100:
        return f"{whole} s"
    hours, rest = divmod(whole, 3600)
    head = f"{hours}:{rest // 60:02d}" if hours else f"{rest // 60}"
    return f"{head}:{rest % 60:02d}"


def gap(delta_s: float) -> str:
    """Format the seconds between two rows in at most seven cells: `+0.012`, `+12.345`, `+123.4`,
    `+2h03m`."""
    if delta_s <= -0.0005:
        return f"{delta_s:.3f}"[:7]
    if delta_s < 100:
        return f"+{max(0.0, delta_s):.3f}"
    if delta_s < 3600:
        return f"+{delta_s:.1f}"
    hours = int(delta_s // 3600)
    return f"+{hours}h{int(delta_s // 60 % 60):02d}m" if hours < 100 else f"+{hours}h"


def time_text(t_s: float, *, tenths: bool = True) -> str:
    """A time of the session as `0:43.1`, `1:02:03.4` from an hour on; cut, not rounded."""
    units = int(max(0.0, t_s) * 10 + 1e-6)
    minutes, rest = divmod(units // 10, 60)
    hours, minutes = divmod(minutes, 60)
    head = f"{hours}:{minutes:02d}" if hours else f"{minutes}"
    return f"{head}:{rest:02d}{f'.{units % 10}' if tenths else ''}"


def whole_ms(ms: float) -> int:
    """Milliseconds as the screen shows them everywhere: cut, not rounded. A microsecond makes up
    for fractions that binary numbers cannot hold."""
    return int(ms + 1e-3)


def amount(number: int) -> str:
    """Format a number with spaces: 5031 as `5 031`."""
    return f"{number:,}".replace(",", " ")


def dbfs(level_dbfs: float) -> str:
    """Format a level in five cells: `-18.2`, or ` -inf` at the bottom of the scale."""
    return " -inf" if level_dbfs <= FLOOR_DBFS else f"{level_dbfs:5.1f}"


def plural(number: int, noun: str) -> str:
    """The number with its noun: `1 error`, `2 errors`."""
    return f"{amount(number)} {noun}{'' if number == 1 else 's'}"
