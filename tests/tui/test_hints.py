"""The text of an empty transcript."""

import pytest
from voicelive_tui.model.session.snapshot import AudioStatus, SessionSnapshot, SessionState
from voicelive_tui.tui.hints import empty_state

from tests.tui.support.spans import text_of


def test_the_first_words_name_the_key_as_it_is_mapped() -> None:
    words = "\n".join(
        text_of(spans)
        for spans in empty_state(
            SessionSnapshot("k", "k"), None, AudioStatus(), {"session.toggle": "f5"}
        )
    )
    assert "Press f5 to start talking to the local simulator" in words


@pytest.mark.parametrize(
    ("being_read", "words"),
    [
        (True, "This recorded session is being read ..."),
        (False, "Nothing was said in this recorded session."),
    ],
)
def test_an_empty_recording_says_whether_it_is_still_being_read(
    being_read: bool, words: str
) -> None:
    session = SessionSnapshot("k", "k", SessionState.RECORDED, being_read=being_read)
    assert [text_of(spans) for spans in empty_state(session, None, AudioStatus(), {})] == [words]
