"""One formatter for every error object, whatever the service puts into it."""

from typing import Any

import pytest
from voicelive_tui.model.events.error_text import format_error


@pytest.mark.parametrize(
    ("details", "text"),
    [
        (
            {"type": "t", "code": "bad", "message": "No item.", "param": "item.id"},
            "bad: No item. [item.id]",
        ),
        ({"type": "server_error", "message": "Busy"}, "server_error: Busy"),
        ({"code": 404, "message": "Gone"}, "404: Gone"),
        ({"message": "Only this"}, "Only this"),
        ({"code": "only_this", "message": None, "param": []}, "only_this"),
        ({"code": {"a": 1}, "message": ["x"]}, "no reason given"),
        ({}, "no reason given"),
        (None, "no reason given"),
        ("text", "no reason given"),
    ],
)
def test_an_error_object_is_one_phrase(details: Any, text: str) -> None:
    assert format_error(details) == text


def test_a_long_text_is_cut_and_no_secret_with_it() -> None:
    key = "sk-" + "Ab1C" * 12
    text = format_error({"code": "c", "message": "m" * 980 + f" {key} " + "n" * 9_000})
    assert len(text) == 1_000 and text.startswith("c: mmm") and text.endswith("…")
    assert "sk-" not in text


def test_the_words_for_a_missing_reason_are_the_callers() -> None:
    assert format_error({}, missing="") == ""
