"""The differences between a live client and the recorded one: the fields that differ, and the
sentence that reports them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from voicelive_common.printable import single_line
from voicelive_common.redaction.names import path_may_hold_secret
from voicelive_common.redaction.redact import HIDDEN

from voicelive_simulator.api.schema import JSON
from voicelive_simulator.replay.id_map import ID_FIELDS

_ABSENT = object()
_MOST_FIELDS = 5
_LONGEST_VALUE = 40
LONGEST_TEXT = 600
# Fields that differ from run to run of the same client: its event ids, and how much of a response
# was heard.
_IGNORED_FIELDS = frozenset({"event_id", "audio_end_ms"})


@dataclass(frozen=True, slots=True)
class Divergence:
    """A point at which the live client differed from the recorded one. `n` is the recorded event's
    number, None when there is none; `fields` are the paths that differ."""

    n: int | None
    expected: str
    got: str
    fields: tuple[str, ...]
    sentence: str

    def __post_init__(self) -> None:
        for name in ("got", "sentence"):
            object.__setattr__(self, name, single_line(getattr(self, name), LONGEST_TEXT))

    def to_json(self) -> JSON:
        """The divergence, for the control path."""
        return {
            "n": self.n,
            "expected": self.expected,
            "got": self.got,
            "fields": list(self.fields),
            "sentence": self.sentence,
        }


@dataclass(frozen=True, slots=True)
class Difference:
    path: str
    recorded: Any
    live: Any

    def __str__(self) -> str:
        if path_may_hold_secret(self.path):
            return f"{self.path} is different"
        return f"{self.path} is {_shown(self.live)} instead of {_shown(self.recorded)}"


def differing(n: int, kind: str, found: list[Difference]) -> Divergence:
    more = f" and {len(found) - _MOST_FIELDS} more" if len(found) > _MOST_FIELDS else ""
    fields = ", ".join(str(one) for one in found[:_MOST_FIELDS])
    sentence = (
        f"The client's {kind} is not the recorded one (record {n}): {fields}{more}; the "
        "recording continues."
    )
    return Divergence(n, kind, kind, tuple(one.path for one in found), sentence)


def unexpected(n: int | None, expected: str, got: str) -> Divergence:
    what = (
        f"{expected} (record {n}) comes next"
        if n is not None
        else "nothing more comes from the client"
    )
    sentence = f"The client sent {got} where in the recording {what}; it gets no reply of its own."
    return Divergence(n, expected, got, (), sentence)


def missing(n: int, expected: str, got: str) -> Divergence:
    sentence = (
        f"The client went on to {got} without {expected} (record {n}); the recording "
        "continues without it."
    )
    return Divergence(n, expected, got, (), sentence)


def other_opening(found: list[Difference]) -> Divergence:
    fields = ", ".join(str(one) for one in found)
    sentence = (
        f"The client did not connect as in the recording: {fields}; the recording is served anyway."
    )
    return Divergence(None, "connect", "connect", tuple(one.path for one in found), sentence)


def differences(recorded: Any, live: Any, path: str = "") -> Iterator[Difference]:
    """Yield the leaves in which `live`, with its ids translated to recorded ones, differs. An id
    that only one of the two gives is no difference."""
    if recorded == HIDDEN:  # a secret that the recording does not contain
        return
    if isinstance(recorded, dict) and isinstance(live, dict):
        for key in recorded.keys() | live.keys():
            before, now = recorded.get(key, _ABSENT), live.get(key, _ABSENT)
            if key in _IGNORED_FIELDS or (
                key in ID_FIELDS and (before in (_ABSENT, None, "") or now in (_ABSENT, None, ""))
            ):
                continue
            yield from differences(before, now, f"{path}.{key}" if path else key)
    elif isinstance(recorded, list) and isinstance(live, list) and len(recorded) == len(live):
        for at, (before, now) in enumerate(zip(recorded, live, strict=True)):
            yield from differences(before, now, f"{path}[{at}]")
    elif recorded != live or isinstance(recorded, bool) != isinstance(live, bool):
        yield Difference(path, recorded, live)


def _shown(value: Any) -> str:
    if value is _ABSENT:
        return "left out"
    if isinstance(value, dict | list):
        return "a table" if isinstance(value, dict) else f"a list of {len(value)}"
    json_text = json.dumps(value, ensure_ascii=True)
    return (
        json_text
        if len(json_text) <= _LONGEST_VALUE
        else f"{json_text[: _LONGEST_VALUE - 4]}..." + ('"' if json_text.endswith('"') else "")
    )
