"""Which calls a response makes: the script's among the client's tools, and those that the client
forces."""

import pytest
from voicelive_simulator.api.errors import Refused
from voicelive_simulator.dialogue.state.script import Call
from voicelive_simulator.dialogue.tools.tool_choice import ToolChoice

from tests.simulator.support.scripted_replies import function

WEATHER = function(
    "weather", {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
)
TOOLS = (WEATHER, function("clock"))
WANTED = (Call("clock"), Call("weather", '{"city": "Rome"}'))
NAMED = {"type": "function", "name": "weather"}


@pytest.mark.parametrize(
    ("choice", "wanted", "called"),
    [
        ("auto", WANTED, list(WANTED)),
        ("auto", (), []),
        ("none", WANTED, []),
        ("required", WANTED, list(WANTED)),
        ("required", (), [Call("weather", '{"city": ""}')]),
        (NAMED, WANTED, [WANTED[1]]),
        (NAMED, (Call("clock"),), [Call("weather", '{"city": ""}')]),
        ("clock", (), [Call("clock")]),
    ],
)
def test_a_choice_lets_through_adds_or_takes_away(
    choice: object, wanted: tuple[Call, ...], called: list[Call]
) -> None:
    assert list(ToolChoice(TOOLS, choice).calls(wanted)) == called


def test_without_parallel_calls_there_is_one() -> None:
    assert ToolChoice(TOOLS, "auto", parallel=False).calls(WANTED) == WANTED[:1]


def test_a_script_cannot_call_what_the_client_does_not_offer() -> None:
    with pytest.raises(Refused, match=r"'clock'.*add it to 'tools'"):
        ToolChoice((WEATHER,)).calls(WANTED)
    with pytest.raises(Refused, match="MCP server 'files'"):
        ToolChoice(TOOLS).calls((Call("clock", server_label="files"),))


@pytest.mark.parametrize(
    ("tools", "choice"),
    [
        (TOOLS, "nonsense"),
        (TOOLS, {"type": "function", "name": "x"}),
        (TOOLS, {"type": "function", "name": "required"}),
        ((), "required"),
    ],
)
def test_a_choice_that_cannot_be_met_is_refused(
    tools: tuple[dict[str, object], ...], choice: object
) -> None:
    with pytest.raises(Refused) as refused:
        ToolChoice(tools, choice).check()
    assert refused.value.param == "response.tool_choice"
