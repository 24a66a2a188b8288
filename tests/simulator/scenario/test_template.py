"""Placeholders in what the assistant says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from voicelive_simulator.scenario.template import MOST_FILLED_CHARS, TemplateError, parse_template

VALUES = {"text": "hi", "turn": "2", "output": '{"a": {"b": [1, "two", null]}, "x": true}'}


@pytest.mark.parametrize(
    ("template", "filled"),
    [
        ("", ""),
        ("plain", "plain"),
        ("{text} in {turn}", "hi in 2"),
        ("{{text}} is {text}", "{text} is hi"),
        ("{output.a.b.0}, {output.a.b.1}, {output.a.b.2}, {output.x}", "1, two, null, true"),
        ("{output.a}", '{"b": [1, "two", null]}'),
        ("{tool}", "{tool}"),
        ("{output.a.b.7} {output.none} {output.x.y}", "{output.a.b.7} {output.none} {output.x.y}"),
    ],
)
def test_places_are_filled(template: str, filled: str) -> None:
    assert parse_template(template).fill(VALUES) == filled


def test_what_fills_a_place_is_not_read_again() -> None:
    assert parse_template("{text} {output.a}").fill(
        {"text": "{output}{turn}", "output": '{"a": "{text}"}'}
    ) == ("{output}{turn} {text}")


@pytest.mark.parametrize("output", ["no JSON", "", "[" * 100_000, "1" * 5000, "NaN"])
def test_an_output_without_parts_leaves_the_place(output: str) -> None:
    assert parse_template("{output.a}").fill({"output": output}) == "{output.a}"


def test_a_place_takes_only_so_much() -> None:
    assert len(parse_template("{text}").fill({"text": "x" * 10**6})) == MOST_FILLED_CHARS


@pytest.mark.parametrize(
    ("template", "complaint"),
    [
        (
            "{txt}",
            "{txt} is not a placeholder: known are {text}, {turn}, {tool}, {output}; did you mean "
            '"text"?',
        ),
        ("{}", "{} is not a placeholder"),
        ("{text.__class__}", "{text.__class__} has parts"),
        ("{0}", "{0} is not a placeholder"),
        ("{text!r}", "{text!r} is not a placeholder"),
        ("{ text }", "{ text } is not a placeholder"),
        ("a { b", "write {{"),
        ("a } b", "write }}"),
        ("{city}", "{city} is not a placeholder"),
    ],
)
def test_what_is_no_place_is_told(template: str, complaint: str) -> None:
    with pytest.raises(TemplateError) as raised:
        parse_template(template)
    assert complaint in str(raised.value)


def test_a_named_group_is_a_place() -> None:
    assert parse_template("to {city}", ["city"]).fill({"city": "Oslo"}) == "to Oslo"


@given(st.text())
def test_any_text_is_said_once_its_braces_are_doubled(text: str) -> None:
    assert parse_template(text.replace("{", "{{").replace("}", "}}")).fill(VALUES) == text
