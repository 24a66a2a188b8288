"""The draft of a schema, and the cost of checking it."""

from typing import Any

import pytest
from voicelive_common.json_schema import MOST_COST, checking_cost, draft_of, size_of


@pytest.mark.parametrize("named", [None, 3, ["a"], {"a": 1}, "", "http://[", "https://x.example"])
def test_any_other_draft_is_the_newest(named: Any) -> None:
    assert draft_of({"$schema": named}).__name__ == "Draft202012Validator"


def test_a_known_draft_is_taken() -> None:
    named = {"$schema": "http://json-schema.org/draft-04/schema#"}
    assert draft_of(named).__name__ == "Draft4Validator"


def test_size_is_values_and_levels() -> None:
    assert size_of({"a": [1, {"b": 2}]}) == (5, 4)
    assert size_of(1) == (1, 1)


@pytest.mark.parametrize(
    ("array", "is_cheap"),
    [
        ([f"city {n}" for n in range(2_400)], True),
        (list(range(2_400)), True),
        ([{"const": n} for n in range(80)], True),
        ([{"a": n} for n in range(2_400)], False),
        ([n if n % 2 else str(n) for n in range(2_400)], False),
        ([[n] for n in range(2_400)], False),
    ],
)
def test_an_array_that_cannot_be_sorted_costs_more(array: list[Any], is_cheap: bool) -> None:
    assert (checking_cost({"enum": array}) <= MOST_COST) is is_cheap
