"""TOML documents in the layouts that people write, drawn by Hypothesis together with what each line
holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn
from voicelive_tui.model.profile.toml_text import toml_key, toml_value

NAMES = ("a", "b", "x-1", "odd key", "é", "true")
single_values = st.one_of(
    st.integers(-99, 99),
    st.floats(-2, 2, width=16),
    st.booleans(),
    st.text('ab"\\# =[]{}.,é', max_size=6),
    st.just("one\ntwo\n"),
    st.just('\n  a "quote"""\n\n'),
    st.lists(st.integers(0, 9), max_size=3),
    st.lists(st.text("a,]# ", max_size=2), max_size=2),
)
tables: st.SearchStrategy[dict[str, Any]] = st.recursive(
    st.dictionaries(st.sampled_from(NAMES), single_values, max_size=3),
    lambda inner: st.dictionaries(
        st.sampled_from(NAMES),
        single_values | inner | st.lists(inner, min_size=1, max_size=2),
        max_size=4,
    ),
    max_leaves=8,
)


@dataclass(frozen=True, slots=True)
class LaidOutLine:
    """Lines that belong together. path: the names to what they hold; empty for a comment and an
    empty line. header: they are the header of a table."""

    text: str
    path: tuple[str, ...] = ()
    header: bool = False
    value_at: int = 0
    comment: str = ""


@st.composite
def laid_out(draw: DrawFn) -> tuple[dict[str, Any], list[LaidOutLine]]:
    """A document and the lines that it reads from."""
    document = draw(tables)
    return document, _Writer(draw).document(document)


class _Writer:
    def __init__(self, draw: DrawFn) -> None:
        self._draw = draw
        self._comments = 0

    def document(self, document: dict[str, Any]) -> list[LaidOutLine]:
        """The lines of a document; the tables under it in any order."""
        pairs, sections = self._contents((), (), document)
        order = self._draw(st.permutations(sections))
        return [*self._between(), *pairs, *(line for section in order for line in section)]

    def _contents(
        self, path: tuple[str, ...], names: tuple[str, ...], table: dict[str, Any]
    ) -> tuple[list[LaidOutLine], list[list[LaidOutLine]]]:
        """The pairs of a table, and the sections below it."""
        pairs: list[LaidOutLine] = []
        sections: list[list[LaidOutLine]] = []
        for name, value in table.items():
            within, keys = (*path, name), (*names, name)
            if isinstance(value, dict) and self._chance():
                sections.append(self._section(within, keys, value, element=False))
            elif self._has_tables(value) and self._chance():
                sections.append(
                    [
                        line
                        for number, each in enumerate(value)
                        for line in self._section((*within, str(number)), keys, each, element=True)
                    ]
                )
            else:
                pairs += self._pairs(within, (name,), value)
        return pairs, sections

    def _section(
        self, path: tuple[str, ...], names: tuple[str, ...], table: dict[str, Any], *, element: bool
    ) -> list[LaidOutLine]:
        pairs, sections = self._contents(path, names, table)
        below = [line for section in sections for line in section]
        key = toml_key(names)
        comment = self._comment()
        header = LaidOutLine(
            f"[[{key}]]{comment}" if element else f"[{key}]{comment}", path, True, 0, comment
        )
        if not element and below and not pairs and self._chance():
            return below
        own = [*self._between(), header, *pairs, *self._between()]
        return [*below, *own] if not element and self._chance() else [*own, *below]

    def _pairs(self, path: tuple[str, ...], key: tuple[str, ...], value: Any) -> list[LaidOutLine]:
        if isinstance(value, dict) and value and self._chance():
            return [
                line
                for name, child in value.items()
                for line in self._pairs((*path, name), (*key, name), child)
            ]
        before = f"{self._draw(st.sampled_from(['', '  ']))}{toml_key(key)}"
        before += self._draw(st.sampled_from(["=", " = ", "   =\t"]))
        comment = self._comment()
        text = f"{before}{self._value(value)}{comment}"
        return [*self._between(), LaidOutLine(text, path, False, len(before), comment)]

    def _value(self, value: Any) -> str:
        if isinstance(value, list) and value and self._chance():
            each = ",\n".join(f"    {toml_value(one, lines=False)}" for one in value)
            return f"[ # the list\n{each},\n]"
        if isinstance(value, str) and "'" not in value and "\n" not in value and self._chance():
            return f"'{value}'"
        return toml_value(value, lines=self._chance())

    def _between(self) -> list[LaidOutLine]:
        kinds = self._draw(st.lists(st.sampled_from(["", "#"]), max_size=2))
        return [
            LaidOutLine(f"{self._comment(always=True).strip()}" if each else "") for each in kinds
        ]

    def _comment(self, *, always: bool = False) -> str:
        if not always and self._chance():
            return ""
        self._comments += 1
        return f"   # comment {self._comments}: x = [1]"

    def _has_tables(self, value: Any) -> bool:
        return isinstance(value, list) and bool(value) and isinstance(value[0], dict)

    def _chance(self) -> bool:
        return self._draw(st.booleans())


def joined(lines: Sequence[LaidOutLine], line_end: str, *, ends: bool) -> str:
    """The text of these lines. ends: whether the last one has a line end."""
    text = "\n".join(line.text for line in lines) + ("\n" if ends else "")
    return text.replace("\n", line_end)
