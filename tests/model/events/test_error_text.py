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


def test_the_words_for_a_missing_reason_are_the_callers() -> None:
    assert format_error({}, missing="") == ""
