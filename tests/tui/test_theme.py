"""The theme that suits the terminal's number of colours."""

from voicelive_tui.tui.theme import theme_name


def test_a_terminal_of_sixteen_colours_gets_colours_it_has() -> None:
    assert theme_name("", (), "standard") == "voicelive-16-colours"
    assert theme_name("", (), "truecolor") == "voicelive-dark"
    assert theme_name("nord", ("nord",), "standard") == "nord"
    assert theme_name("no-such-theme", ("nord",), None) == "voicelive-dark"
