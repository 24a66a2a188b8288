"""An event costs the same in a long conversation as in a short one, even when a snapshot is read
after each event."""

from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest
from voicelive_tui.model.collections.shared_sequence import SharedSequence, changes
from voicelive_tui.model.events.record import Record
from voicelive_tui.model.session.fold import SessionFold

from tests.model.support.exchanges import EXCHANGES, Event, spoken
from tests.support.step_count import steps

SHORT, LONG = 300, 3_000
MOST = 2.0
"""The most that the cost of an event may grow in a session of ten times the size: the tree may be a
level higher, while code that visits every item would cost ten times as much."""


class Session:
    """A session's fold, to which the test applies exchanges."""

    def __init__(self, exchange: Callable[[int], Iterator[Event]]) -> None:
        self.fold = SessionFold()
        self._exchange = exchange
        self._records = 0
        self._exchanges = 0

    def go_on(self, until: int, *, reading: bool = False) -> None:
        """Apply exchanges up to this number. reading: read the view after each event."""
        while self._exchanges < until:
            for direction, event in self._exchange(self._exchanges):
                self.fold.apply(
                    Record(self._records, self._records / 10, cast(Any, direction), event)
                )
                self._records += 1
                if reading:
                    self.fold.view()
            self._exchanges += 1
        self.fold.view()


@pytest.mark.parametrize("exchange", EXCHANGES, ids=lambda exchange: exchange.__name__)
def test_an_event_takes_as_many_steps_after_thousands_of_items_as_after_hundreds(
    exchange: Callable[[int], Iterator[Event]],
) -> None:
    session = Session(exchange)
    session.go_on(SHORT)
    early = steps(lambda: session.go_on(SHORT + 30, reading=True))
    session.go_on(LONG)
    late = steps(lambda: session.go_on(LONG + 30, reading=True))
    assert late < MOST * early


def _parts(sequence: Any) -> Iterator[Any]:
    if isinstance(sequence, SharedSequence):
        for part in sequence.parts:
            yield part
            yield from _parts(part)


def test_a_snapshot_is_new_only_where_something_changed() -> None:
    session = Session(spoken)
    session.go_on(LONG)
    before = session.fold.view()
    session.go_on(LONG + 1)
    after = session.fold.view()
    for new, old in ((after.transcript, before.transcript), (after.turns, before.turns)):
        known = {id(part) for part in _parts(old)}
        assert sum(id(part) not in known for part in _parts(new)) <= 6
        assert len(list(changes(new, old))) <= 2
