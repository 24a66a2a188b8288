"""New values of settings: a step by an arrow key, and a typed text. Pure functions of the setting.

The service decides what it accepts: a typed value may lie outside the known range, and a name may
be one that this version does not know. Only a text that is no value of the field's type is refused.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

from voicelive_common.printable import printable
from voicelive_common.redaction.redact import redact

from voicelive_tui.model.profile.fields.availability import switch_of
from voicelive_tui.model.profile.fields.field import Field
from voicelive_tui.model.profile.settings import REMOVED, KnownValue, Setting
from voicelive_tui.tui.setting_words import OFF, is_secret, may_be_off

Editor = Literal["line", "choice", "text", "list", "pairs", "none"]
"""How a value is typed: in a line, from a list of known values, as a text of several lines, as
names with commas between them, as a line for each pair; or not on the page."""
_SWITCH: Final = {"on": True, "true": True, "yes": True, "off": False, "false": False, "no": False}
_LONG_TEXTS: Final = ("instructions",)
_PLACES: Final = 9


class ValueRefused(ValueError):
    """A typed text is no value of its field; the message is a sentence that says what is one."""


def editor_of(setting: Setting) -> Editor:
    """How this setting is typed. What cannot be typed is written in the file: secrets, a value that
    is more than its text says, and one with characters that a terminal obeys or hides."""
    field, value = setting.field, setting.value
    text = typed_text(setting)
    names = (setting.key, *value) if isinstance(value, Mapping) else (setting.key,)
    if any(map(is_secret, names)) or redact(text) != text or not _is_typeable(text):
        return "none"
    if "array" in field.kinds or field.kinds == ("table",):
        return "none"
    if "map" in field.kinds:
        return "pairs" if value in (REMOVED, OFF) or _pairs(text) == value else "none"
    if "strings" in field.kinds:
        return "list" if value is REMOVED or _names(text) == value else "none"
    if isinstance(value, Mapping | list):
        return "none"
    known = field.values or field.examples
    if known or "boolean" in field.kinds or switch_of(field.key):
        return "choice"
    return "text" if field.key.rpartition(".")[2] in _LONG_TEXTS else "line"


def _is_typeable(text: str) -> bool:
    return printable(text, newlines=True) == text.replace("\t", "    ")


def shown_choices(field: Field, choices: Sequence[KnownValue]) -> tuple[KnownValue, ...]:
    """The known values of a field as they are typed, those of a switch included; empty for a field
    without any. choices: as they stand in a profile."""
    if "boolean" in field.kinds:
        return (KnownValue("on", ""), KnownValue("off", ""))
    if "strings" in field.kinds:
        return ()
    return tuple(KnownValue(_plain(each.value, field.key), each.availability) for each in choices)


def typed_text(setting: Setting) -> str:
    """The setting's value as it is typed."""
    value = setting.value
    if value is REMOVED:
        return ""
    match value:
        case Mapping():
            return "\n".join(f"{name} = {text}" for name, text in value.items())
        case list():
            return ", ".join(map(str, value))
        case _:
            return _plain(value, setting.key)


def _plain(value: Any, key: str) -> str:
    match value:
        case bool():
            return "on" if value else "off"
        case str() if value == OFF and may_be_off(key):
            return "off"
        case _:
            return "" if value is REMOVED else str(value)


def parse_typed(field: Field, text: str) -> Any:
    """The value that a typed text stands for; REMOVED for an empty one, so that the service uses
    its default. Raises ValueRefused."""
    words = text.strip()
    if not words:
        return REMOVED
    if words in ("off", OFF) and (switch_of(field.key) or field.nullable or OFF in field.values):
        return OFF
    for kind in field.kinds:
        parsed = _parse(kind, text if kind == "string" else words)
        if parsed is not None:
            return parsed
    raise ValueRefused(f'"{words[:40]}" is not {_wanted(field)}.')


def _parse(kind: str, text: str) -> Any:
    """The text as a value of this kind; None if it is not one."""
    match kind:
        case "integer":
            return _whole(text)
        case "number":
            return _number(text)
        case "boolean":
            return _SWITCH.get(text.lower())
        case "strings":
            return _names(text)
        case "map":
            return _pairs(text)
        case "string":
            return text if "\n" in text else text.strip()
        case _:
            return None


def _whole(text: str) -> int | None:
    digits = text.replace(" ", "").replace("_", "")
    return int(digits) if digits.lstrip("+-").isdecimal() and len(digits) < 20 else None


def _number(text: str) -> float | int | None:
    if (whole := _whole(text)) is not None:
        return whole
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _names(text: str) -> list[str]:
    return [name for part in text.split(",") if (name := part.strip())]


def _pairs(text: str) -> dict[str, str] | None:
    pairs = [line.partition("=") for line in text.splitlines() if line.strip()]
    if not all(equals and name.strip() for name, equals, _ in pairs):
        return None
    return {name.strip(): value.strip() for name, _, value in pairs}


def _wanted(field: Field) -> str:
    if "boolean" in field.kinds:
        return "on or off"
    if "map" in field.kinds:
        return "a line such as name = value for each pair"
    number = "a whole number" if "integer" in field.kinds else "a number"
    return f"{number}{' or one of ' + ', '.join(field.values) if field.values else ''}"


# Steps of the arrow keys


def stepped(setting: Setting, choices: Sequence[KnownValue], by: int, api_version: str) -> Any:
    """The value one step lower (`by` -1) or higher (1) than the setting's, from the default if it
    has none; REMOVED if no arrow key changes it or it is at its end."""
    field, value = setting.field, setting.value
    base = field.default_in(api_version) if value is REMOVED else value
    if "boolean" in field.kinds:
        return not base if isinstance(base, bool) else by > 0
    if field.step is not None and (number := as_number(base)) is not None:
        moved = _moved(field, number, by)
        if moved is None:
            return REMOVED
        return f"{moved:.6g}" if isinstance(base, str) else moved
    return _next_choice(field, [each.value for each in choices], base, by)


def as_number(value: Any) -> float | int | None:
    """The finite number that a value is or spells; None if it is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        return _number(value)
    return value if isinstance(value, int | float) and math.isfinite(value) else None


def _moved(field: Field, number: float | int, by: int) -> float | int | None:
    assert field.step is not None
    moved: float | int = round(number + by * field.step, _PLACES)
    if field.low is not None:
        moved = max(moved, field.low)
    if field.high is not None:
        moved = min(moved, field.high)
    if moved == number or (moved > number) != (by > 0):
        return None
    whole = "integer" in field.kinds
    return int(moved) if whole else moved


def _next_choice(field: Field, names: Sequence[str], base: Any, by: int) -> Any:
    if len(names) < 2:
        return REMOVED
    shown = _plain(base, field.key)
    at = names.index(shown) + by if shown in names else (0 if by > 0 else len(names) - 1)
    return parse_typed(field, names[at]) if 0 <= at < len(names) else REMOVED
