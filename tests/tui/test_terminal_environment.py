"""The environment variables that are corrected before Textual reads them."""

import pytest
from voicelive_tui.tui.terminal_environment import correct_environment


def test_a_size_from_the_environment_counts_only_where_the_terminal_knows_none() -> None:
    environment = {"COLUMNS": "80", "LINES": "24", "TERM": "xterm"}
    assert correct_environment(environment, knows_size=False) == []
    assert environment == {"COLUMNS": "80", "LINES": "24", "TERM": "xterm"}
    assert correct_environment(environment, knows_size=True) == []
    assert environment == {"TERM": "xterm"}


@pytest.mark.parametrize("name", ["auto", "standard", "256", "truecolor", "windows"])
def test_every_colour_system_of_textual_is_passed_on(name: str) -> None:
    environment = {"TEXTUAL_COLOR_SYSTEM": name}
    assert correct_environment(environment, knows_size=True) == []
    assert environment == {"TEXTUAL_COLOR_SYSTEM": name}


@pytest.mark.parametrize("name", ["bogus", "", "x" * 500])
def test_any_other_one_is_one_sentence(name: str) -> None:
    environment = {"TEXTUAL_COLOR_SYSTEM": name}
    (sentence,) = correct_environment(environment, knows_size=True)
    assert environment == {}
    assert sentence.startswith(f"TEXTUAL_COLOR_SYSTEM is {name[:20]!r}, which names no colours; ")
    assert len(sentence) < 170
