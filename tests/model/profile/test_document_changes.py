"""Differences of documents, and merging two sets of changes."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from voicelive_tui.model.profile.document_changes import (
    changed_document,
    document_changes,
    merged_documents,
    same_value,
)
from voicelive_tui.model.profile.setting_values import REMOVED

from tests.support.toml_layouts import tables

BASE = {
    "session": {"voice": "a", "turn_detection": {"type": "t", "threshold": 0.5}, "tools": [1, 2]}
}


@given(tables, tables)
def test_the_changes_lead_from_one_document_to_the_other(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    changes = document_changes(before, after)
    assert same_value(changed_document(before, changes), after)
    assert bool(changes) is not same_value(before, after)


@given(tables, tables, tables)
def test_a_merge_has_all_changes_of_both(
    base: dict[str, Any], first: dict[str, Any], second: dict[str, Any]
) -> None:
    merged = merged_documents(base, first, second)
    if not merged.conflicts:
        assert same_value(merged.with_first, merged.with_second)
        other_way = merged_documents(base, second, first)
        assert not other_way.conflicts and same_value(other_way.with_first, merged.with_first)
    for key in document_changes(merged.with_first, merged.with_second):
        assert any(f"{key}.".startswith(f"{conflict}.") for conflict in merged.conflicts)
    assert same_value(merged_documents(base, first, base).with_second, first)
    assert same_value(merged_documents(base, base, second).with_first, second)


@pytest.mark.parametrize(("one", "other"), [(1, 1.0), (1, True), (0.0, -0.0), ({}, []), ("1", 1)])
def test_values_of_different_types_differ(one: Any, other: Any) -> None:
    assert not same_value(one, other)
    assert document_changes({"a": [one]}, {"a": [other]}) == {"a.0": other}


@pytest.mark.parametrize("value", [float("nan"), [1, {"a": "b"}], (1, {"a": "b"})])
def test_a_value_is_itself(value: Any) -> None:
    assert same_value(value, list(value) if isinstance(value, tuple) else value)


def test_a_table_with_a_dotted_name_changes_as_a_whole() -> None:
    before, after = {"query": {"a.b": 1, "c": 2}}, {"query": {"a.b": 1, "c": 3}}
    assert document_changes(before, after) == {"query": {"a.b": 1, "c": 3}}


@pytest.mark.parametrize(
    ("ours", "theirs", "conflicts", "with_ours", "with_theirs"),
    [
        ({"session.voice": "b"}, {"session.voice": "b"}, (), "b", "b"),
        ({"session.voice": "b"}, {"session.voice": "c"}, ("session.voice",), "b", "c"),
        ({"session.voice": "b"}, {"session.voice": REMOVED}, ("session.voice",), "b", None),
        ({"session.voice": "b"}, {"session.tools": [1]}, (), "b", "b"),
    ],
)
def test_changes_meet_where_both_changed_one_key_differently(
    ours: dict[str, Any],
    theirs: dict[str, Any],
    conflicts: tuple[str, ...],
    with_ours: str,
    with_theirs: str | None,
) -> None:
    merged = merged_documents(BASE, changed_document(BASE, ours), changed_document(BASE, theirs))
    assert merged.conflicts == conflicts
    assert merged.with_first["session"].get("voice") == with_ours
    assert merged.with_second["session"].get("voice") == with_theirs


def test_a_table_that_one_switches_off_keeps_all_of_the_others_where_it_is_chosen() -> None:
    off = changed_document(BASE, {"session.turn_detection": "none"})
    softer = changed_document(BASE, {"session.turn_detection.threshold": 0.4})
    for first, second in ((off, softer), (softer, off)):
        merged = merged_documents(BASE, first, second)
        assert merged.conflicts == ("session.turn_detection",)
        assert (merged.with_first, merged.with_second) == (first, second)


@given(st.integers())
def test_documents_are_not_changed_themselves(value: int) -> None:
    before = {"a": {"b": [{"c": 0}]}}
    changed_document(before, {"a.b.0.c": value, "a.d": value})
    assert before == {"a": {"b": [{"c": 0}]}}
