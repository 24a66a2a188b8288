"""A quotation of what somebody else said."""

from voicelive_common.redaction.quote import quote_line
from voicelive_common.redaction.secret import Secret


def test_a_secret_is_hidden_wherever_the_text_is_cut() -> None:
    value = "Zq9~Wx7!Kp3_Vb5.Rt1-"
    held = Secret(value)
    for longest in range(1, 80):
        quoted = quote_line(f"{'no ' * 10}{value} is refused", longest)
        assert len(quoted) <= longest
        assert "Zq9" not in quoted
    assert held.reveal() == value


def test_it_is_on_one_line_and_holds_nothing_that_a_terminal_obeys() -> None:
    assert quote_line("a\n\x1b[31mb\u202e\tc", 80) == "a [31mb c"


def test_a_frame_full_of_text_is_read_at_its_beginning_only() -> None:
    assert quote_line("api-key: x " * 2_000_000, 30) == "api-key: [hidden] api-key: [h…"
