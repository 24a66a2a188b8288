"""The tools of the simulator's own MCP server compute their results, or fail with a reason."""

import json

import pytest
from voicelive_simulator.api.schema import JSON
from voicelive_simulator.dialogue.tools.mcp_builtin import builtin_tools
from voicelive_simulator.dialogue.tools.mcp_server import is_builtin
from voicelive_simulator.dialogue.tools.mcp_tool import INVALID_PARAMS

TOOLS = {tool.name: tool for tool in builtin_tools(lambda: 1_767_258_000.9)}


def call(name: str, **arguments: object) -> JSON:
    return TOOLS[name].call(json.dumps(arguments))


@pytest.mark.parametrize(
    ("name", "arguments", "output"),
    [
        ("add", {"a": 2, "b": 3}, {"sum": 5}),
        ("add", {"a": 0.5, "b": -1}, {"sum": -0.5}),
        ("word_count", {"text": "How many are there?"}, {"words": 4, "characters": 19}),
        ("word_count", {"text": ""}, {"words": 0, "characters": 0}),
        ("clock", {}, {"time": "2026-01-01T09:00:00Z", "unix": 1_767_258_000}),
    ],
)
def test_a_tool_computes(name: str, arguments: JSON, output: JSON) -> None:
    result = call(name, **arguments)
    assert json.loads(result["output"]) == output and result["error"] is None


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("fail", {"message": "Out of paper."}, "Out of paper."),
        ("add", {"a": 1e308, "b": 1e308}, "The sum is too large to be written."),
    ],
)
def test_a_tool_that_fails_says_why(name: str, arguments: JSON, message: str) -> None:
    assert call(name, **arguments) == {
        "output": None,
        "error": {"type": "tool_execution_error", "message": message},
    }


def test_integers_of_too_many_digits_fail_too() -> None:
    digits = "9" * 4300
    assert (
        TOOLS["add"].call(f'{{"a": {digits}, "b": {digits}}}')["error"]["type"]
        == "tool_execution_error"
    )


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("add", {"a": 1}), ("word_count", {"text": 3}), ("clock", {"zone": "CET"})],
)
def test_wrong_arguments_are_the_call_s_error(name: str, arguments: JSON) -> None:
    error = call(name, **arguments)["error"]
    assert (error["type"], error["code"]) == ("protocol_error", INVALID_PARAMS)
    assert error["message"].startswith(f"Invalid arguments for {name}: ")


def test_every_tool_is_listed_with_schema_and_annotations() -> None:
    for tool in TOOLS.values():
        assert set(tool.to_json()) == {"name", "description", "input_schema", "annotations"}
        assert set(tool.to_json()["input_schema"]["required"]) == set(
            tool.to_json()["input_schema"]["properties"]
        )


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("http://127.0.0.1:8765/simulator/mcp", True),
        ("https://anything.example/simulator/mcp/?x=1", True),
        ("https://anything.example/mcp", False),
        ("simulator", False),
        ("http://[broken", False),
        ("", False),
    ],
)
def test_the_path_tells_the_simulator_s_own_server(url: str, own: bool) -> None:
    assert is_builtin(url) is own
