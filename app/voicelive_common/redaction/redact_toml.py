"""Removes the secrets from a profile's text: the one rule by which a profile is shown and
recorded."""

from collections.abc import Iterator, Mapping
from typing import Any

import tomli_w

from voicelive_common.redaction.redact import hide_keys, hide_named, redact, redact_value
from voicelive_common.toml.read import TomlProblem, read_toml


def redact_toml(text: str) -> str:
    """Return the text without secrets but with its comments and line breaks. Where that is not
    possible, the text is written anew from its values.

    Values are hidden by the rule for events, so that a profile shows and hides what the events show
    and hide. A comment is not evidence, so anything in it that looks like a named password is
    hidden too. A text that is not TOML is treated like a comment as a whole.
    """
    document = read_toml(text)
    if isinstance(document, TomlProblem):
        return redact(text)
    clean = redact_value(document)
    masked = text
    for old, new in sorted(
        _replacements(document, clean), key=lambda pair: len(pair[0]), reverse=True
    ):
        masked = masked.replace(old, new)
    masked = hide_keys(masked)
    for candidate in (_without_secrets_in_comments(masked), masked):
        if read_toml(candidate) == clean:
            return candidate
    return hide_keys(tomli_w.dumps(clean, multiline_strings=True))


def _replacements(old: Any, new: Any) -> Iterator[tuple[str, str]]:
    """Yield every text that was changed, with its replacement."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for (name, value), (new_name, new_value) in zip(old.items(), new.items(), strict=False):
            if name != new_name:
                yield name, new_name
            yield from _replacements(value, new_value)
    elif isinstance(old, list) and isinstance(new, list):
        for each, new_each in zip(old, new, strict=False):
            yield from _replacements(each, new_each)
    elif isinstance(old, str) and isinstance(new, str) and old and old != new:
        yield old, new


def _without_secrets_in_comments(text: str) -> str:
    return "\n".join(
        hide_named(line) if line.lstrip().startswith("#") else line for line in text.split("\n")
    )
