"""The times of an event row, in columns that never change their width. Times are cut, not
rounded."""

from typing import Final

LEAST_DISTANCE_S: Final = 0.010
"""Rows that are closer to each other have no distance."""

_EPSILON_S: Final = 1e-6
"""Makes up for fractions that binary numbers cannot hold: 0.058 s are 58 ms, not 57."""


def clock_time(t_s: float, width: int, decimals: int) -> str:
    """The time as minutes and seconds, with as many decimals as fit: `0:56.203`, `12:34.56`. From
    an hour on it has hours where they fit with all decimals: `1:15:30.0`."""
    micros = int((max(0.0, t_s) + _EPSILON_S) * 1_000_000)
    whole, fraction = divmod(micros, 1_000_000)
    minutes = f"{whole // 60}:{whole % 60:02d}"
    if whole >= 3600:
        with_hours = f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"
        minutes = with_hours if len(with_hours) + 1 + decimals <= width else minutes
    kept = min(decimals, width - len(minutes) - 1)
    tail = f".{fraction:06d}"[: kept + 1] if kept > 0 else ""
    return (minutes + tail).rjust(width)


def distance(delta_s: float, width: int, *, always: bool = False) -> str:
    """The seconds between two rows with their sign, in `width` cells: `+.038`, `+2.544`, `+12m`.

    always: also a distance below `LEAST_DISTANCE_S`, which is blank otherwise.
    """
    if not always and abs(delta_s) < LEAST_DISTANCE_S - _EPSILON_S:
        return " " * width
    sign = "-" if delta_s < -_EPSILON_S else "+"
    return (sign + _magnitude(abs(delta_s), width - 1)).rjust(width)


def _magnitude(delta_s: float, room: int) -> str:
    micros = int((delta_s + _EPSILON_S) * 1_000_000)
    whole, fraction = divmod(micros, 1_000_000)
    digits = f"{whole}.{fraction:06d}".lstrip("0")
    point = digits.index(".")
    if point < room - 1 or (point == 0 and room > 1):
        return digits[: min(room, point + 4)]
    for unit_s, unit in ((1, "s"), (60, "m"), (3600, "h"), (86_400, "d")):
        text = f"{whole // unit_s}{unit}"
        if len(text) <= room:
            return text
    return "9" * (room - 1) + "d"
