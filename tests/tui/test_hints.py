"""The text of a pane that is still empty."""

from voicelive_tui.model.session.snapshot import AudioStatus, SessionSnapshot
from voicelive_tui.tui.hints import empty_state

from tests.tui.support.spans import text_of


def test_the_first_words_name_the_key_as_it_is_mapped() -> None:
    words = "\n".join(
        text_of(spans) for spans in empty_state(SessionSnapshot("k", "k"), None, AudioStatus(), {"session.toggle": "f5"})
    )
    assert "Press f5 to start talking to the local simulator" in words
