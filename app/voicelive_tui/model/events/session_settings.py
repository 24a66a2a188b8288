"""The single settings of a session object, and whether the service took one over as it was asked
for."""

from collections.abc import Iterator, Mapping
from enum import Enum
from itertools import islice
from typing import Any, Final

SettingPath = tuple[str, ...]
"""The names of the objects that hold a setting, and its own."""

MOST_SETTINGS: Final = 500
_MOST_LEVELS: Final = 6
"""Levels of objects that are looked into; no setting of the service lies deeper."""


class Absence(Enum):
    """The type of `ABSENT`."""

    ABSENT = "absent"


ABSENT: Final = Absence.ABSENT
"""The value of a setting that an object does not name, which differs from null."""


def settings_in(
    session: Mapping[str, Any], *, most: int = MOST_SETTINGS, levels: int = _MOST_LEVELS
) -> dict[SettingPath, object]:
    """Return the single settings of a session object by their paths. A list is one value, and so is
    an empty object.

    most: the settings that are returned at most. levels: of objects that are looked into.
    """
    return dict(islice(_walk(session, (), levels), most))


def _walk(
    settings: Mapping[str, Any], above: SettingPath, levels: int
) -> Iterator[tuple[SettingPath, object]]:
    for name, value in settings.items():
        path = (*above, str(name))
        if isinstance(value, Mapping) and value and len(path) < levels:
            yield from _walk(value, path, levels)
        else:
            yield path, value


def setting_value(session: Mapping[str, Any], path: SettingPath) -> object:
    """Return the value at this path, `ABSENT` for none. What is in an object that is null is null,
    and a voice may be given by its name alone (protocol.md section 8)."""
    value: object = session
    for depth, name in enumerate(path):
        if value is None and depth:
            return None
        if isinstance(value, str) and path[0] == "voice":
            return {"name": value, "type": "openai"}.get(name, ABSENT)
        if not isinstance(value, Mapping) or name not in value:
            return ABSENT
        value = value[name]
    return value


def same_setting(asked: object, got: object) -> bool:
    """Return whether `got`, which the service reports, is what was asked for. got: `ABSENT` if the
    service does not name the setting.

    A voice or a model may be asked for by its name alone. Of tools, only the fields that both have
    are compared, because the service adds some and leaves secrets out. The order of plain values in
    a list says nothing.
    """
    if asked is None or asked == {}:
        return got in (None, {}, "none", ABSENT) or got == {"type": "none"}
    if isinstance(asked, str) and isinstance(got, Mapping):
        return asked in (got.get("name"), got.get("type"))
    if isinstance(asked, list) and isinstance(got, list):
        return _same_list(asked, got)
    return equal_values(asked, got)


def _same_list(asked: list[object], got: list[object]) -> bool:
    if len(asked) != len(got):
        return False
    if any(isinstance(each, Mapping) for each in asked):
        return all(map(_agree, asked, got))
    return sorted(map(repr, asked)) == sorted(map(repr, got))


def _agree(asked: object, got: object) -> bool:
    """Return whether two entries of a list have the same value in each field that both have."""
    if isinstance(asked, Mapping) and isinstance(got, Mapping):
        return all(equal_values(got[name], value) for name, value in asked.items() if name in got)
    return equal_values(asked, got)


def equal_values(one: object, other: object) -> bool:
    """Whether two JSON values are equal. Values too deep to be compared are not."""
    try:
        return one == other
    except RecursionError:
        return False
