"""Fields by dotted path, changed in a copy."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from voicelive_simulator.faults.event_fields import MISSING, changed, find, with_wrong_type, without

EVENT = {
    "type": "t",
    "response": {"id": "r", "output": [{"type": "message"}, {"type": "function_call"}]},
}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("type", "t"),
        ("response.id", "r"),
        ("response.output.1.type", "function_call"),
        ("response.output.2", MISSING),
        ("response.output.-1", MISSING),
        ("response.output.\u00b2", MISSING),
        ("response.id.length", MISSING),
        ("", MISSING),
    ],
)
def test_find(path: str, value: object) -> None:
    assert find(EVENT, path) == value


def test_without() -> None:
    assert find(without(EVENT, "response.output.0"), "response.output") == [
        {"type": "function_call"}
    ]
    assert "id" not in without(EVENT, "response.id")["response"]
    assert without(EVENT, "nothing") == EVENT
    assert without(EVENT, "") == {"type": "t"}


def test_what_is_not_there_comes_to_be() -> None:
    assert changed({"type": "t"}, "a.b", lambda _: 1) == {"type": "t", "a": {"b": 1}}
    assert changed({"type": "t"}, "type.b", lambda _: 1) == {"type": {"b": 1}}


@pytest.mark.parametrize("value", ["text", 1, 1.5, True, None, [], {}])
def test_a_wrong_type_is_another(value: object) -> None:
    wrong = with_wrong_type({"type": "t", "a": value}, "a", None)["a"]
    assert type(wrong) is not type(value)


_VALUES = st.recursive(
    st.none() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab01"), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(
    st.dictionaries(st.sampled_from("ab01"), _VALUES, max_size=3),
    st.lists(st.sampled_from("ab012"), min_size=1, max_size=4),
)
def test_the_event_itself_is_never_changed(event: dict[str, Any], names: list[str]) -> None:
    """Later events repeat parts of the event, so it must not be changed."""
    path, before = ".".join(names), copy.deepcopy(event)
    after = changed(event, path, lambda _: "new")
    assert event == before
    assert find(after, path) == "new"
    without(event, path)
    with_wrong_type(event, path, None)
    assert event == before
