"""Broken profiles: what `check` says of each, and whether the simulator, which has its own reading
of the API, refuses the same.

The profiles and what is expected of each are data/broken_profiles.toml.
"""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from voicelive_tui.engine.config.profile_store import read_profile
from voicelive_tui.model.profile.profile import Problem, parse_profile

from tests.support.simulated_service import refusal_of

CASES = tomllib.loads((Path(__file__).parent / "data/broken_profiles.toml").read_text())["case"]
STARTERS = sorted((Path(__file__).parent.parent / "profiles").glob("*.toml"))
MARK = "#!"


def named(case: dict[str, Any]) -> str:
    return str(case["why"])


def problems_of(case: dict[str, Any]) -> tuple[Problem, ...]:
    _, problems = parse_profile(case["text"], slug="mine", path="mine.toml")
    return problems


def test_the_corpus_is_large_and_every_case_is_another_one() -> None:
    assert len(CASES) >= 60
    assert (
        len({case["text"] for case in CASES}) == len({case["why"] for case in CASES}) == len(CASES)
    )


@pytest.mark.parametrize("case", CASES, ids=named)
def test_every_mistake_is_found_with_its_line_and_its_cure(case: dict[str, Any]) -> None:
    problems = problems_of(case)
    found = next(each for each in problems if each.key == case["at"])
    lines = case["text"].splitlines()
    assert (found.severity, found.line) == (
        case["severity"],
        next(at for at, line in enumerate(lines, start=1) if line.endswith(MARK)),
    )
    assert found.hint and case["cure"] in found.hint
    assert found.message and "\n" not in str(found)
    assert len(problems) == 1 + case.get("also", 0), [str(each) for each in problems]


@pytest.mark.parametrize("case", CASES, ids=named)
def test_check_calls_an_error_what_the_simulator_refuses(case: dict[str, Any]) -> None:
    problems = problems_of(case)
    profile, _ = parse_profile(case["text"], slug="mine", path="mine.toml")
    if profile is None:
        # The console sends nothing of such a profile.
        assert any(problem.unusable for problem in problems)
        return
    refusal = refusal_of(profile)
    judged_alike = bool(refusal) == any(problem.severity == "error" for problem in problems)
    assert judged_alike != ("differs" in case), refusal


@pytest.mark.parametrize(
    "text",
    [
        # The name of a deployment does not tell what the model can do; the simulator takes every
        # such model for a text model.
        '[service]\nmodel = "my-deployment"\n[session.turn_detection]\ntype = "semantic_vad"',
        # By protocol.md section 2 this model has OpenAI's voices, by the simulator it has not.
        '[service]\nmodel = "azure-realtime"\n'
        '[session]\nvoice = "alloy"\ninput_audio_transcription = { model = "azure-speech" }',
    ],
    ids=["a deployment", "a voice"],
)
def test_where_nothing_is_certain_check_is_silent(text: str) -> None:
    profile, problems = parse_profile(text, slug="mine", path="mine.toml")
    assert problems == ()
    assert profile is not None and refusal_of(profile)


@pytest.mark.parametrize("path", STARTERS, ids=lambda path: path.stem)
def test_a_starter_has_no_finding_and_is_not_refused(path: Path) -> None:
    entry = read_profile(path)
    assert entry.problems == ()
    assert entry.profile is not None
    assert refusal_of(entry.profile) == ""
