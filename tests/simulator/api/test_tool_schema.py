"""Schemas that would crash or hold up the check of a function's parameters."""

from typing import Any

import pytest
from voicelive_simulator.api.errors import Refused
from voicelive_simulator.api.schema import Reading
from voicelive_simulator.api.tool_schema import parameters

READING = Reading("2026-04-10")
DRAFT_4 = "http://json-schema.org/draft-04/schema#"


def deep(levels: int) -> dict[str, Any]:
    schema: dict[str, Any] = {}
    for _ in range(levels):
        schema = {"not": schema}
    return schema


@pytest.mark.parametrize("schema", [{"$schema": 3}, {"$schema": ["a"]}, deep(150)])
def test_it_is_refused(schema: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        parameters(schema, "session.tools[0].parameters", READING)


@pytest.mark.parametrize(
    "schema",
    [
        {"$schema": "http://[", "type": "object"},
        deep(60),
        {"$schema": DRAFT_4, "enum": [{"a": n} for n in range(2_400)]},
    ],
)
def test_it_is_taken(schema: dict[str, Any]) -> None:
    assert parameters(schema, "session.tools[0].parameters", READING) == schema
