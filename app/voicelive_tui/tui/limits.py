"""The limits of the config file's `[limits]` table: what is marked with `!` on the screen."""

import math
from dataclasses import dataclass
from typing import Final

from voicelive_common.printable import printable

_HEARD: Final = "heard_ms"


@dataclass(frozen=True, slots=True)
class Limits:
    """heard_ms: an answer that is heard later than this after the end of the user's part is marked;
    infinity for no limit."""

    heard_ms: float = math.inf


NO_LIMITS: Final = Limits()
"""The limits without a config file."""


@dataclass(frozen=True, slots=True)
class LimitFault:
    """An entry of `[limits]` that cannot be used. key: its name, empty for the table as a whole.
    text: a clause without a full stop."""

    key: str
    text: str


def check_limits(table: object) -> tuple[Limits, tuple[LimitFault, ...]]:
    """Return the usable entries of a config file's `[limits]` table, and a fault for each unusable
    one. table: what stands there, None for nothing."""
    if table is None:
        return NO_LIMITS, ()
    if not isinstance(table, dict):
        return NO_LIMITS, (LimitFault("", "limits must be a table: [limits]"),)
    faults = [
        LimitFault(key, f'there is no limit "{printable(key)}"; {_HEARD} is known')
        for key in table
        if key != _HEARD
    ]
    limit_ms = table.get(_HEARD, math.inf)
    if isinstance(limit_ms, bool) or not isinstance(limit_ms, int | float) or not limit_ms > 0:
        faults.append(LimitFault(_HEARD, f"{_HEARD} must be a number of milliseconds above 0"))
        limit_ms = math.inf
    return Limits(limit_ms), tuple(faults)
