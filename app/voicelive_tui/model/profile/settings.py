"""The settings of a profile: each field with its value in the document, in the sections of a form.

A table that is switched off, or a voice that is only a name, appears in its parts: a turn detection
of "none" as the type "none", a voice of "alloy" as the type "openai" and the name "alloy".
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from voicelive_tui.model.profile.fields.availability import (
    NONE,
    OPENAI,
    pattern_of,
    switch_of,
    unavailable,
    unavailable_value,
    variant_of,
)
from voicelive_tui.model.profile.fields.field import Field
from voicelive_tui.model.profile.fields.field_table import FIELDS_BY_KEY
from voicelive_tui.model.profile.fields.sections import SECTIONS, Section
from voicelive_tui.model.profile.setting_values import (
    REMOVED,
    Removed,
    setting_at,
    with_setting,
)

__all__ = [
    "REMOVED",
    "KnownValue",
    "Removed",
    "Section",
    "Setting",
    "known_values_of",
    "setting_at",
    "settings_of",
    "shown_value",
    "with_setting",
]

_VOICE: Final = "session.voice"


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of a form.

    key: the field's, with numbers in place of `*`. field: the declaration that fits the variant of
    its table. value: REMOVED when the document has none, so that the service's default is in force.
    availability: "", or why the setting has no effect, such as "from 2026-04-10".
    """

    key: str
    field: Field
    value: Any
    availability: str


@dataclass(frozen=True, slots=True)
class KnownValue:
    """A known value of a setting, and "" or why it cannot be used, such as "only with
    gpt-realtime"."""

    value: str
    availability: str


def settings_of(
    document: Mapping[str, Any], api_version: str
) -> tuple[tuple[Section, tuple[Setting, ...]], ...]:
    """Return every setting of a document by sections, also those that it does not have.

    api_version: the version in use; empty when it is not known. Fields of array elements appear
    once for each element, and only those of its variant.
    """
    return tuple(
        (
            section,
            tuple(
                setting
                for pattern in section.keys
                for key in _keys(document, pattern)
                for setting in _settings(document, pattern, key, api_version)
            ),
        )
        for section in SECTIONS
    )


def known_values_of(
    setting: Setting, document: Mapping[str, Any], api_version: str
) -> tuple[KnownValue, ...]:
    """Return the known values of a setting, and "none" first where it switches its table off. The
    service may know more."""
    off = (KnownValue(NONE, ""),) if switch_of(pattern_of(setting.key)) else ()
    return off + tuple(
        KnownValue(value, unavailable_value(setting.field, value, document, api_version))
        for value in setting.field.values or setting.field.examples
    )


def shown_value(document: Mapping[str, Any], key: str) -> Any | Removed:
    """Return the value of a setting as a form shows it; REMOVED when the document has none."""
    table_key, _, name = key.rpartition(".")
    table = setting_at(document, table_key)
    if table == NONE and switch_of(pattern_of(key)):
        return NONE
    if table_key == _VOICE and isinstance(table, str):
        return {"type": OPENAI, "name": table}.get(name, REMOVED)
    return setting_at(document, key)


def _keys(document: Mapping[str, Any], pattern: str) -> Iterator[str]:
    """Yield the keys of a pattern: itself, or one for each element of its array."""
    array, star, rest = pattern.partition(".*")
    if not star:
        yield pattern
        return
    elements = setting_at(document, array)
    for number in range(len(elements) if isinstance(elements, list) else 0):
        yield f"{array}.{number}{rest}"


def _settings(
    document: Mapping[str, Any], pattern: str, key: str, api_version: str
) -> Iterator[Setting]:
    fields = FIELDS_BY_KEY[pattern]
    variant = variant_of(document, key, api_version)
    fitting = [each for each in fields if not each.variants or variant in each.variants]
    if fitting or pattern == key:
        field = fitting[0] if fitting else fields[0]
        availability = unavailable(field, document, api_version)
        yield Setting(key, field, shown_value(document, key), availability)
