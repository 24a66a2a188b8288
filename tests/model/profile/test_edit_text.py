"""Changing a profile's text: outside the changed values no byte changes, whatever the layout."""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from voicelive_tui.model.profile.document_changes import (
    changed_document,
    document_changes,
    same_value,
)
from voicelive_tui.model.profile.edit_text import UneditableText, edit_text, rewrite_text
from voicelive_tui.model.profile.fields.field_table import FIELDS
from voicelive_tui.model.profile.setting_values import REMOVED

from tests.support.toml_layouts import NAMES, LaidOutLine, joined, laid_out, single_values, tables

STARTERS = sorted((Path(__file__).parents[3] / "profiles").glob("*.toml"))
PHASES = (Phase.generate, Phase.shrink)
LINE_ENDS = st.sampled_from(["\n", "\r\n"])


def keys_of(document: Mapping[str, Any], above: str = "") -> list[str]:
    """The dotted keys of everything in a document, tables too."""
    keys: list[str] = []
    for name, value in document.items():
        keys.append(f"{above}{name}")
        if isinstance(value, dict):
            keys += keys_of(value, f"{above}{name}.")
    return keys


def overlap(one: str, other: str) -> bool:
    return f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")


def is_in_order(parts: Iterable[str], whole: Iterable[str]) -> bool:
    rest = iter(whole)
    return all(part in rest for part in parts)


@st.composite
def changes_to(draw: st.DrawFn, document: Mapping[str, Any]) -> dict[str, Any]:
    """Changes of what is there, and of what is not there yet."""
    known = keys_of(document)
    tables_of = ["", *(f"{key}." for key in known)]
    new_keys = st.builds("{}{}".format, st.sampled_from(tables_of), st.sampled_from(NAMES))
    keys = st.one_of(st.sampled_from(known), new_keys) if known else new_keys
    values = st.one_of(single_values, st.just(REMOVED), tables, st.lists(tables, max_size=2))
    return draw(st.dictionaries(keys, values, min_size=1, max_size=3))


@settings(max_examples=150, deadline=None, phases=PHASES)
@given(st.data(), laid_out(), LINE_ENDS, st.booleans())
def test_no_line_changes_that_holds_no_changed_value(
    data: st.DataObject,
    drawn: tuple[dict[str, Any], list[LaidOutLine]],
    line_end: str,
    ends: bool,
) -> None:
    document, lines = drawn
    text = joined(lines, line_end, ends=ends)
    assert same_value(tomllib.loads(text), document)
    changes = data.draw(changes_to(document))
    after = changed_document(document, changes)

    edited = edit_text(text, changes)

    assert same_value(tomllib.loads(edited), after)
    changed = document_changes(document, after)
    kept = [line for line in lines if not holds_any(line, changed)]
    edited_lines = edited.replace(line_end, "\n").split("\n")
    assert is_in_order((part for line in kept for part in line.text.split("\n")), edited_lines)
    for line in lines:
        only_replaced = line.path and all(
            value is not REMOVED and not isinstance(value, dict)
            for key, value in changed.items()
            if overlap(key, ".".join(line.path))
        )
        same_key = ".".join(line.path) in changed
        if only_replaced and same_key and not line.header:
            assert any(each.startswith(line.text[: line.value_at]) for each in edited_lines)
            assert line.comment in edited
    assert edited.count("\r") == edited.count("\n") * (line_end == "\r\n" and "\n" in text)


def holds_any(line: LaidOutLine, changed: Mapping[str, Any]) -> bool:
    path = ".".join(line.path)
    if line.header:
        return any(f"{path}.".startswith(f"{key}.") for key in changed)
    return bool(path) and any(overlap(path, key) for key in changed)


VALUES = {
    "string": "new",
    "integer": 7,
    "number": 0.75,
    "boolean": True,
    "map": {"new-name": "new"},
    "array": ["new", 1],
    "strings": ["new", "newer"],
}
LEAVES = [
    field
    for field in FIELDS
    if "*" not in field.key and field.key.rpartition(".")[0] and field.kinds != ("table",)
]


@pytest.mark.parametrize("starter", STARTERS, ids=lambda path: path.stem)
def test_every_field_is_changed_in_a_starter_and_no_other_byte(starter: Path) -> None:
    text = starter.read_text("utf-8")
    lines = text.splitlines(keepends=True)
    document = tomllib.loads(text)
    around = [line for line in lines if line.startswith("#") or not line.strip()]
    for field in LEAVES:
        value = next(VALUES[kind] for kind in field.kinds if kind in VALUES)
        edited = edit_text(text, {field.key: value})
        after = changed_document(document, {field.key: value})
        assert same_value(tomllib.loads(edited), after)
        kept = lines if only_adds(document, after) else around
        assert is_in_order(kept, edited.splitlines(keepends=True))


def only_adds(before: Any, after: Any) -> bool:
    if isinstance(before, dict) and isinstance(after, dict):
        return all(
            name in after and only_adds(value, after[name]) for name, value in before.items()
        )
    return same_value(before, after)


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from(STARTERS))
def test_changes_of_a_starter_that_are_taken_back_leave_its_bytes(
    data: st.DataObject, starter: Path
) -> None:
    text = starter.read_text("utf-8")
    document = tomllib.loads(text)
    known = [key for key in keys_of(document) if is_one_line(value_at(document, key))]
    new = [f"session.{name}" for name in NAMES] + ["service.new"]
    keys = st.sampled_from([*known, *new])
    changes = data.draw(st.dictionaries(keys, single_values, min_size=1, max_size=5))
    edited = edit_text(text, changes)
    assert same_value(tomllib.loads(edited), changed_document(document, changes))
    assert rewrite_text(edited, document) == text


def value_at(document: Mapping[str, Any], key: str) -> Any:
    value: Any = document
    for name in key.split("."):
        value = value[name]
    return value


def is_one_line(value: Any) -> bool:
    return isinstance(value, bool | int | float) or (isinstance(value, str) and "\n" not in value)


@pytest.mark.parametrize(
    ("before", "changes", "after"),
    [
        ("# a\n[x]\ny = 1 # one\n", {"x.y": 2}, "# a\n[x]\ny = 2 # one\n"),
        (
            "[x]\ny = 1\n\n# about z\n[z]\nb = 1\nc = 3\n",
            {"x.new": 2, "z.b": REMOVED},
            "[x]\ny = 1\nnew = 2\n\n# about z\n[z]\nc = 3\n",
        ),
        (
            "[x]\ny = 1\n# or:\n# y = 2\n\n# about z\n[z]\n",
            {"x.sub.a": True},
            "[x]\ny = 1\n# or:\n# y = 2\n\n[x.sub]\na = true\n\n# about z\n[z]\n",
        ),
        (
            "[x]\ny = 1\n# about z\n[z]\n",
            {"x.sub.a": True},
            "[x]\ny = 1\n\n[x.sub]\na = true\n# about z\n[z]\n",
        ),
        (
            "# the file\n\n# about x\n[x]\ny = 1\n",
            {"name": "n"},
            '# the file\n\nname = "n"\n# about x\n[x]\ny = 1\n',
        ),
        ("a.b = 1 # one\nc = 2", {"a.d": 3}, "a.b = 1 # one\na.d = 3\nc = 2"),
        ("[x]\n  y = 1", {"x.z": "é"}, '[x]\n  y = 1\n  z = "é"'),
        ("x = { a = 1, b = 2 } # c\n", {"x.a": REMOVED, "x.d": 3}, "x = { b = 2, d = 3 } # c\n"),
        ("x = { a = 1 } # c\n# end\n", {"x.a": REMOVED}, "# end\n"),
        ("x = {}\n", {"x.a": 1, "x.b": 2}, "x = { a = 1, b = 2 }\n"),
        ("x = 0x10\ny = 1_000\n", {"x": 16, "y": 1_001}, "x = 0x10\ny = 1001\n"),
        ("x = 1 # one\n", {"x": {"a": 1}}, "x = { a = 1 } # one\n"),
        ("x = '''a\nb''' # c\n", {"x": "a\nc"}, 'x = """\na\nc""" # c\n'),
        (
            "[[t]] # first\na = 1\n[[t]] # second\na = 2\n[t.s]\nb = 1\n[[t]] # third\na = 3\n",
            {"t": [{"a": 1}, {"a": 3}]},
            "[[t]] # first\na = 1\n[[t]] # third\na = 3\n",
        ),
        (
            "[[t]] # first\na = 1\n",
            {"t.0.s": {"b": 1}, "t.1": {"a": 2}},
            "[[t]] # first\na = 1\n\n[t.s]\nb = 1\n\n[[t]]\na = 2\n",
        ),
        ("", {"a.b": 1}, "[a]\nb = 1\n"),
        ("a.b = 1\r\n", {"c": "x\ny"}, 'a.b = 1\r\nc = """\r\nx\r\ny"""\r\n'),
    ],
)
def test_a_change_is_made_where_a_person_would(
    before: str, changes: dict[str, Any], after: str
) -> None:
    assert edit_text(before, changes) == after


def test_a_name_with_a_dot_is_kept_apart() -> None:
    text = '[session.query]\n"a.b" = 1 # one\nc = 2\n'
    document = tomllib.loads(text)
    document["session"]["query"]["a.b"] = 3
    assert rewrite_text(text, document) == text.replace("= 1", "= 3")


@pytest.mark.parametrize("value", ["\ud800", None, object(), 2**70])
def test_what_toml_cannot_hold_is_refused(value: Any) -> None:
    with pytest.raises(UneditableText):
        edit_text("[session]\n", {"session.a": value})


def test_what_is_no_toml_is_refused_with_its_line() -> None:
    with pytest.raises(UneditableText, match="line 2"):
        edit_text("a = 1\nb = \n", {"a": 2})
