"""The minimal arguments of a forced call: what the schema requires, and nothing more."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from voicelive_simulator.dialogue.tools.minimal_arguments import minimal_arguments


def least(**schema: Any) -> Any:
    """The value of one required property."""
    filled = json.loads(
        minimal_arguments({"type": "object", "properties": {"x": schema}, "required": ["x"]})
    )
    return filled["x"]


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "string"}, ""),
        ({"type": "string", "minLength": 3}, "   "),
        ({"type": "string", "enum": ["celsius", "fahrenheit"]}, "celsius"),
        ({"type": "string", "examples": ["Rome"]}, "Rome"),
        ({"type": "string", "default": "here"}, "here"),
        ({"const": 5}, 5),
        ({"type": "integer"}, 0),
        ({"type": "integer", "minimum": 3}, 3),
        ({"type": "number", "maximum": -0.5}, -0.5),
        ({"type": "number", "minimum": -5, "maximum": 5}, 0),
        ({"type": "boolean"}, False),
        ({"type": "array", "items": {"type": "integer"}}, []),
        ({"type": "array", "items": {"type": "boolean"}, "minItems": 2}, [False, False]),
        ({"type": ["null", "string"]}, ""),
        ({"type": "null"}, None),
        ({"anyOf": [{"type": "integer"}, {"type": "string"}]}, 0),
        (
            {"type": "object", "properties": {"a": {"type": "string"}, "b": {}}, "required": ["a"]},
            {"a": ""},
        ),
        ({}, None),
    ],
)
def test_a_required_property_gets_the_smallest_value_of_its_schema(
    schema: dict[str, Any], value: Any
) -> None:
    found = least(**schema)
    assert found == value and type(found) is type(value)


def test_optional_properties_stay_away() -> None:
    assert minimal_arguments({"type": "object", "properties": {"city": {"type": "string"}}}) == "{}"


def test_a_reference_leads_to_a_definition_of_the_same_schema() -> None:
    place = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
    schema = {
        "type": "object",
        "$defs": {"place": place},
        "properties": {"at": {"$ref": "#/$defs/place"}},
        "required": ["at"],
    }
    assert json.loads(minimal_arguments(schema)) == {"at": {"city": ""}}


def test_a_schema_that_branches_into_itself_ends() -> None:
    itself = {"$ref": "#"}
    schema = {
        "type": "object",
        "properties": dict.fromkeys("abcdefgh", itself),
        "required": list("abcdefgh"),
    }
    assert len(minimal_arguments(schema)) < 10_000


@pytest.mark.parametrize("text", ["a" * 10_000, "a" * 1_000_000])
def test_what_a_schema_says_over_and_over_is_not_repeated_without_end(text: str) -> None:
    names = [f"p{n}" for n in range(400)]
    for part in ({"default": text}, {"enum": [text]}, {"type": "object", "required": [text]}):
        schema = {
            "type": "object",
            "properties": {name: {"$ref": "#/$defs/a"} for name in names},
            "required": names,
        }
        assert len(minimal_arguments({**schema, "$defs": {"a": part}})) < 100_000


_words = st.sampled_from(
    [
        "type",
        "properties",
        "required",
        "items",
        "minItems",
        "enum",
        "anyOf",
        "$ref",
        "object",
        "array",
        "string",
        "#",
        "#/a",
        "a",
    ]
)
_schemas = st.recursive(
    _words | st.none() | st.integers(-5, 10**9) | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_words, inner, max_size=4),
)


@given(_schemas)
def test_anything_at_all_gives_a_json_object(schema: object) -> None:
    assert isinstance(json.loads(minimal_arguments(schema)), dict)
