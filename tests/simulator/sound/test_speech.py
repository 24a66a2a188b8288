"""A text is split into words."""

import pytest
from voicelive_simulator.sound.speech import split_words

from tests.simulator.support.utterances import TEXT


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        "one",
        " leading",
        "trailing ",
        "",
        "  ",
        "line\nbreak and more",
        "\n one\n\ntwo\tthree\r\n",
    ],
)
def test_words_join_to_their_text(text: str) -> None:
    assert "".join(split_words(text)) == text


def test_words_part_at_any_blank() -> None:
    assert split_words(" one\n\ntwo\tthree  four\n") == (" one\n\n", "two\t", "three  ", "four\n")
