"""A scenario's file from an untrusted source gives a scenario or a bounded number of problems."""

import pytest
from hypothesis import given, settings
from voicelive_common.printable import printable
from voicelive_simulator.scenario.problems import MOST_PROBLEMS, ScenarioError
from voicelive_simulator.scenario.read_scenario import read_scenario
from voicelive_simulator.scenario.runner import begin

from tests.support.hostile_documents import DIGITS, hostile_toml

VALID = [
    'name = "n"',
    "seed = 1",
    "clock = 2026-01-01T09:00:00Z",
    "pace = 2",
    "[[turn]]",
    'text_regex = "a"',
    'says = ["yes {text}"]',
    "min_speech_ms = 100",
    "jitter_ms = 1",
    "[[turn.calls]]",
    'name = "f"',
    "arguments = { a = 1 }",
    "[[mcp_server]]",
    'label = "m"',
    "[[mcp_server.tool]]",
    'name = "t"',
    "input_schema = { type = 'object' }",
    "output = { a = [1, 2] }",
]


def test_the_text_that_is_made_odd_is_a_scenario() -> None:
    assert read_scenario("\n".join(VALID), "file.toml", "file").name == "n"


@settings(max_examples=200, deadline=None)
@given(hostile_toml(VALID))
def test_a_hostile_text_is_a_scenario_or_problems(text: str) -> None:
    try:
        scenario = read_scenario(text, "file.toml", "file")
    except ScenarioError as error:
        assert 0 < len(error.problems) <= MOST_PROBLEMS
        assert all(printable(problem) == problem for problem in error.problems)
    else:
        begin(scenario, 1, "gpt-4o")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            "seed = " + DIGITS,
            ", line 1, column 8: the number has 6,000 characters; write a smaller one, or put it "
            "between quotes",
        ),
        (
            "seed = 9223372036854775808",
            ", line 1, column 1: the number has more than 64 bits; write a smaller one, or put it "
            "between quotes",
        ),
        (
            "a = 1\n" + ".".join(["a"] * 20_000) + " = 1",
            ", line 2, column 128: a key has too many parts; keep to a few levels",
        ),
        (
            "[turn" + ".a" * 2_000 + "]",
            ", line 1, column 132: a key has too many parts; keep to a few levels",
        ),
        (
            "a = " + "[" * 2_000,
            ", line 1, column 69: the tables are nested too deeply; keep to a few levels",
        ),
        (
            "a = [" + "1," * 100_001 + "]",
            ": it holds more than 100,000 keys and values; keep to what is needed",
        ),
    ],
    ids=["digits", "bits", "parts", "header", "brackets", "wide"],
)
def test_what_would_cost_too_much_is_one_sentence(text: str, why: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        read_scenario(text, "file.toml", "file")
    (problem,) = caught.value.problems
    assert problem == f"file.toml{why}."


@pytest.mark.parametrize(
    "clock", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "1970-12-31T00:00:00Z"]
)
def test_a_clock_that_no_date_can_follow_is_a_problem(clock: str) -> None:
    with pytest.raises(ScenarioError, match="clock: expected a date and time"):
        read_scenario(f"clock = {clock}", "file.toml", "file")
