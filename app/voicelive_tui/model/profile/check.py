"""Checks a profile's document against the table of known fields.

A problem is an error when the profile cannot work with it. Inside `[session]` every problem is a
warning, because the service may know more than this version.
"""

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any

from voicelive_common.toml.positions import Position, key_positions, nearest_position

from voicelive_tui.model.profile.fields.field import Field, has_kind
from voicelive_tui.model.profile.fields.field_table import CHILDREN, FIELDS_BY_KEY
from voicelive_tui.model.profile.problem import Problem, Severity
from voicelive_tui.model.profile.rules.combination_rules import check_combinations
from voicelive_tui.model.profile.rules.finding import Finding
from voicelive_tui.model.profile.rules.json_rules import find_non_json_values
from voicelive_tui.model.profile.rules.secret_rules import find_secrets, find_unhidable_secrets

NONE = "none"
MAX_FINDINGS = 500
_MAX_SHOWN_CHARS = 40
_MAX_MESSAGE_CHARS = 400
_KIND_NAMES = {
    "string": "a string",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "table": "a table",
    "map": "a table",
    "array": "an array",
    "strings": "an array of strings",
}


def check_document(document: Mapping[str, Any], text: str, path: str) -> tuple[Problem, ...]:
    """Return every problem of a document that was read from `text`, in the order of the file.

    The search stops after `MAX_FINDINGS`, which is an error of its own, because the unchecked rest
    may hold one.
    """
    all_findings = chain(
        find_secrets(document),
        find_unhidable_secrets(document),
        find_non_json_values(document),
        _check_table("", "", document),
    )
    findings = list(islice(all_findings, MAX_FINDINGS))
    extra = next(all_findings, None)
    erroneous_keys = {finding.key for finding in findings if finding.severity == "error"}
    if not erroneous_keys and extra is None:
        combinations = check_combinations(document)
        findings.extend(islice(combinations, MAX_FINDINGS - len(findings)))
        extra = next(combinations, None)
    if extra is not None:
        findings.append(
            Finding(
                "",
                "error",
                f"there are more than {MAX_FINDINGS} problems in it",
                "is it a profile?",
            )
        )
    findings = [
        finding
        for finding in findings
        if finding.severity == "error" or finding.key not in erroneous_keys
    ]
    positions = key_positions(text) if findings else {}
    problems = [_problem(finding, positions, path) for finding in findings]
    return tuple(
        sorted(
            dict.fromkeys(problems), key=lambda problem: (problem.line or 0, problem.column or 0)
        )
    )


def wire_value(pattern: str, value: Any) -> Any:
    """Return a copy of a `[session]` value with None in place of "none" wherever the API allows
    null.

    pattern: the key of the value, such as `session.voice`, with `*` for an element of an array.
    """
    if value == NONE and any(each.nullable for each in FIELDS_BY_KEY.get(pattern, ())):
        return None
    if isinstance(value, Mapping):
        return {key: wire_value(f"{pattern}.{key}", child) for key, child in value.items()}
    if isinstance(value, list):
        return [wire_value(f"{pattern}.*", child) for child in value]
    return value


def closest_match(word: str, known: Iterable[str]) -> str:
    """Return the known word that is closest to this one; empty when none is close."""
    # A word of this length is no typing error, and comparing it takes long.
    if len(word) > 2 * _MAX_SHOWN_CHARS:
        return ""
    matches = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return matches[0] if matches else ""


def _check_table(
    pattern: str, key: str, table: Mapping[str, Any], by: str = ""
) -> Iterator[Finding]:
    variant = table.get(by) if by else None
    known = CHILDREN.get(pattern, ())
    for name, value in table.items():
        child_key, child_pattern = _join(key, name), _join(pattern, name)
        if name not in known:
            yield _unknown_name(child_key, name, known)
            continue
        fields = FIELDS_BY_KEY[child_pattern]
        fitting = [
            each
            for each in fields
            if not each.variants or not isinstance(variant, str) or variant in each.variants
        ]
        if not fitting and not _known_variant(pattern, by, variant):
            fitting = list(fields)
        if not fitting:
            kinds = ", ".join(dict.fromkeys(kind for each in fields for kind in each.variants))
            yield Finding(
                child_key,
                "warning",
                f'`{name}` is not a field of {by} "{variant}"',
                f"it belongs to {kinds}",
            )
            continue
        yield from _check_value(
            fitting[0] if len(fitting) == 1 else _least_strict(fitting), child_key, value
        )
    yield from _missing(pattern, key, table, variant)


def _check_value(field: Field, key: str, value: Any) -> Iterator[Finding]:
    if value == NONE and field.nullable:
        return
    severity: Severity = "error" if field.strict else "warning"
    if not any(has_kind(value, kind) for kind in field.kinds) or (
        isinstance(value, str) and "string" not in field.kinds
    ):
        expected = " or ".join(dict.fromkeys(_KIND_NAMES[kind] for kind in field.kinds))
        yield Finding(
            key, severity, f"`{key}` must be {expected}, not {_describe(value)}", field.help
        )
        return
    match value:
        case str() if field.values and value not in field.values:
            yield _unknown_value(key, value, field, severity)
        case list() if field.values:
            yield from (
                _unknown_value(f"{key}.{at}", each, field, severity)
                for at, each in enumerate(value)
                if each not in field.values
            )
        case list() if f"{field.key}.*" in FIELDS_BY_KEY:
            element = FIELDS_BY_KEY[f"{field.key}.*"][0]
            for at, each in enumerate(value):
                yield from _check_value(element, f"{key}.{at}", each)
        case dict() if "map" not in field.kinds:
            yield from _check_table(field.key, key, value, field.discriminator)
        case bool():
            pass
        case int() | float():
            yield from _check_range(field, key, value)


def _check_range(field: Field, key: str, value: float) -> Iterator[Finding]:
    low, high = field.low, field.high
    if (low is None or value >= low) and (high is None or value <= high):
        return
    expected = (
        f"from {low:g} to {high:g}" if low is not None and high is not None else f"{low:g} or more"
    )
    yield Finding(
        key,
        "warning",
        f"`{key}` is {value:g}, outside the range that the service is known to accept",
        f"{expected}: {field.help}",
    )


def _missing(pattern: str, key: str, table: Mapping[str, Any], variant: Any) -> Iterator[Finding]:
    for name in CHILDREN.get(pattern, ()):
        for field in FIELDS_BY_KEY[_join(pattern, name)]:
            applies = not field.variants or (isinstance(variant, str) and variant in field.variants)
            if field.required and applies and name not in table:
                example = f"one of {', '.join(field.values)}" if field.values else field.help
                yield Finding(key, "warning", f"`{name}` is missing in `{key}`", example)


def _least_strict(fields: Sequence[Field]) -> Field:
    """Return the declaration that is least strict, for a table whose variant is not known."""
    return min(fields, key=lambda each: bool(each.values))


def _known_variant(pattern: str, by: str, variant: Any) -> bool:
    return bool(by) and any(
        variant in each.values for each in FIELDS_BY_KEY.get(_join(pattern, by), ())
    )


def _unknown_name(key: str, name: str, known: Sequence[str]) -> Finding:
    guess = closest_match(name, known)
    hint = f"did you mean `{guess}`? " if guess else ""
    in_session = key.startswith("session.")
    effect = "it is sent unchanged" if in_session else "it is kept but has no effect"
    return Finding(key, "warning", f"`{key}` is not known to this version", f"{hint}{effect}")


def _unknown_value(key: str, value: str, field: Field, severity: Severity) -> Finding:
    guess = closest_match(value, field.values)
    hint = f'did you mean "{guess}"?' if guess else f"known: {', '.join(field.values)}"
    if field.key == "session.turn_detection.type" and value == NONE:
        hint = 'for manual turns write turn_detection = "none" in [session]'
    # An API version may be newer than this program; any other value outside `[session]` is its own.
    if field.key == "service.api_version":
        severity = "warning"
    return Finding(key, severity, f'"{_truncate(value)}" is not a known value of `{key}`', hint)


def _describe(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f'the string "{value}"' if len(value) <= _MAX_SHOWN_CHARS else "a string"
        case int() | float():
            return f"the number {value}"
        case list():
            return "an array"
        case dict():
            return "a table"
        case _:
            return "a date or time"


def _problem(finding: Finding, positions: Mapping[str, Position], path: str) -> Problem:
    line, column = nearest_position(finding.key, positions) or (None, None)
    return Problem(
        path,
        line,
        column,
        finding.key,
        finding.severity,
        _truncate(finding.message, _MAX_MESSAGE_CHARS),
        finding.hint,
    )


def _truncate(text: str, max_chars: int = _MAX_SHOWN_CHARS) -> str:
    return text if len(text) <= max_chars else text[:max_chars] + "…"


def _join(left: str, right: str) -> str:
    return f"{left}.{right}" if left else right
