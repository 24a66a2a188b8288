"""Checks what another machine says before the rest of the program sees it: texts become short and
safe to show, and a number that cannot be ends the link."""

import math
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any, Final, TypeVar

from voicelive_common.printable import printable

from voicelive_tui.audio.ipc.frames import FrameError

LONGEST_TEXT: Final = 300
"""The longest name or sentence that is shown, in characters."""
_LONGEST_ID: Final = 1024
_MOST: Final = 1 << 40
"""More than any count or duration of a session, in its unit."""
_LOUDEST_DBFS: Final = 100.0

T = TypeVar("T")


def checked(message: T) -> T:
    """Return the message with texts that can be shown. Raises FrameError for a number that no audio
    engine sends. The times, which `ClockAlignment` bounds, are left as they are."""
    changes = {}
    kind: type = type(message)
    for name in _names(kind):
        value = getattr(message, name)
        found = _checked(name, value)
        if found is not value:
            changes[name] = found
    return replace(message, **changes) if changes else message  # type: ignore[type-var]


def _checked(name: str, value: Any) -> Any:
    match value:
        case str() if name == "item_id":
            if len(value) > _LONGEST_ID:
                raise FrameError(f"it named an item with {len(value)} characters")
        case str():
            # Spaces stay as they are: a device is chosen by its name.
            return printable(value[:LONGEST_TEXT])[:LONGEST_TEXT]
        case bool() | bytes() | None:
            pass
        case int() | float() if not name.endswith("_s"):
            _check_number(name, value)
        case tuple():
            return tuple(_checked(name, each) for each in value)
        case _ if is_dataclass(value):
            return checked(value)
    return value


def _check_number(name: str, value: float) -> None:
    if name.endswith("_dbfs"):
        # -inf is digital silence.
        possible = not math.isnan(value) and value <= _LOUDEST_DBFS
    else:
        possible = 0 <= value <= _MOST
    if not possible:
        raise FrameError(f"it said {value} for {name}")


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))
