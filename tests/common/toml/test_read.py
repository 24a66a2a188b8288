"""The bounds that a TOML text must keep to be parsed, and the problems that are reported."""

import tomllib
import tracemalloc
from typing import Any

import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st
from voicelive_common.toml.read import MOST_LEVELS, TomlProblem, read_toml

from tests.support.hostile_documents import hostile_toml


def problem_of(text: str) -> TomlProblem:
    problem = read_toml(text)
    assert isinstance(problem, TomlProblem)
    return problem


def levels(value: Any) -> int:
    todo, deepest = [(value, 0)], 0
    while todo:
        each, level = todo.pop()
        deepest = max(deepest, level)
        children = (
            each.values() if isinstance(each, dict) else each if isinstance(each, list) else ()
        )
        todo += [(child, level + 1) for child in children]
    return deepest


@pytest.mark.parametrize(
    ("text", "message", "at"),
    [
        ("a = 1\nb = " + "9" * 6_000, "the number has 6,000 characters", (2, 5)),
        ("a = " + "9" * 400, "the number has more than 64 bits", (1, 1)),
        ("[t]\na = [1, -9223372036854775809]", "the number has more than 64 bits", (2, 9)),
        (".".join(["a"] * 20_000) + " = 1", "a key has too many parts", (1, 128)),
        ("x = 1\n[session" + ".a" * 2_000 + "]", "a key has too many parts", (2, 135)),
        ("a = " + "[" * 65 + "]" * 65, "the tables are nested too deeply", (1, 69)),
        ("{a=" * 3_000, "the tables are nested too deeply", (1, 193)),
        ("x" * 1_001 + " = 1", "a key has 1,001 characters", (1, 1)),
        ("a = [" + "1," * 100_001 + "]", "it holds more than 100,000 keys and values", None),
        ("#" * (2**20 + 1), "it has more than 1,048,576 characters", None),
        ('"' + "x" * 1_001 + '" = 1', "a key has 1,001 characters", None),
        (
            "[" + ".".join(["a" * 900] * 60) + "]\n" + "\n".join(f"k{n} = 1" for n in range(400)),
            "its keys are too long and too many",
            None,
        ),
        (
            "[" + ".".join(["a"] * 60) + "]\n" + ".".join(["b"] * 60) + " = {}",
            "the tables are nested too deeply",
            None,
        ),
    ],
)
def test_what_would_cost_too_much_is_one_problem_with_its_place(
    text: str, message: str, at: tuple[int, int] | None
) -> None:
    problem = problem_of(text)
    assert (problem.message, problem.at) == (message, at)
    assert problem.hint


def test_a_key_of_many_parts_costs_no_memory() -> None:
    text = ".".join(["a"] * 20_000) + " = 1"
    tracemalloc.start()
    try:
        problem_of(text)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 10_000_000


def test_the_bounds_leave_room_for_what_people_write() -> None:
    text = 'instructions = """\n' + 'Say "hello" \\\n to them. [[[[ ....\n' * 29_000 + '"""\n'
    text += "[" + ".".join(["a"] * 64) + "]\nx = 9223372036854775807\n"
    text += "[" + ".".join(["b"] * 32) + "]\nx = " + "[" * 31 + "{ y = 1 }" + "]" * 31 + "\n"
    text += "".join(
        f'[t{n}]\nname = "n"\nvalues = [1, 2.5, 1979-05-27T07:32:00Z]\n' for n in range(1_000)
    )
    assert len(text) > 2**20 - 50_000
    assert read_toml(text) == tomllib.loads(text)


def test_strings_and_comments_are_not_taken_for_tables() -> None:
    many = "[" * 500 + "." * 500 + "9" * 5_000
    text = (
        f'# {many}\na = "{many}\\""\nb = \'{many}\'\nc = """{many}\n""x"""""\nd = '
        f"'''{many}\n''x'''''\n"
    )
    assert read_toml(text) == tomllib.loads(text)


VALUES = st.recursive(
    st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | st.text(max_size=20)
    | st.datetimes(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=15,
)


@given(st.dictionaries(st.text(max_size=8), VALUES, max_size=5), st.booleans())
def test_an_honest_document_is_read_as_tomllib_reads_it(
    document: dict[str, Any], multiline: bool
) -> None:
    text = tomli_w.dumps(document, multiline_strings=multiline)
    try:
        expected: object = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        expected = TomlProblem
    found = read_toml(text)
    assert found == expected or type(found) is expected


@settings(deadline=None)
@given(hostile_toml(["name = 1", "[a]", "x = [1]", "[[b]]", "y = {z=1}"]) | st.text(max_size=300))
def test_any_text_is_a_flat_document_or_a_problem(text: str) -> None:
    found = read_toml(text)
    if isinstance(found, TomlProblem):
        assert found.message and found.hint and len(str(found)) < 400
    else:
        assert levels(found) <= MOST_LEVELS + 1  # the contents of the deepest table
        tomli_w.dumps(found)
