"""The declaration of one field of a profile: its TOML types, known values and help text."""

from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["string", "integer", "number", "boolean", "table", "map", "strings", "array"]
"""A TOML type. `map` is a table with any keys, `strings` an array of strings, `array` an array of
any values."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field.

    key: dotted, with `*` for an element of an array. values: the known values of a string; the
    service may know more. low, high: the inclusive range. nullable: "none" is sent as null.
    discriminator: the key in this table whose value names the variant. variants: the variants that
    have this field; empty for all. required: the table, or each of those variants, needs it.
    """

    key: str
    kinds: tuple[Kind, ...]
    help: str
    values: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    nullable: bool = False
    discriminator: str = ""
    variants: tuple[str, ...] = ()
    required: bool = False

    @property
    def strict(self) -> bool:
        """Whether a wrong value is an error. Inside `[session]` it is a warning, because the
        service decides."""
        return not self.key.startswith("session.")


def has_kind(value: Any, kind: Kind) -> bool:
    """Return whether a TOML value is of this kind: a boolean is no integer, an integer is a
    number."""
    match kind:
        case "string":
            return isinstance(value, str)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "boolean":
            return isinstance(value, bool)
        case "table" | "map":
            return isinstance(value, dict)
        case "array":
            return isinstance(value, list)
        case "strings":
            return isinstance(value, list) and all(isinstance(element, str) for element in value)
