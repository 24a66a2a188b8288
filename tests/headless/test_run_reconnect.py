"""`run` goes on over another connection, and holds a turn that was broken off once more."""

from typing import Any

import pytest
from voicelive_common.exit_codes import ExitCode

from tests.headless.support.runs import ended_by_time, events_and_summary, simulator
from tests.support.engine_harness import spoken_wav
from tests.support.program import Program

DROP = "drop:on=response.audio.delta,after=2,times=1"


def held(
    program: Program, *arguments: str, fault: str = DROP, scenario: str = ""
) -> tuple[int, list[dict[str, Any]], dict[str, Any], str]:
    """Run against a simulator that breaks the connection; returns exit code, records, summary and
    the text on standard error."""
    scenarios = ("--scenario", scenario) if scenario else ()
    with simulator(program, "--fault", fault, *scenarios) as url:
        program.profile(
            "broken",
            f'[service]\ntarget = "url"\nurl = "{url}"\nmodel = "gpt-4o"\n'
            '[session.turn_detection]\ntype = "server_vad"\nsilence_duration_ms = 300\n',
        )
        done = program.run("run", "broken", *arguments, "--json")
    events, summary = events_and_summary(done.stdout)
    assert summary["exit_code"] == done.returncode
    return done.returncode, events, summary, done.stderr


@pytest.mark.parametrize("how", ["rst", "fin"])
def test_a_typed_turn_that_was_broken_off_is_answered_over_the_next_connection(
    program: Program, how: str
) -> None:
    texts = ("--mic", "none", "--speaker", "none", "--text", "one", "--text", "two")
    code, _, summary, err = held(program, *texts, fault=f"{DROP},how={how}")
    assert code == ExitCode.OK, err
    assert summary["connections"] == 2
    assert [turn["broken_off"] for turn in summary["turns"]] == [True, False, False]
    typed = [line["text"] for line in summary["transcript"] if line["who"] == "you"]
    assert typed == ["one", "two"]


def test_a_spoken_turn_that_was_broken_off_is_spoken_once_more(program: Program) -> None:
    speaks = ("--mic", str(spoken_wav(program.home / "me.wav")), "--speaker", "none")
    code, _, summary, err = held(program, *speaks)
    assert code == ExitCode.OK, err
    assert summary["connections"] == 2
    assert [turn["broken_off"] for turn in summary["turns"]] == [True, False]


def test_the_next_answer_uses_what_was_carried_over(program: Program) -> None:
    texts = ("--mic", "none", "--speaker", "none", "--text", "My name is Ada.")
    again = ("--text", "What is my name?")
    code, _, summary, err = held(
        program,
        *texts,
        *again,
        scenario="good-memory",
        fault="drop:on=response.done,after=1,times=1",
    )
    assert code == ExitCode.OK, err
    assert summary["connections"] == 2
    agent = [line["text"] for line in summary["transcript"] if line["who"] == "agent"]
    assert "Ada" in agent[-1]


def test_without_reconnection_the_run_ends_with_the_connection(program: Program) -> None:
    texts = ("--mic", "none", "--speaker", "none", "--text", "one", "--no-reconnect")
    code, _, summary, _ = held(program, *texts)
    assert code == ExitCode.CLOSED
    assert summary["connections"] == 1


def test_a_service_that_stays_away_ends_the_run_with_its_time(program: Program) -> None:
    texts = ("--mic", "none", "--speaker", "none", "--text", "one")
    refused = "refuse:status=503,times=0"
    code, _, _, err = ended_by_time(
        lambda timeout: held(program, *texts, "--timeout", timeout, fault=refused),
        lambda result: result[0] == ExitCode.REFUSED,
    )
    assert code == ExitCode.REFUSED
    assert "no connection when the time was over" in err
