"""Which settings a running session takes."""

import pytest
from voicelive_tui.model.profile.connection_fields import needs_new_connection


@pytest.mark.parametrize(
    ("key", "before_an_answer", "after_an_answer"),
    [
        ("service.model", True, True),
        ("service.query.agent-name", True, True),
        ("service.of_tomorrow", True, True),
        ("session.model", True, True),
        ("session.input_audio_echo_cancellation.channels", True, True),
        ("session.input_audio_echo_cancellation.type", False, False),
        ("session.voice", False, True),
        ("session.voice.rate", False, True),
        ("session.voice.of_tomorrow", False, True),
        ("session.turn_detection.threshold", False, False),
        ("session.tools.0.name", False, False),
        ("session.of_tomorrow", False, False),
        ("of_tomorrow", False, False),
    ],
)
def test_the_table_says_what_needs_a_new_connection(
    key: str, before_an_answer: bool, after_an_answer: bool
) -> None:
    assert needs_new_connection(key, answered=False) is before_an_answer
    assert needs_new_connection(key, answered=True) is after_an_answer
