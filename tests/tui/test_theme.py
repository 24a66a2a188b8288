"""The theme that suits the terminal's number of colours."""

from voicelive_tui.tui.theme import theme_name


def test_a_terminal_of_sixteen_colours_gets_colours_it_has() -> None:
    assert theme_name("", (), "standard") == "voicelive-16-colours"
    assert theme_name("", (), "truecolor") == "voicelive-dark"
    assert theme_name("nord", ("nord",), "standard") == "nord"
    assert theme_name("no-such-theme", ("nord",), None) == "voicelive-dark"


def test_a_kept_theme_is_used_where_there_are_colours_for_it() -> None:
    known = ("nord", "dracula")
    assert theme_name("nord", known, "truecolor", "dracula") == "dracula"
    assert theme_name("nord", known, "standard", "dracula") == "nord"
    assert theme_name("", known, "standard", "dracula") == "voicelive-16-colours"
    assert theme_name("nord", known, "256", "no-such-theme") == "nord"
