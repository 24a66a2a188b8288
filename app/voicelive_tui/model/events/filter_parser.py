"""Reads filter expressions: tokens with their places, and the tree that they stand for. The grammar
is described in `filters`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from voicelive_tui.model.events import filter_fields as fields
from voicelive_tui.model.events.filter_terms import (
    AllOf,
    AnyOf,
    DirectionTerm,
    ErrorTerm,
    Node,
    Not,
    TypeTerm,
)
from voicelive_tui.model.events.record import Direction
from voicelive_tui.model.events.regex_check import slow_part

DIRECTIONS: Final[dict[str, Direction]] = {">": "sent", "<": "received", "=": "local"}
_TOKEN: Final = re.compile(
    r"\s*(?:(?P<minus>-?)(?:"
    r'(?P<quote>"(?P<text>[^"]*)(?P<end>"?))'
    r"|/(?P<regex>(?:\\.|[^/\\])+)/(?=[\s)]|$)"
    r"|(?P<open>\()"
    r'|(?P<word>[^\s()"]+))'
    r"|(?P<close>\))|(?P<junk>\S))"
)
_MOST_NESTED: Final = 40
_MOST_CHARS: Final = 2_000
_FIELD: Final = re.compile(r"(?P<name>[a-z]+)(?P<sign>:|>=?|<=?)(?P<value>.*)", re.IGNORECASE)


class FilterMistake(Exception):
    """A place in the expression, [start, end), that cannot be read; the message is one sentence."""

    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end


@dataclass(frozen=True, slots=True)
class Gap:
    """A limit for the seconds since the row above."""

    sign: str
    gap_s: float


@dataclass(slots=True)
class _Group:
    """The terms between two `or` or two parentheses, each with its text. shown: directions that are
    shown, any of them."""

    terms: list[tuple[Node, str]]
    shown: dict[str, Direction]

    def parts(self) -> list[tuple[Node, str]]:
        """Return the conditions that must all hold, with their texts."""
        directions = frozenset(self.shown.values())
        asked = [(DirectionTerm(directions), " ".join(self.shown))] if directions else []
        return [*self.terms, *asked]

    def node(self) -> Node:
        """Return the group as one condition."""
        nodes = tuple(node for node, _ in self.parts())
        return nodes[0] if len(nodes) == 1 else AllOf(nodes)


class FilterParser:
    """Parses one expression. gaps: the limits of `gap>` and `gap<` that it holds."""

    def __init__(self, expression: str) -> None:
        self.gaps: list[Gap] = []
        self._text = expression
        self._tokens: Sequence[re.Match[str]] = [
            token for token in _TOKEN.finditer(expression[:_MOST_CHARS]) if token.group().strip()
        ]
        self._at = 0
        self._depth = 0

    def parse(self) -> list[tuple[Node, str]]:
        """Return the conditions that must all hold, each with its text; an expression with `or` is
        one condition. Raises FilterMistake."""
        if len(self._text) > _MOST_CHARS:
            raise FilterMistake(
                f"The filter is too long: it has room for {_MOST_CHARS} characters.",
                _MOST_CHARS,
                len(self._text),
            )
        groups = self._groups()
        if self._at < len(self._tokens):
            start, end = _place(self._tokens[self._at])
            raise FilterMistake("The filter has a ) without its (.", start, end)
        if len(groups) == 1:
            return groups[0].parts()
        return [(_any_of(groups), self._text.strip())]

    def _groups(self) -> list[_Group]:
        groups = [self._all_of()]
        while self._word() == "or":
            start, end = _place(self._tokens[self._at])
            self._at += 1
            groups.append(self._all_of())
            if not all(group.parts() for group in groups[-2:]):
                raise FilterMistake("The filter has an or without terms beside it.", start, end)
        return groups

    def _all_of(self) -> _Group:
        group = _Group([], {})
        while self._at < len(self._tokens) and not self._tokens[self._at]["close"]:
            word = self._word()
            if word == "or":
                break
            if word != "and":
                self._term(group, self._tokens[self._at])
            self._at += 1
        return group

    def _word(self) -> str:
        if self._at >= len(self._tokens) or self._tokens[self._at]["minus"]:
            return ""
        return (self._tokens[self._at]["word"] or "").lower()

    def _term(self, group: _Group, token: "re.Match[str]") -> None:
        start, end = _place(token)
        if token["junk"]:
            raise FilterMistake(f"The filter cannot read `{token['junk']}`.", start, end)
        self._check_space_after(token, end)
        if (word := token["word"]) in DIRECTIONS and not token["minus"]:
            group.shown[word] = DIRECTIONS[word]
            return
        node = self._parenthesis(token) if token["open"] else self._atom(token)
        if node is not None:
            text = self._text[start : _place(self._tokens[self._at])[1]]
            group.terms.append((Not(node) if token["minus"] else node, text))

    def _check_space_after(self, token: "re.Match[str]", end: int) -> None:
        """Text in quotes that touches a word is most likely a forgotten space."""
        following = self._text[end : end + 1]
        if (token["quote"] and token["end"] and following not in ("", " ", ")")) or (
            token["word"] and following == '"'
        ):
            touching = self._text[token.start() : end + 1].strip()
            raise FilterMistake(
                f"The filter cannot read `{touching}`: put spaces around quoted text.",
                end - 1,
                end + 1,
            )

    def _parenthesis(self, token: "re.Match[str]") -> Node:
        start, end = _place(token)
        if self._depth >= _MOST_NESTED:
            raise FilterMistake("The filter has too many ( within one another.", start, end)
        self._at += 1
        self._depth += 1
        node = _any_of(self._groups())
        self._depth -= 1
        if self._at >= len(self._tokens):
            raise FilterMistake("The filter has a ( without its ).", start, end)
        if node == AllOf(()):
            raise FilterMistake("The filter has nothing between ( and ).", start, end)
        return node

    def _atom(self, token: "re.Match[str]") -> Node | None:
        """Return the condition of one word; None for a limit of the gap, which is kept in
        `gaps`."""
        start, end = _place(token)
        if token["quote"]:
            if not token["end"]:
                raise FilterMistake(
                    f'The filter has text without a closing quote: "{token["text"]}.', start, end
                )
            return fields.text_term(token["text"])
        if token["regex"]:
            return self._regex(token)
        word = token["word"]
        start += len(token["minus"])
        if word.lower() in ("err", "error"):
            return ErrorTerm()
        if word in DIRECTIONS:
            return DirectionTerm(frozenset({DIRECTIONS[word]}))
        if field := _FIELD.fullmatch(word):
            return self._field(field, start)
        return self._bare(word, start, negated=bool(token["minus"]))

    def _regex(self, token: "re.Match[str]") -> Node:
        first, last = token.span("regex")
        if slow := slow_part(token["regex"]):
            raise FilterMistake(
                f"The filter has {slow.fault}: this may take forever.",
                first + slow.start,
                first + slow.end,
            )
        try:
            return fields.regex_term(token["regex"])
        except re.error as error:
            place = first + (error.pos or 0)
            raise FilterMistake(
                f"The filter has a regular expression with a mistake: {error.msg}.",
                place,
                max(place + 1, last) if error.pos is None else place + 1,
            ) from error
        except (OverflowError, RecursionError, ValueError) as error:
            raise FilterMistake(
                "The filter has a regular expression with a mistake: it is too large.", first, last
            ) from error

    def _field(self, field: "re.Match[str]", start: int) -> Node | None:
        name, sign, value = field["name"].lower(), field["sign"], field["value"]
        value_start, end = start + field.start("value"), start + field.end()
        try:
            if name == "gap" and sign != ":":
                if self._depth or any(self._word_at(at) == "or" for at in range(len(self._tokens))):
                    raise fields.BadValue("gap> and gap< stand alone: without or and ( )")
                self.gaps.append(Gap(sign[0], fields.seconds(value)))
                return None
            return fields.field_term(name, sign, value)
        except fields.BadName as error:
            raise FilterMistake(str(error), start, start + field.end("sign")) from error
        except fields.BadValue as error:
            place = value_start if value else start
            raise FilterMistake(f"The filter is wrong: {error}.", place, end) from error

    def _word_at(self, at: int) -> str:
        return (self._tokens[at]["word"] or "").lower()

    def _bare(self, word: str, start: int, *, negated: bool) -> Node:
        words = tuple(part for part in word.lower().split("|") if part)
        if word == "-" or word.startswith("/") or not words:
            message = (
                "a minus without a word: write it right before one, as in -append."
                if word == "-"
                else "a / without the one that ends its regular expression."
                if words
                else "a | without a word beside it."
            )
            raise FilterMistake(f"The filter has {message}", start, start + len(word))
        name = TypeTerm(words)
        return name if negated else AnyOf((name, fields.value_term(words)))


def _any_of(groups: Sequence[_Group]) -> Node:
    nodes = tuple(group.node() for group in groups)
    return nodes[0] if len(nodes) == 1 else AnyOf(nodes)


def _place(token: "re.Match[str]") -> tuple[int, int]:
    """Return where the token begins and ends in the expression, without the space before it."""
    return token.end() - len(token.group().lstrip()), token.end()
