"""Arguments checked against a tool's schema: which are valid, and the sentences for those that are
not."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from voicelive_simulator.dialogue.tools.mcp_arguments import (
    MOST_ARGUMENT_CHARS,
    WrongArguments,
    read_arguments,
)
from voicelive_simulator.dialogue.tools.minimal_arguments import minimal_arguments

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)


def of(schema: object, *, required: bool = True) -> dict[str, Any]:
    """The schema of a tool with one argument x."""
    return {"type": "object", "properties": {"x": schema}, "required": ["x"] if required else []}


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "string", "minLength": 1, "maxLength": 3}, "abc"),
        ({"type": "integer"}, 3),
        ({"type": "integer"}, 3.0),
        ({"type": "number", "minimum": 0, "maximum": 1}, 0.5),
        ({"type": ["string", "null"]}, None),
        ({"enum": ["a", 1]}, 1),
        ({"const": True}, True),
        ({"type": "array", "items": {"type": "string"}, "minItems": 1}, ["a"]),
        ({"type": "object", "properties": {"y": {"type": "boolean"}}}, {"y": False, "more": 1}),
        ({"pattern": "[a-z]+"}, "1"),
        (True, "anything"),
        ({"required": "no list", "properties": [], "minimum": "low"}, {"a": 1}),
    ],
)
def test_what_fits_is_taken_as_it_is(schema: object, value: object) -> None:
    assert read_arguments(json.dumps({"x": value}), of(schema)) == {"x": value}


@pytest.mark.parametrize(
    ("schema", "value", "problem"),
    [
        ({"type": "string"}, 3, "'x' must be of type string, not an integer."),
        ({"type": ["string", "null"]}, [], "'x' must be of type string or null, not an array."),
        ({"type": "integer"}, 3.5, "'x' must be of type integer, not a decimal."),
        ({"type": "number"}, True, "'x' must be of type number, not a boolean."),
        ({"enum": ["a", 1]}, True, "'x' must be one of 'a', 1, not True."),
        ({"const": 1}, 2, "'x' must be 1, not 2."),
        ({"minimum": 0}, -1, "'x' must be at least 0."),
        ({"maximum": 1}, 1.5, "'x' must be at most 1."),
        ({"minLength": 2}, "a", "'x' must have at least 2 characters."),
        ({"maxItems": 1}, [1, 2], "'x' must have at most 1 entries."),
        ({"items": {"type": "string"}}, ["a", 1], "'x[1]' must be of type string"),
        ({"required": ["y"]}, {}, "'x.y' is missing."),
        ({"properties": {"y": {"type": "null"}}}, {"y": 0}, "'x.y' must be of type null"),
        ({"additionalProperties": False}, {"z": 0}, "The tool knows no argument 'x.z'."),
    ],
)
def test_what_does_not_fit_is_named_with_its_path(
    schema: object, value: object, problem: str
) -> None:
    with pytest.raises(WrongArguments) as wrong:
        read_arguments(json.dumps({"x": value}), of(schema))
    assert problem in str(wrong.value)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "'x' is missing."),
        ("{", "The arguments are not valid JSON."),
        ("[" * 100_000, "characters"),
        ("[" * 10_000, "The arguments are not valid JSON."),
        ("1" * 5000, "The arguments are not valid JSON."),
        ('{"x": NaN}', "The arguments are not valid JSON."),
        ("[1]", "The arguments must be an object, not an array."),
        (
            f'"{"x" * MOST_ARGUMENT_CHARS}"',
            f"the simulator's MCP servers take {MOST_ARGUMENT_CHARS}.",
        ),
    ],
)
def test_what_is_no_object_is_refused(text: str, problem: str) -> None:
    with pytest.raises(WrongArguments) as wrong:
        read_arguments(text, of({}))
    assert problem in str(wrong.value)


def test_no_arguments_are_an_empty_object() -> None:
    assert read_arguments("", of({}, required=False)) == {}


@given(json_values, json_values)
def test_no_schema_and_no_value_breaks_it(schema: object, value: object) -> None:
    for tool in (schema if isinstance(schema, dict) else {}, of(schema)):
        try:
            read_arguments(json.dumps({"x": value}), tool)
        except WrongArguments as wrong:
            assert str(wrong).endswith(".")


@pytest.mark.parametrize(
    "schema",
    [
        of({"type": "string"}),
        of({"type": "integer", "minimum": 3}),
        of({"enum": ["b"]}),
        of({"type": "array"}),
    ],
)
def test_what_a_forced_call_is_made_of_fits(schema: dict[str, Any]) -> None:
    assert read_arguments(minimal_arguments(schema), schema)
