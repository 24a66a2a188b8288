"""The event filter: which rows of the event list are shown.

    append            the type (whole, or as a row shows it) or a value in the event contains
                      "append"; `a|b` means either; case does not matter
    -append           the type does not contain "append"; also `-a|b`,
                      `-"text"`, `-item:ID`, `-err`, `-<`, `-( )`
    "two words"       the event's JSON contains this text
    /regex/           the event's JSON matches this regular expression, whatever the case
    type:done         the type contains "done"
    >  <  =           sent, received, local (also `dir:>`); several of them mean any of these
    err               the event reports a failure (also `error`)
    item:ID resp:ID   the event names this id; `ID*` one that begins so; `.` the cursor's
    code:invalid*     an error or close code; `*` is anything
    call:ID           the call's id, or the name of its function; `*` is anything
    turn:4            the event is part of this turn; `.` for the cursor's
    size>4k           bytes on the wire; also `size<`
    gap>200ms         seconds since the row above; also `gap<`
    t>0:50 t<1:00     the time since the session's start

Terms stand side by side with spaces between them, and all of them must hold; `or` means either of
what stands on its sides, `and` nothing more than a space, and `( )` group. An empty filter shows
everything.

Events that report a failure are always shown, unless a term with a minus excludes them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from voicelive_tui.model.events import filter_terms as terms
from voicelive_tui.model.events.filter_parser import DIRECTIONS, FilterMistake, FilterParser, Gap
from voicelive_tui.model.events.filter_terms import Node, RecordTerm, evaluate, leaves
from voicelive_tui.model.events.record import Direction

Kind = tuple[Direction, str, bool]
"""Direction, type, and whether the event reports a failure."""


@dataclass(frozen=True, slots=True)
class FilterError:
    """A mistake in a filter expression: the message is one sentence, [start, end) the place."""

    message: str
    start: int = 0
    end: int = 0

    def __str__(self) -> str:
        return self.message

    @property
    def brief(self) -> str:
        """The message as it stands beside the mark under the mistake."""
        text = self.message.removesuffix(".")
        for opening in ("The filter is wrong: ", "The filter has ", "The filter "):
            text = text.removeprefix(opening)
        return text


@dataclass(frozen=True, slots=True)
class TurnSpan:
    """The time of one turn, [start_s, end_s), in seconds since the session's start."""

    number: int
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class CursorIds:
    """What the event under the cursor belongs to; empty and None where there is nothing."""

    item: str = ""
    resp: str = ""
    turn: int | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """A parsed filter expression.

    nodes: the conditions that must all hold. texts: each of them as it was typed. gaps: limits for
    the seconds since the row above, which concern rows and not events. keeps_errors: show failures
    even if they do not match.
    """

    expression: str = ""
    nodes: tuple[Node, ...] = ()
    texts: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()
    keeps_errors: bool = True

    @property
    def needs_text(self) -> bool:
        """Whether a term must be searched for in the text of an event."""
        return any(isinstance(leaf, terms.TextTerm | terms.PatternTerm) for leaf in self.leaves())

    @property
    def needs_turns(self) -> bool:
        """Whether a term refers to a turn by its number."""
        return any(
            isinstance(leaf, terms.TurnTerm) and leaf.number is not None for leaf in self.leaves()
        )

    def leaves(self) -> Iterable[terms.Term]:
        """Return every condition that is not made of others."""
        return leaves(terms.AllOf(self.nodes))

    def matches(
        self,
        direction: Direction,
        type_name: str,
        *,
        error: bool = False,
        line: str | bytes = "",
        size_bytes: int = 0,
        t_s: float = 0.0,
    ) -> bool:
        """Return whether the filter shows this event, its gap aside. line: its journal line."""
        encoded = line.encode("utf-8", "surrogatepass") if isinstance(line, str) else line
        lowered = encoded.lower()
        return bool(
            self.holds(
                (direction, type_name, error),
                lambda term: terms.holds_in_line(term, lowered, size_bytes, t_s),
            )
        )

    def matches_kind(self, direction: Direction, type_name: str, error: bool) -> bool | None:
        """Return whether direction, type and error pass the filter; None when that depends on the
        event's text, size or time."""
        return self.holds((direction, type_name, error), lambda term: None)

    def holds(self, kind: Kind, term_holds: Callable[[RecordTerm], bool | None]) -> bool | None:
        """Return whether the filter shows an event of this kind; None if `term_holds`, which
        answers for what the kind does not decide, leaves it open."""
        nodes = self.nodes
        if kind[2] and self.keeps_errors:
            nodes = tuple(node for node in nodes if isinstance(node, terms.Not))
        return evaluate(terms.AllOf(nodes), kind, term_holds)

    def without(self, at: int) -> "Filter":
        """Return the filter without the condition at this position."""
        return replace(
            self,
            nodes=self.nodes[:at] + self.nodes[at + 1 :],
            texts=self.texts[:at] + self.texts[at + 1 :],
        )

    def resolved(self, turns: Sequence[TurnSpan], cursor: CursorIds) -> "Filter":
        """Return the filter with turns as times, and with the ids of the cursor's event."""

        def resolve(term: terms.Term) -> Node:
            match term:
                case terms.TurnTerm(number):
                    return _turn_time(turns, cursor.turn if number is None else number)
                case terms.CursorTerm(what):
                    identifier = cursor.item if what == "item" else cursor.resp
                    return _id_term(identifier)
                case _:
                    return term

        nodes = tuple(terms.replace_leaves(node, resolve) for node in self.nodes)
        return replace(self, nodes=nodes)

    @property
    def words(self) -> tuple[str, ...]:
        """The texts to mark where they are found: those that the filter asks for."""
        found: list[str] = []
        for node in self.nodes:
            found += _asked_for(node)
        return tuple(dict.fromkeys(word for word in found if word))


EVERYTHING: Final = Filter()
NO_IDS: Final = CursorIds()


def parse_filter(expression: str) -> Filter | FilterError:
    """Parse a filter expression; see the module's docstring for the grammar."""
    parser = FilterParser(expression)
    try:
        parts = parser.parse()
    except FilterMistake as mistake:
        return FilterError(mistake.message, mistake.start, mistake.end)
    nodes, texts = tuple(node for node, _ in parts), tuple(text for _, text in parts)
    found = Filter(expression.strip(), nodes, texts, tuple(parser.gaps))
    if nodes and all(_excludes_direction(nodes, each) for each in DIRECTIONS.values()):
        return FilterError(
            "The filter excludes every direction: leave one of > < = in.", 0, len(expression)
        )
    return found


def _excludes_direction(nodes: tuple[Node, ...], direction: Direction) -> bool:
    only = tuple(
        node
        for node in nodes
        if isinstance(node, terms.DirectionTerm)
        or (isinstance(node, terms.Not) and isinstance(node.node, terms.DirectionTerm))
    )
    return not evaluate(terms.AllOf(only), (direction, "", False), lambda term: None)


def _turn_time(turns: Sequence[TurnSpan], number: int | None) -> Node:
    for turn in turns:
        if turn.number == number:
            return terms.TimeTerm(turn.start_s, turn.end_s)
    return terms.TimeTerm(0.0, 0.0)


def _id_term(identifier: str) -> Node:
    return (
        terms.TextTerm((f'"{identifier}"'.lower().encode("utf-8", "surrogatepass"),))
        if identifier
        else terms.AnyOf(())
    )


def _asked_for(node: Node) -> list[str]:
    match node:
        case terms.TypeTerm(words):
            return list(words)
        case terms.TextTerm(needles):
            return [needle.decode("utf-8", "replace").strip('"') for needle in needles]
        case terms.AllOf(nodes) | terms.AnyOf(nodes):
            return [word for each in nodes for word in _asked_for(each)]
        case _:
            return []
