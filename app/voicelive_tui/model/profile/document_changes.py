"""The differences between two documents, and a document with the changes of two others.

A document is the content of a profile: tables, arrays and single values.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from voicelive_tui.model.profile.setting_values import REMOVED, setting_at, with_setting

Changes = Mapping[str, Any]
"""New values by dotted key, with `REMOVED` where a key goes."""


@dataclass(frozen=True, slots=True)
class MergedDocument:
    """Two sets of changes to one document, together.

    conflicts: the dotted keys at which both changed something, differently. with_first: the
    document with the first one's values there. with_second: the document with the second one's.
    """

    conflicts: tuple[str, ...]
    with_first: dict[str, Any]
    with_second: dict[str, Any]


def same_value(one: Any, other: Any) -> bool:
    """Return whether two values are the same for TOML, which tells 1, 1.0 and true apart."""
    match one, other:
        case Mapping(), Mapping():
            return one.keys() == other.keys() and all(
                same_value(value, other[name]) for name, value in one.items()
            )
        case list() | tuple(), list() | tuple():
            return len(one) == len(other) and all(map(same_value, one, other))
        case float(), float():
            return repr(one) == repr(other)
        case _:
            return type(one) is type(other) and bool(one == other)


def changed_document(document: Mapping[str, Any], changes: Changes) -> dict[str, Any]:
    """Return a copy of the document with the changes, made one after the other. Raises IndexError
    for an element that an array does not have."""
    changed = dict(document)
    for key, value in changes.items():
        changed = with_setting(changed, key, value)
    return changed


def document_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Return what makes one document of the other, as narrow as dotted keys can say it: a table
    with a dot in one of its names, and an array of another length, change as a whole."""
    return dict(_changes("", before, after))


def merged_documents(
    base: Mapping[str, Any], first: Mapping[str, Any], second: Mapping[str, Any]
) -> MergedDocument:
    """Return the document with the changes that lead from `base` to each of the two."""
    ours, theirs = document_changes(base, first), document_changes(base, second)
    conflicts = tuple(dict.fromkeys(_conflicts(ours, theirs)))
    apart = {
        key: value
        for key, value in ours.items()
        if not any(_overlap(key, conflict) for conflict in conflicts)
    }
    with_second = changed_document(second, apart)
    with_first = changed_document(with_second, {key: setting_at(first, key) for key in conflicts})
    return MergedDocument(conflicts, with_first, with_second)


def _conflicts(ours: Changes, theirs: Changes) -> Iterator[str]:
    """Yield the keys at which both changed something differently; of two such keys the shorter
    one, because what is below it changed as a whole."""
    for key, value in ours.items():
        for other, their_value in theirs.items():
            if _overlap(key, other) and not (key == other and same_value(value, their_value)):
                yield min(key, other, key=len)


def _changes(
    key: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[tuple[str, Any]]:
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name, REMOVED), after.get(name, REMOVED)
        if not same_value(old, new):
            yield from _value_changes(f"{key}.{name}" if key else name, old, new)


def _value_changes(key: str, old: Any, new: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        if old and new and _dotted(old) and _dotted(new):
            yield from _changes(key, old, new)
        else:
            yield key, new
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for number, (each, new_each) in enumerate(zip(old, new, strict=True)):
            if not same_value(each, new_each):
                yield from _value_changes(f"{key}.{number}", each, new_each)
    else:
        yield key, new


def _dotted(table: Mapping[str, Any]) -> bool:
    """Whether a dotted key can name everything in a table."""
    return all(name and "." not in name for name in table)


def _overlap(one: str, other: str) -> bool:
    """Whether one key is the other, or is below it."""
    return f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")
