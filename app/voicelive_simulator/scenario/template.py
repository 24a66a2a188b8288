"""Templates for what the assistant says, with placeholders for what was said to it: `{text}`,
`{turn}`, `{tool}`, `{output}`, `{output.a.b}`.

The value of a placeholder is not parsed again, and a placeholder can refer to nothing but these
values: text from the wire stays text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from voicelive_simulator.scenario.toml_reader import nearest

PLACEHOLDERS = ("text", "turn", "tool", "output")
MOST_FILLED_CHARS = 1000  # of one placeholder: users may type megabytes

_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_NAME = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*")


class TemplateError(ValueError):
    """A template that cannot be filled; the message is a clause that says what would be right."""


@dataclass(frozen=True, slots=True)
class _Placeholder:
    name: str
    steps: tuple[str, ...]
    written: str


@dataclass(frozen=True, slots=True)
class Template:
    parts: tuple[str | _Placeholder, ...]

    def fill(self, values: Mapping[str, str]) -> str:
        """Fill the placeholders. One without a value stays as it was written."""
        return "".join(
            part if isinstance(part, str) else _filled(part, values) for part in self.parts
        )


def parse_template(text: str, groups: Collection[str] = ()) -> Template:
    """Parse a template. `{{` and `}}` are braces; `groups` are the named groups of the entry's
    patterns. Raises TemplateError."""
    parts: list[str | _Placeholder] = []
    at = 0
    for token in _TOKEN.finditer(text):
        parts.append(text[at : token.start()])
        at = token.end()
        match token[0]:
            case "{{" | "}}":
                parts.append(token[0][0])
            case "{" | "}":
                raise TemplateError(
                    f"a single {token[0]} is not allowed: write {token[0] * 2} for a brace that is "
                    "said"
                )
            case written:
                parts.append(_placeholder(token[1], written, (*PLACEHOLDERS, *groups)))
    return Template((*parts, text[at:]))


def _placeholder(inner: str, written: str, known: tuple[str, ...]) -> _Placeholder:
    name, *steps = inner.split(".")
    if not _NAME.fullmatch(inner) or name not in known:
        raise TemplateError(
            f"{written} is not a placeholder: known are "
            f"{', '.join(f'{{{k}}}' for k in known)}{nearest(name, known)}"
        )
    if steps and name != "output":
        raise TemplateError(f"{written} has parts, which only {{output}} has, when it is JSON")
    return _Placeholder(name, tuple(steps), written)


def _filled(placeholder: _Placeholder, values: Mapping[str, str]) -> str:
    value = values.get(placeholder.name)
    if value is not None and placeholder.steps:
        value = _json_part(value, placeholder.steps)
    return placeholder.written if value is None else value[:MOST_FILLED_CHARS]


def _json_part(output: str, steps: tuple[str, ...]) -> str | None:
    """A part of a tool's output that is JSON, as text to be spoken; None when there is no such
    part."""
    try:
        value: Any = json.loads(output)
    except (ValueError, RecursionError):
        return None
    for step in steps:
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
