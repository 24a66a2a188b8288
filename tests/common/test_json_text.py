"""The bounds that a JSON text must keep to be parsed."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from voicelive_common.json_text import (
    MOST_LEVELS,
    JsonError,
    check_json_bounds,
    read_json,
    refuse_constant,
)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not JSON"),
        ("9" * 6_000, "not JSON"),
        ("[" * (MOST_LEVELS + 1) + "]" * (MOST_LEVELS + 1), "nested too deeply"),
        ('{"a":' * 300 + "1" + "}" * 300, "nested too deeply"),
        ("[" * 2_000_000, "of too many values"),
        ("[" + "[]," * 1_000_000 + "[]]", "of too many values"),
        ("[" + "0," * 5_000_001 + "0]", "of too many values"),
    ],
)
def test_what_gives_no_value_says_why(text: str, why: str) -> None:
    with pytest.raises(JsonError, match=f"^{why}$"):
        read_json(text)


def test_the_bounds_can_be_held_without_reading() -> None:
    check_json_bounds("[" * MOST_LEVELS)
    with pytest.raises(JsonError, match=r"^nested too deeply$"):
        check_json_bounds("[" * (MOST_LEVELS + 1))


@pytest.mark.parametrize("text", ["NaN", "[-Infinity]", '{"a":Infinity}'])
def test_what_is_no_json_value_can_be_refused(text: str) -> None:
    read_json(text)
    with pytest.raises(JsonError, match=r"^not JSON$"):
        read_json(text, parse_constant=refuse_constant)


def test_the_marks_in_strings_do_not_count() -> None:
    value = {"a": ['[{"\\' * 400] * 400, "b": [[]] * 400}
    assert read_json(json.dumps(value)) == value
    deepest = "[" * MOST_LEVELS + "]" * MOST_LEVELS
    assert read_json(deepest) == json.loads(deepest)


@given(
    st.recursive(
        st.text() | st.integers() | st.none(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_honest_json_is_read_whatever_the_bound_on_levels(value: Any) -> None:
    assert read_json(json.dumps(value), most_levels=100) == value


@given(st.text('[]{}",\\a1 ', max_size=60))
def test_the_bound_on_levels_is_exact_for_what_is_json(text: str) -> None:
    try:
        value = json.loads(text)
    except ValueError:
        return
    level, deepest = [value], 0
    while any(isinstance(each, dict | list) for each in level):
        tables = [
            each.values() if isinstance(each, dict) else each
            for each in level
            if isinstance(each, dict | list)
        ]
        level, deepest = [inner for table in tables for inner in table], deepest + 1
    assert read_json(text, most_levels=deepest) == value
    if deepest:
        with pytest.raises(JsonError):
            read_json(text, most_levels=deepest - 1)
