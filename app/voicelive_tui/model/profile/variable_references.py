"""References to environment variables, written `${NAME}`, in the headers and the query of a
profile. The profile holds the names, never the values."""

from collections.abc import Callable, Iterable

from voicelive_common.redaction.redact import VARIABLE_REFERENCE


def variables_in(values: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the variables in these values, each once."""
    return tuple(
        dict.fromkeys(name for value in values for name in VARIABLE_REFERENCE.findall(value))
    )


def with_variables(value: str, value_of: Callable[[str], str]) -> str:
    """Return a value with each reference replaced by what `value_of` returns for its name."""
    return VARIABLE_REFERENCE.sub(lambda found: value_of(found[1]), value)


def has_broken_reference(value: str) -> bool:
    """Whether a value contains `${` that begins no reference."""
    return "${" in VARIABLE_REFERENCE.sub("", value)
