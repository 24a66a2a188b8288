"""The order of turns: the file first and again, typed turns in their order, and errors for
impossible requests."""

import pytest
from voicelive_tui.headless.script import ScriptError, SpokenTurn, TypedTurn, write_script


def test_a_file_is_spoken_in_every_turn_that_no_text_fills() -> None:
    script = write_script("file", ["one", "two"], 5)
    assert script.prompts == (
        SpokenTurn(),
        TypedTurn("one"),
        TypedTurn("two"),
        SpokenTurn(),
        SpokenTurn(),
    )
    assert script.turns == 5


def test_a_file_and_texts_are_a_turn_each_when_no_number_is_given() -> None:
    assert write_script("file", ["one"], None).turns == 2
    assert write_script("none", ["one", "two"], None).turns == 2


def test_fewer_turns_than_texts_ends_early() -> None:
    script = write_script("none", ["one", "two"], 1)
    assert script.turns == 1
    assert script.prompt(0) == TypedTurn("one")


def test_a_user_at_the_microphone_talks_without_an_end_and_without_prompts() -> None:
    script = write_script("user", [], None)
    assert script.turns is None
    assert script.prompt(0) is None
    assert script.timeout_s(None) is None
    assert script.timeout_s(3.0) == 3.0


def test_the_timeout_grows_with_the_turns() -> None:
    one, three = (write_script("file", [], turns).timeout_s(None) for turns in (1, 3))
    assert one is not None and three == 3 * one


@pytest.mark.parametrize(("texts", "turns"), [([], None), (["one"], 2)])
def test_turns_that_nobody_can_open_are_refused(texts: list[str], turns: int | None) -> None:
    with pytest.raises(ScriptError, match="--text"):
        write_script("none", texts, turns)
