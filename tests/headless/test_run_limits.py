"""`run` fails with a sentence for each limit that the conversation did not keep."""

from dataclasses import MISSING, fields
from typing import Any, get_args

import pytest
from voicelive_common.exit_codes import ExitCode
from voicelive_tui.headless.run_limits import (
    RunLimits,
    causes_of_interruptions,
    describe_causes,
    limits_not_kept,
)
from voicelive_tui.model.events.cut_cause import (
    CutBy,
    CutByCommand,
    CutByService,
    CutByVoice,
    CutCause,
)
from voicelive_tui.model.session.snapshot import SessionView
from voicelive_tui.model.transcript.line import ToolCall, TranscriptLine
from voicelive_tui.model.turns.turn import Turn
from voicelive_tui.options import FAIL_ON as FAIL_ON_OPTIONS

from tests.headless.support.runs import events_and_summary
from tests.support.program import Program

GREETING = Turn(1, 0.0, asked_s=0.0, first_audio_s=8.0, heard_s=9.0, greeting=True)
QUICK = Turn(2, 9.5, asked_s=10.0, voice_ended_s=9.6, first_audio_s=10.3, heard_s=10.4)
SLOW = Turn(3, 19.5, asked_s=20.0, voice_ended_s=19.5, first_audio_s=20.9, heard_s=21.25)
UNHEARD = Turn(4, 30.0, asked_s=30.5)
VIEW = SessionView(turns=(GREETING, QUICK, SLOW, UNHEARD))


VOICE = CutByVoice(-24.0, 220)


def answer(cause: CutCause | None = None) -> TranscriptLine:
    spoken_chars = None if cause is None else 2
    return TranscriptLine(
        "a", "agent", 1.0, "Yes.", "final", 1, 2, cause=cause, spoken_chars=spoken_chars
    )


def call(name: str, state: Any = "failed") -> TranscriptLine:
    tool = ToolCall("function_call", name, "{}", None, None)
    return TranscriptLine("t", "tool", 1.0, name, state, 1, 2, call=tool)


def test_an_answer_that_is_late_by_its_voice_is_named() -> None:
    assert limits_not_kept(RunLimits(max_heard_ms=1750), VIEW) == []
    assert limits_not_kept(RunLimits(max_heard_ms=1000), VIEW) == [
        "1 of 2 answers was heard later than 1000 ms (--max-heard-ms): turn 3 after 1750 ms."
    ]


def test_the_services_own_latency_counts_from_its_end_of_speech() -> None:
    assert limits_not_kept(RunLimits(max_first_audio_ms=900), VIEW) == []
    assert limits_not_kept(RunLimits(max_first_audio_ms=250), VIEW) == [
        "2 of 2 answers were received later than 250 ms (--max-first-audio-ms): "
        "turn 2 after 300 ms, turn 3 after 900 ms."
    ]


def test_a_limit_that_nothing_was_measured_for_is_not_kept() -> None:
    assert limits_not_kept(RunLimits(5000, 5000), SessionView(turns=(GREETING, UNHEARD))) == [
        "--max-heard-ms could not be checked, because no answer's sound was heard.",
        "--max-first-audio-ms could not be checked, because no answer's sound was received.",
    ]


def test_many_late_turns_are_not_all_named() -> None:
    turns = tuple(Turn(n, n, asked_s=n, heard_s=n + 2.0) for n in range(1, 9))
    (sentence,) = limits_not_kept(RunLimits(max_heard_ms=1), SessionView(turns=turns))
    assert sentence.endswith("turn 5 after 2000 ms and 3 more.")


@pytest.mark.parametrize(
    ("kind", "view", "sentence"),
    [
        (
            "tool",
            SessionView(transcript=(call("clock"), call("add", "final"))),
            "1 call of tools failed (--fail-on tool): clock.",
        ),
        ("error", SessionView(errors=2), "2 errors were reported (--fail-on error)."),
        (
            "interruption",
            SessionView(transcript=(answer(VOICE), answer())),
            "1 answer was interrupted (--fail-on interruption): by the user's voice.",
        ),
        (
            "interruption",
            SessionView(transcript=(answer(VOICE), answer(CutByService()), answer(VOICE))),
            "3 answers were interrupted (--fail-on interruption): 1 by the service, "
            "2 by the user's voice.",
        ),
    ],
    ids=["tool", "error", "interruption", "causes"],
)
def test_what_must_not_happen_is_said(kind: str, view: SessionView, sentence: str) -> None:
    assert limits_not_kept(RunLimits(fail_on=[kind, kind]), view) == [sentence]
    assert limits_not_kept(RunLimits(fail_on=[kind]), SessionView()) == []


def test_every_kind_of_the_command_line_is_known() -> None:
    assert limits_not_kept(RunLimits(fail_on=FAIL_ON_OPTIONS), SessionView()) == []


@pytest.mark.parametrize("cut_by", get_args(CutBy))
def test_every_cause_has_words(cut_by: CutBy) -> None:
    cause = next(kind for kind in get_args(CutCause) if kind.by == cut_by)
    filled = cause(*[1 for field in fields(cause) if field.default is MISSING])
    assert describe_causes(SessionView(transcript=(answer(filled),)))


def test_interruptions_are_counted_by_cause() -> None:
    lines = (answer(VOICE), answer(CutByCommand()), answer(VOICE), answer())
    assert causes_of_interruptions(SessionView(transcript=lines)) == {"user": 1, "voice": 2}


def test_a_run_that_does_not_keep_its_limits_ends_with_7_and_says_why(program: Program) -> None:
    limits = ("--max-heard-ms", "1", "--max-first-audio-ms", "60000", "--fail-on", "error,tool")
    done = program.run("run", "sound-check", "--text", "hi", "--speaker", "null", "--json", *limits)
    _, summary = events_and_summary(done.stdout)
    assert (done.returncode, summary["exit_code"]) == (ExitCode.TURNS, ExitCode.TURNS)
    (sentence,) = summary["limits_not_kept"]
    assert sentence in done.stderr
    assert sentence.startswith("1 of 1 answer was heard later than 1 ms (--max-heard-ms): turn ")
