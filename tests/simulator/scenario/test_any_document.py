"""Whatever a TOML file contains, it gives a scenario that runs or a list of problems."""

import json
from typing import Any

import tomli_w
from hypothesis import given
from hypothesis import strategies as st
from voicelive_common.printable import printable
from voicelive_simulator.dialogue.state.script import Situation
from voicelive_simulator.scenario.problems import ScenarioError
from voicelive_simulator.scenario.read_scenario import read_scenario
from voicelive_simulator.scenario.runner import begin
from voicelive_simulator.scenario.scenario import Scenario
from voicelive_simulator.sound.measurement import Measurement

TURN = (
    "turn",
    "text",
    "text_regex",
    "spoken",
    "min_speech_ms",
    "max_speech_ms",
    "tool",
    "output",
    "output_regex",
    "session",
    "model",
    "times",
    "hears",
    "unfinished",
    "transcription_error",
    "says",
    "calls",
    "status",
    "reason",
    "error",
    "first_delta_ms",
    "pace",
    "delta_ms",
    "jitter_ms",
    "fault",
    "faults",
    "other",
)
TOP = (
    "name",
    "description",
    "seed",
    "clock",
    "voice",
    "pace",
    "turn",
    "fault",
    "mcp_server",
    "other",
)

WORDS = st.sampled_from(
    [
        "",
        "a",
        "{text}",
        "{output.a}",
        "{",
        "(",
        "(?P<x>.)",
        "{x}",
        "2-4",
        "drop",
        "failed",
        "tone",
        "\x1b[2J\n",
        "2026-01-01T00:00:00Z",
    ]
)
SCALARS = st.one_of(
    WORDS, st.integers(-2, 5), st.booleans(), st.floats(), st.datetimes(), st.text(max_size=5)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "arguments", "fault", "a"]), inner, max_size=3)
    ),
    max_leaves=6,
)
TURNS = st.dictionaries(st.sampled_from(TURN), VALUES, max_size=4)
SERVERS = st.dictionaries(st.sampled_from(["label", "error", "tool", "name"]), VALUES, max_size=3)
DOCUMENTS = st.fixed_dictionaries(
    {},
    optional={
        **{key: VALUES for key in TOP},
        "turn": st.lists(TURNS, max_size=3),
        "mcp_server": st.lists(SERVERS, max_size=2),
    },
)


_NAME = st.sampled_from(["a", "b"])
_SAYS = st.sampled_from(
    ["", "yes", "{text} {turn}", "{tool}: {output} {output.a.0} {output.b}", "{{}}"]
)
_NUMBERS = st.sampled_from([1, "1-2", "2-", [0, 2], ["1-1", 3]])
_JSON = st.recursive(
    _SAYS
    | st.integers(-(2**63), 2**63 - 1)
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_NAME, inner, max_size=2),
    max_leaves=4,
)
_CALL = st.fixed_dictionaries(
    {"name": _NAME},
    optional={"arguments": st.dictionaries(_NAME, _JSON) | _SAYS, "server_label": _NAME},
)
_WHEN: dict[str, st.SearchStrategy[Any]] = {
    "turn": _NUMBERS,
    "session": st.sampled_from([1, "1-", [1, 2]]),
    "model": st.sampled_from(["gpt-4o", ["other"]]),
    "times": st.integers(1, 2),
    "min_speech_ms": st.integers(0, 600),
}
_DOES: dict[str, st.SearchStrategy[Any]] = {
    "calls": st.lists(_CALL, max_size=2),
    "jitter_ms": st.integers(0, 9),
    "faults": st.lists(
        st.sampled_from(["drop", "stall:ms=3", {"fault": "close", "code": 4000}]), max_size=2
    ),
}
_REPLIES = st.fixed_dictionaries(
    {"says": _SAYS | st.lists(_SAYS, min_size=1, max_size=3)},
    optional={
        "text": _NAME | st.just(["", "x"]),
        "text_regex": st.sampled_from(["a|b", "^", "(?P<x>.)"]),
        "tool": _NAME,
        "output": st.just(""),
        "output_regex": st.just("a"),
        **_WHEN,
        **_DOES,
    },
)
_HEARS = st.fixed_dictionaries(
    {"hears": _NAME | st.lists(_NAME, min_size=1, max_size=3)},
    optional={"unfinished": st.booleans(), **_WHEN, **_DOES},
)
RIGHT = st.fixed_dictionaries(
    {"turn": st.lists(_REPLIES | _HEARS, max_size=4)},
    optional={"seed": st.integers(0, 9), "pace": st.just(2)},
)


def play(scenario: Scenario, said: str) -> None:
    script = begin(scenario, 1, "gpt-4o")
    for turn in range(4):
        script.hears(turn, Measurement(1000, 500, -20.0, None, 0))
        for situation in (
            Situation(turn, said),
            Situation(turn, said, "a", said),
            Situation(turn, said, None, '{"a": [1]}'),
        ):
            reply = script.replies(situation)
            assert reply is None or reply.text is None or isinstance(reply.text, str)
            for call in reply.calls if reply else ():
                assert isinstance(call.arguments, str)


@given(DOCUMENTS, st.text(max_size=20))
def test_any_document_plays_or_is_told(document: dict[str, Any], said: str) -> None:
    try:
        scenario = read_scenario(tomli_w.dumps(document), "file.toml", "file")
    except ScenarioError as error:
        assert error.problems and all(
            problem.startswith("file.toml") and printable(problem) == problem
            for problem in error.problems
        )
        return
    play(scenario, said)
    assert all(
        json.dumps(tool.input_schema)
        for server in scenario.mcp_servers.values()
        for tool in server.tools
    )


@given(RIGHT, st.text(max_size=20))
def test_any_right_document_plays(document: dict[str, Any], said: str) -> None:
    scenario = read_scenario(tomli_w.dumps(document), "file.toml", "file")
    assert len(scenario.entries) == len(document["turn"])
    play(scenario, said)


@given(st.text(max_size=200))
def test_any_text_is_a_scenario_or_told(text: str) -> None:
    try:
        read_scenario(text, "file.toml", "file")
    except ScenarioError as error:
        assert error.problems
