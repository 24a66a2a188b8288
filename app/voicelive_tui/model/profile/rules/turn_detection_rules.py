"""The rules of `[session.turn_detection]` between its fields. What needs a model or a version
stands in the table of fields."""

from collections.abc import Iterator, Mapping
from typing import Any

from voicelive_tui.model.profile.rules.finding import Finding, ignored


def check_turn_detection(session: Mapping[str, Any]) -> Iterator[Finding]:
    """Check that the fields of the detector fit one another."""
    detection = session.get("turn_detection")
    if not isinstance(detection, Mapping):
        return
    if detection.get("auto_truncate") is True and detection.get("interrupt_response") is False:
        yield ignored(
            "session.turn_detection.auto_truncate",
            "`auto_truncate` needs interrupt_response = true",
            "remove one of the two",
        )
