"""Checks a profile's document: single values against the table of known fields, then what does not
fit together.

What the service refuses as a whole is an error, what has no effect a warning, and what is new to
this version an info.
"""

from collections.abc import Mapping
from itertools import chain, islice
from typing import Any

from voicelive_common.toml.positions import Position, key_positions, nearest_position

from voicelive_tui.model.profile.fields.field_table import FIELDS_BY_KEY
from voicelive_tui.model.profile.problem import Problem
from voicelive_tui.model.profile.rules.combination_rules import check_combinations
from voicelive_tui.model.profile.rules.description import truncated
from voicelive_tui.model.profile.rules.finding import Finding
from voicelive_tui.model.profile.rules.json_rules import find_non_json_values
from voicelive_tui.model.profile.rules.secret_rules import find_secrets, find_unhidable_secrets
from voicelive_tui.model.profile.rules.service_rules import version_of
from voicelive_tui.model.profile.service_defaults import (
    NO_DEFAULTS,
    ServiceDefaults,
    with_model,
)
from voicelive_tui.model.profile.table_checks import NONE, TableChecker

__all__ = ["MAX_FINDINGS", "NONE", "check_document", "wire_value"]

MAX_FINDINGS = 500
_MAX_MESSAGE_CHARS = 400


def check_document(
    document: Mapping[str, Any], text: str, path: str, defaults: ServiceDefaults = NO_DEFAULTS
) -> tuple[Problem, ...]:
    """Return every problem of a document that was read from `text`, in the order of the file.

    defaults: the model and the version of the API for a document that states none. The search stops
    after `MAX_FINDINGS`, which is an error of its own, because the unchecked rest may hold one.
    """
    api_version = version_of(document, defaults.api_version)
    judged = with_model(document, defaults)
    all_findings = chain(
        find_secrets(document),
        find_unhidable_secrets(document),
        find_non_json_values(document),
        TableChecker(judged, api_version).check(),
    )
    findings = list(islice(all_findings, MAX_FINDINGS))
    extra = next(all_findings, None)
    usable = not any(each.severity == "error" and not each.by_service for each in findings)
    if usable and extra is None:
        combinations = check_combinations(judged, api_version)
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
    findings = _without_consequences(findings)
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


def _without_consequences(findings: list[Finding]) -> list[Finding]:
    """Return the first error of each key, and of the keys without an error everything."""
    errors = {each.key: each for each in reversed(findings) if each.severity == "error"}
    return [each for each in findings if errors.get(each.key, each) is each]


def _problem(finding: Finding, positions: Mapping[str, Position], path: str) -> Problem:
    line, column = nearest_position(finding.key, positions) or (None, None)
    return Problem(
        path,
        line,
        column,
        finding.key,
        finding.severity,
        truncated(finding.message, _MAX_MESSAGE_CHARS),
        finding.hint,
        finding.by_service,
    )
