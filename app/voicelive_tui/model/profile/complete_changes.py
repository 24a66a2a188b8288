"""The changes of a document that one new value in a form needs, so that the table around the value
stays one that the service knows."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from voicelive_tui.model.profile.fields.availability import (
    NONE,
    OPENAI,
    discriminator_of,
    pattern_of,
    switch_of,
    unavailable_value,
)
from voicelive_tui.model.profile.fields.field import Field
from voicelive_tui.model.profile.fields.field_table import CHILDREN, FIELDS_BY_KEY
from voicelive_tui.model.profile.setting_values import REMOVED, Removed, setting_at

Change = tuple[str, Any | Removed]
"""A dotted key with its new value, for `with_setting`."""

_VOICE: Final = "session.voice"
_TOOL_CHOICE: Final = "session.tool_choice"


def changes_for(
    document: Mapping[str, Any], key: str, value: Any | Removed, api_version: str
) -> tuple[Change, ...]:
    """Return the changes that give a setting a new value, in the order in which to make them.

    "none" as the variant of a nullable table replaces the table, and REMOVED as the variant of any
    table removes it. A value in a table that is missing or switched off states the variant of that
    table first. A new variant removes the fields that it does not have, and adds those that it
    requires where a value is known. A voice or tool choice that is only a name becomes a table when
    it has to.
    """
    table_key, _, name = key.rpartition(".")
    by = discriminator_of(pattern_of(table_key))
    if value == NONE and switch_of(pattern_of(key)):
        return ((table_key, NONE),)
    if value is REMOVED:
        whole = name == by and pattern_of(table_key) == table_key
        return ((table_key if whole else key, REMOVED),)
    table = setting_at(document, table_key)
    if table_key == _TOOL_CHOICE and not isinstance(table, Mapping):
        return ((table_key, {"type": "function", name: value}),)
    if table_key == _VOICE and isinstance(table, str):
        return (_change_of_named_voice(table, name, value),)
    stated = tuple(_stated_variants(document, key, api_version))
    fitted = _fitted(document, table_key, value) if name == by else ()
    return (*stated, (key, value), *fitted)


def _change_of_named_voice(voice: str, name: str, value: Any) -> Change:
    """Return the change of a voice that is only a name so far, which is one of OpenAI's."""
    if name == "name":
        return _VOICE, value
    if name != "type":
        return _VOICE, {"type": OPENAI, "name": voice, name: value}
    required = {key.rpartition(".")[2]: each for key, each in _required(_VOICE, value, {})}
    return _VOICE, {"type": value, **required}


def _stated_variants(document: Mapping[str, Any], key: str, api_version: str) -> Iterator[Change]:
    """Yield the variants, and what they require, of the tables around a key that do not exist."""
    parts = key.split(".")
    for length in range(1, len(parts)):
        table_key = ".".join(parts[:length])
        by = discriminator_of(pattern_of(table_key))
        child_key = ".".join(parts[: length + 1])
        by_key = f"{table_key}.{by}"
        if not by or by_key == key or isinstance(setting_at(document, table_key), Mapping):
            continue
        variant = _usual_variant(document, pattern_of(by_key), pattern_of(child_key), api_version)
        if variant:
            yield by_key, variant
            yield from _required(table_key, variant, {parts[length]: None})


def _usual_variant(
    document: Mapping[str, Any], by_pattern: str, child_pattern: str, api_version: str
) -> str:
    """Return the variant to state in a new table that holds a field: the default, or else the first
    that has the field and can be used."""
    by = FIELDS_BY_KEY[by_pattern][0]
    fields = FIELDS_BY_KEY.get(child_pattern, ())
    having = {variant for each in fields for variant in each.variants or by.values}
    default = by.default_in(api_version)
    usual = ((default,) if isinstance(default, str) else ()) + by.values
    fitting = [variant for variant in usual if variant in having]
    usable = (
        variant for variant in fitting if not unavailable_value(by, variant, document, api_version)
    )
    return next(usable, fitting[0] if fitting else "")


def _fitted(document: Mapping[str, Any], table_key: str, variant: Any) -> Iterator[Change]:
    """Yield what a table of another variant has to lose, to change and to get."""
    pattern = pattern_of(table_key)
    table = setting_at(document, table_key)
    by = discriminator_of(pattern)
    if variant not in FIELDS_BY_KEY[f"{pattern}.{by}"][0].values:
        return
    table = table if isinstance(table, Mapping) else {}
    old_variant = table.get(by)
    for name, value in table.items():
        fields = FIELDS_BY_KEY.get(f"{pattern}.{name}", ())
        old, new = _field_of(fields, old_variant), _field_of(fields, variant)
        if fields and new is None:
            yield f"{table_key}.{name}", REMOVED
        elif new is not None and new is not old and value not in (_known(new) or (value,)):
            yield f"{table_key}.{name}", _known(new)[0]
    yield from _required(table_key, variant, table)


def _required(
    table_key: str, variant: str, present: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """Yield a known value for each field that a variant requires and that is not present."""
    pattern = pattern_of(table_key)
    for name in CHILDREN.get(pattern, ()):
        field = _field_of(FIELDS_BY_KEY[f"{pattern}.{name}"], variant)
        wanted = field is not None and field.required and name != discriminator_of(pattern)
        if field is not None and wanted and name not in present and _known(field):
            yield f"{table_key}.{name}", _known(field)[0]


def _field_of(fields: tuple[Field, ...], variant: Any) -> Field | None:
    return next((each for each in fields if not each.variants or variant in each.variants), None)


def _known(field: Field) -> tuple[str, ...]:
    return field.values or field.examples
