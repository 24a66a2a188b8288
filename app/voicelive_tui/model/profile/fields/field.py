"""The declaration of one field of a profile: its TOML types, known values, defaults, help text, and
what it needs of the service."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any, Final, Literal

from voicelive_tui.model.profile.fields.requirement import NO_NEEDS, Requirement

Kind = Literal["string", "integer", "number", "boolean", "table", "map", "strings", "array"]
"""A TOML type. `map` is a table with any keys, `strings` an array of strings, `array` an array of
any values."""


@dataclass(frozen=True, slots=True)
class TextForm:
    """The form that the service asks of a text. pattern: a regular expression for all of it.
    expected: what fits, in words."""

    pattern: str
    expected: str

    def fits(self, text: str) -> bool:
        """Return whether a text has the form."""
        return re.fullmatch(self.pattern, text) is not None


NOT_EMPTY: Final = TextForm(r"(?s).+", "one character or more")

Changes = Literal["at once", "before an answer", "new connection"]
"""When a running session takes a new value: at once, only until the first answer is spoken, or only
with a new connection."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field.

    key: dotted, with `*` for an element of an array. values: the known values of a string; the
    service may know more. low, high: the inclusive range. nullable: "none" is sent as null.
    discriminator: the key in this table whose value names the variant. variants: the variants that
    have this field; empty for all. required: the table, or each of those variants, needs it.

    examples: values for a form to offer, out of many more. step: the difference that one arrow key
    makes; None for what is no number. A field of the kind `string` with a step holds a number as
    text, such as "1.05". label: its name in a form; empty for the last part of the key. effect:
    what a higher or lower value does, in sentences; may be empty. defaults: by the API version from
    which the service uses the default; "" is every version. changes: when a running session takes a
    new value. needs: the models, voices and API versions that have the field; value_needs: the same
    for single values. unusable: why the service never takes the field; usually empty.

    form: what a text, or each text of an array, must look like. most: the largest number of an
    array's elements. texts: every value of a map is a text. first_preview: further values that
    2025-05-01-preview has and later versions refuse; a form does not offer them.
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
    examples: tuple[str, ...] = ()
    step: float | None = None
    label: str = ""
    effect: str = ""
    defaults: Mapping[str, Any] = dataclass_field(default_factory=dict, hash=False)
    changes: Changes = "at once"
    needs: Requirement = NO_NEEDS
    value_needs: Mapping[str, Requirement] = dataclass_field(default_factory=dict, hash=False)
    unusable: str = ""
    form: TextForm | None = None
    most: int | None = None
    texts: bool = False
    first_preview: tuple[str, ...] = ()

    @property
    def strict(self) -> bool:
        """Whether a profile with a wrong value cannot be used at all. Inside `[session]` it can,
        because the service decides, and may be newer."""
        return not self.key.startswith("session.")

    @property
    def title(self) -> str:
        """The name of the field in a form, at most 15 characters."""
        return self.label or self.key.rpartition(".")[2].replace("_", " ")

    @property
    def since(self) -> str:
        """The first API version that has the field; empty when every version has it."""
        return self.needs.since

    @property
    def restart(self) -> bool:
        """Whether a new value always needs a new connection."""
        return self.changes == "new connection"

    def default_in(self, api_version: str) -> Any:
        """Return the default in an API version, the newest one when the version is empty; None when
        no default is known."""
        # The names of the versions begin with their date, so that the order of text is theirs.
        fitting = [since for since in self.defaults if since <= (api_version or "~")]
        return self.defaults[max(fitting)] if fitting else None


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
