"""Finds the records of an index that pass a filter.

Most are decided by their kind, a byte; a journal's text is searched in large blocks, once for each
condition, and only if a kind leaves it open.
"""

from array import array
from collections.abc import Callable, Sequence
from itertools import chain, compress

from voicelive_tui.journal.index import OVERFLOW, EventIndex, Kind
from voicelive_tui.model.events import filter_terms as terms
from voicelive_tui.model.events.filters import Filter

_HIDE, _SHOW, _OPEN = 0, 1, 2
_IS_SHOWN = bytes(byte == _SHOW for byte in range(256))
_IS_OPEN = bytes(byte == _OPEN for byte in range(256))


def passing(index: EventIndex, event_filter: Filter, start: int, stop: int) -> "array[int]":
    """Return the numbers in [start, stop) of the records that pass the filter, whatever their gaps,
    ascending."""
    kinds = index.kind_bytes(start, stop)
    table = bytearray(256)
    for number, kind in enumerate(index.kind_values()):
        table[number] = _answer(event_filter, kind)
    table[OVERFLOW] = _OPEN
    answers = kinds.translate(table)
    shown = compress(range(start, stop), answers.translate(_IS_SHOWN))
    if _OPEN not in answers:
        return array("I", shown)
    undecided = array("I", compress(range(start, stop), answers.translate(_IS_OPEN)))
    found = _decided(index, event_filter, undecided, start, stop)
    return array("I", sorted(chain(shown, found)))


def _answer(event_filter: Filter, kind: Kind) -> int:
    found = event_filter.matches_kind(*kind)
    return _OPEN if found is None else int(found)


def _decided(
    index: EventIndex, event_filter: Filter, numbers: Sequence[int], start: int, stop: int
) -> Sequence[int]:
    """Return those of these records that pass. Records of one kind that answer alike are judged
    once."""
    leaves = [leaf for leaf in event_filter.leaves() if isinstance(leaf, terms.RecordTerm)]
    leaves = list(dict.fromkeys(leaves))
    tests = [_test(index, leaf, start, stop) for leaf in leaves]
    judged: dict[tuple[Kind, tuple[bool, ...]], bool] = {}
    passed = array("I")
    for n in numbers:
        key = (index.kind(n), tuple([test(n) for test in tests]))
        verdict = judged.get(key)
        if verdict is None:
            answers = dict(zip(leaves, key[1], strict=True))
            verdict = judged[key] = bool(event_filter.holds(key[0], answers.__getitem__))
        if verdict:
            passed.append(n)
    return passed


def _test(
    index: EventIndex, term: terms.RecordTerm, start: int, stop: int
) -> Callable[[int], bool]:
    match term:
        case terms.TextTerm(needles):
            return {n for needle in needles for n in index.find(needle, start, stop)}.__contains__
        case terms.PatternTerm(pattern):
            return set(index.search(pattern, start, stop)).__contains__
        case terms.SizeTerm() | terms.TimeTerm():
            return lambda n: terms.holds_in_columns(term, index.size_bytes(n), index.t_s(n))
        case _:
            return lambda n: False
