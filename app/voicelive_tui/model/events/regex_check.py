"""Finds the parts of a regular expression with which a search may never end.

Python's `re` tries every way in which repetitions can share a text, and nothing can interrupt it:
the whole program would stand still. The check reads the expression from left to right and does not
need it to be valid. It refuses some expressions that would be harmless, never a plain one.
"""

import re
from dataclasses import dataclass
from typing import Final

_PART: Final = re.compile(
    r"(?P<open>\((?:\?(?:P?<?[=!>:]|P<\w+>|[aiLmsux-]*:|[^)]))?)"
    r"|(?P<close>\))|(?P<bar>\|)"
    r"|(?P<atom>\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.)",
    re.DOTALL,
)
_REPEAT: Final = re.compile(r"(?P<sign>[*+?]|\{(?P<least>\d*)(?P<comma>,?)(?P<most>\d*)\})[?+]?")


@dataclass(frozen=True, slots=True)
class SlowPart:
    """A part [start, end) of an expression, and what is wrong with it, for the middle of a
    sentence."""

    start: int
    end: int
    fault: str


@dataclass(slots=True)
class _Group:
    """What was read of one group. varies: it can match one text in several ways."""

    start: int
    varies: bool = False


def slow_part(pattern: str) -> SlowPart | None:
    """Return the first part that may take forever; None if there is none."""
    groups, at, is_first = [_Group(0)], 0, True
    while found := _PART.match(pattern, at):
        at, inner, start = found.end(), None, found.start()
        if found["open"]:
            groups.append(_Group(start))
            continue
        if found["bar"]:
            groups[-1].varies = True
            continue
        if found["close"] and len(groups) > 1:
            inner = groups.pop()
            start = inner.start
            groups[-1].varies |= inner.varies
        if repeat := _REPEAT.match(pattern, at):
            at = repeat.end()
            if _is_many(repeat) and inner is not None and inner.varies:
                return SlowPart(start, at, "a repetition of a part that repeats or varies itself")
            if is_first and repeat["sign"] in "*+" and _is_wild(found[0]):
                return SlowPart(start, at, "a repetition of any character at a beginning")
            is_exact = repeat["sign"][0] == "{" and not repeat["comma"]
            groups[-1].varies |= not is_exact
        is_first = False
    return None


def _is_many(repeat: "re.Match[str]") -> bool:
    """Whether more than one is meant."""
    if repeat["sign"] in "*+":
        return True
    most = repeat["most"] or ("" if repeat["comma"] else repeat["least"])
    return repeat["sign"] != "?" and most not in ("0", "1")


def _is_wild(atom: str) -> bool:
    """Whether the part matches nearly every character."""
    return atom == "." or atom.startswith("[^") or atom in (r"\S", r"\D", r"\W")
