"""Values of `[session]` that TOML allows and JSON does not."""

import math
from collections.abc import Iterator, Mapping
from datetime import date, time
from typing import Any

from voicelive_tui.model.profile.rules.finding import Finding


def find_non_json_values(document: Mapping[str, Any]) -> Iterator[Finding]:
    """Find dates, times, infinities and NaN, which cannot be sent as JSON."""
    session = document.get("session")
    return _find_non_json("session", session) if isinstance(session, Mapping) else iter(())


def _find_non_json(key: str, value: Any) -> Iterator[Finding]:
    match value:
        case Mapping():
            for name, child in value.items():
                yield from _find_non_json(f"{key}.{name}", child)
        case list():
            for at, child in enumerate(value):
                yield from _find_non_json(f"{key}.{at}", child)
        case date() | time():
            yield Finding(
                key,
                "error",
                f"`{key}` is a date or time, which cannot be sent as JSON",
                "put it between quotes",
            )
        case float() if not math.isfinite(value):
            yield Finding(
                key,
                "error",
                f"`{key}` is not a finite number, which cannot be sent as JSON",
                "write a number",
            )
