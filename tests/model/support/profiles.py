"""Helpers that read profiles from text."""

from voicelive_tui.model.profile.profile import Problem, Profile, parse_profile


def read(text: str) -> tuple[Profile | None, tuple[Problem, ...]]:
    return parse_profile(text, slug="mine", path="mine.toml")


def valid_profile(text: str) -> Profile:
    profile, problems = read(text)
    assert profile is not None, problems
    return profile


def only_problem(text: str) -> Problem:
    _, problems = read(text)
    assert len(problems) == 1, [str(problem) for problem in problems]
    return problems[0]
