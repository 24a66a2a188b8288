"""A fault as a value: its name, its parameters, and when it strikes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class FaultError(ValueError):
    """A fault that does not exist or has a bad parameter; the message is a sentence that says what
    would be right."""


@dataclass(frozen=True, slots=True)
class Fault:
    """`name` is a name in faults.catalogue; `params` are its checked parameters, defaults included.
    It strikes at server events of type `on` ("" for any), after `after` of them have passed,
    `times` times (0: without limit)."""

    name: str
    params: Mapping[str, Any] = field(default_factory=dict)
    on: str = ""
    after: int = 0
    times: int = 1
