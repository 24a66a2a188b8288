"""Which settings of a `session.update` the service did not take as they were asked for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from voicelive_tui.model.events.event_facts import describe_value
from voicelive_tui.model.events.session_settings import ABSENT, same_setting

MOST_CHANGES: Final = 20
_MOST_LEVELS: Final = 6
"""Levels of objects that are compared; no setting of the service lies deeper."""


@dataclass(frozen=True, slots=True)
class ChangedSetting:
    """A setting and what became of it. name: its path, such as `turn_detection.threshold`."""

    name: str
    asked: str
    got: str


def changed_settings(
    asked: Mapping[str, Any], in_force: Mapping[str, Any]
) -> tuple[ChangedSetting, ...]:
    """Compare a request's session with the one of its reply, setting by setting; at most
    `MOST_CHANGES` differences. A setting that the reply does not name is one, unless none was
    asked for."""
    found: list[ChangedSetting] = []
    for change in _differences(asked, in_force, ""):
        found.append(change)
        if len(found) == MOST_CHANGES:
            break
    return tuple(found)


def _differences(
    asked: Mapping[str, Any], in_force: Mapping[str, Any], before: str
) -> Iterator[ChangedSetting]:
    for name, wanted in asked.items():
        path = f"{before}{name}"[:80]
        got = in_force.get(name, ABSENT)
        if same_setting(wanted, got):
            continue
        if isinstance(wanted, Mapping) and wanted and isinstance(got, Mapping):
            if before.count(".") < _MOST_LEVELS:
                yield from _differences(wanted, got, f"{path}.")
        elif got is ABSENT:
            yield ChangedSetting(path, describe_value(wanted), "not in the reply")
        else:
            yield ChangedSetting(path, describe_value(wanted), describe_value(got))
