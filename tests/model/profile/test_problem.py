"""The text of a problem."""

from voicelive_tui.model.profile.problem import Problem

from tests.model.support.profiles import only_problem


def test_a_problem_reads_like_a_compilers() -> None:
    assert (
        str(only_problem("name = 3"))
        == "mine.toml:1:1: error: `name` must be a string, not the number 3 (the name of "
        "the profile)"
    )
    assert str(Problem("x.toml", None, None, "", "warning", "odd")) == "x.toml: warning: odd"
