"""The agent's words: text, or speech with its transcript, word times and visemes."""

from tests.support.simulator_talk import Talk


def test_word_timestamps_come_with_the_words_when_asked_for() -> None:
    talk = Talk()
    talk.say("session.update", session={"output_audio_timestamp_types": ["word"]})
    talk.say("response.create")
    talk.wait(10.0)
    stamps = [e for e in talk.events if e["type"] == "response.audio_timestamp.delta"]
    assert " ".join(e["text"] for e in stamps) == talk.last("response.audio_transcript.done")["transcript"]
    offsets = [e["audio_offset_ms"] for e in stamps]
    assert offsets == sorted(offsets) and offsets[-1] > 1000
    assert "response.audio_timestamp.done" in talk.types()
