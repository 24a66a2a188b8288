"""Input transcription: when it comes, in which events, and with which extra fields. The user's
words come from scripts."""

from typing import Any

import pytest
from voicelive_simulator.dialogue.input.transcription import TRANSCRIPTION_S, words_in
from voicelive_simulator.dialogue.state.script import Heard

from tests.simulator.support.conversation_driver import JSON, ConversationDriver
from tests.simulator.support.scripted_replies import Replies
from tests.simulator.support.voice_live_contract import sdk_differences, table_differences
from tests.support.speech_like import pcm16, silence, speech_like

TURN = pcm16(silence(0.5), speech_like(1.0), silence(1.0))
EVENT = "conversation.item.input_audio_transcription"
LOGPROBS, PHRASES = (
    "item.input_audio_transcription.logprobs",
    "item.input_audio_transcription.phrases",
)


def talk_with(
    heard: Heard | None, model: str = "gpt-4o", api_version: str = "2026-07-15", **settings: Any
) -> ConversationDriver:
    driver = ConversationDriver(model, api_version, script=Replies(heard=heard))
    driver.say("session.update", session=settings)
    return driver


def spoken_turn(driver: ConversationDriver) -> list[JSON]:
    """The transcription events of one turn, each checked against the SDK and the reference."""
    before = len(driver.events)
    driver.append(TURN)
    driver.wait(30.0)
    events = [event for event in driver.events[before:] if event["type"].startswith(EVENT)]
    for event in events:
        assert [*sdk_differences(event), *table_differences(event)] == []
    return events


def test_a_script_s_transcript_stands_in_the_event_the_item_and_the_situation() -> None:
    script = Replies(heard=Heard("Where is the station?"))
    driver = ConversationDriver(script=script)
    [completed] = spoken_turn(driver)
    assert completed["transcript"] == "Where is the station?"
    created = next(
        e
        for e in driver.events
        if e["type"] == "conversation.item.created" and e["item"]["role"] == "user"
    )
    assert created["item"]["content"][0]["transcript"] == "Where is the station?"
    assert driver.types().index(f"{EVENT}.completed") < driver.events.index(created), (
        "a cascaded model knows it before the item"
    )
    assert script.turns == [1]
    assert script.asked[0].text == "Where is the station?"


def test_a_model_that_hears_knows_what_was_said_although_nothing_is_written_down() -> None:
    script = Replies(heard=Heard("Hello"))
    driver = ConversationDriver("gpt-realtime", script=script)
    assert spoken_turn(driver) == []
    assert script.asked[0].text == "Hello"


def test_an_empty_transcript_is_one() -> None:
    [completed] = spoken_turn(talk_with(Heard("")))
    assert completed["transcript"] == ""


def test_a_script_that_hears_nothing_leaves_the_measurement() -> None:
    for heard in (None, Heard(None)):
        [completed] = spoken_turn(talk_with(heard))
        assert completed["transcript"].startswith("[speech, 1.0 s")


@pytest.mark.parametrize(
    "recogniser", ["gpt-4o-transcribe", "gpt-4o-mini-transcribe", "gpt-4o-transcribe-diarize"]
)
def test_a_recogniser_that_streams_sends_deltas_that_join_to_the_transcript(
    recogniser: str,
) -> None:
    said = " Where  is\nthe station? "
    driver = talk_with(Heard(said), "gpt-realtime", input_audio_transcription={"model": recogniser})
    *deltas, completed = spoken_turn(driver)
    assert {event["type"] for event in deltas} == {f"{EVENT}.delta"} and len(deltas) > 2
    assert "".join(event["delta"] for event in deltas) == completed["transcript"] == said
    assert {event["item_id"] for event in deltas} == {completed["item_id"]}


@pytest.mark.parametrize("recogniser", ["whisper-1", "azure-speech", "mai-transcribe-2"])
def test_the_others_send_the_whole(recogniser: str) -> None:
    driver = talk_with(
        Heard("two words"), "gpt-realtime", input_audio_transcription={"model": recogniser}
    )
    assert [event["type"] for event in spoken_turn(driver)] == [f"{EVENT}.completed"]


def test_a_native_model_s_item_gets_its_transcript_when_it_is_complete() -> None:
    driver = talk_with(
        Heard("one two three"),
        "gpt-realtime",
        input_audio_transcription={"model": "gpt-4o-transcribe"},
        turn_detection=None,
    )
    driver.append(TURN)
    item_id = driver.say("input_audio_buffer.commit")[-1]["item"]["id"]

    def transcript() -> object:
        return driver.say("conversation.item.retrieve", item_id=item_id)[0]["item"]["content"][0][
            "transcript"
        ]

    assert driver.wait(TRANSCRIPTION_S - 0.01) == [] and transcript() is None
    [delta] = driver.wait(0.011)
    assert delta["delta"] == "one" and transcript() is None
    driver.wait(1.0)
    assert transcript() == "one two three"


def test_deltas_stop_when_the_item_is_deleted() -> None:
    driver = talk_with(
        Heard("one two three"),
        "gpt-realtime",
        input_audio_transcription={"model": "gpt-4o-transcribe"},
        turn_detection=None,
    )
    driver.append(TURN)
    item_id = driver.say("input_audio_buffer.commit")[-1]["item"]["id"]
    driver.wait(TRANSCRIPTION_S + 0.001)
    driver.say("conversation.item.delete", item_id=item_id)
    assert driver.wait(5.0) == []


@pytest.mark.parametrize(
    ("model", "settings"),
    [("gpt-4o", {}), ("gpt-realtime", {"input_audio_transcription": {"model": "whisper-1"}})],
)
def test_a_transcription_that_fails_says_why_and_the_turn_is_answered(
    model: str, settings: JSON
) -> None:
    driver = talk_with(
        Heard("never shown", failed="The recogniser is out of order."), model, **settings
    )
    [failed] = spoken_turn(driver)
    assert failed["type"] == f"{EVENT}.failed" and failed["content_index"] == 0
    assert failed["error"] == {
        "type": "server_error",
        "code": "transcription_failed",
        "message": "The recogniser is out of order.",
        "param": None,
    }
    created = next(
        e["item"]
        for e in driver.events
        if e["type"] == "conversation.item.created" and e["item"]["id"] == failed["item_id"]
    )
    assert created["content"][0]["transcript"] is None
    assert driver.last("response.done")["response"]["status"] == "completed"


# --- what `include` adds
# --------------------------------------------------------------------------------------------------


def test_phrases_lie_where_the_speech_is() -> None:
    """Half a second of silence, part of which is the turn's padding; then a second of speech."""
    driver = talk_with(Heard("Where is it"), include=[PHRASES], turn_detection=None)
    driver.append(TURN)
    completed = driver.say("input_audio_buffer.commit")[1]
    [phrase] = completed["phrases"]
    assert phrase["text"] == "Where is it" and "locale" not in phrase and "confidence" not in phrase
    assert phrase["offset_milliseconds"] == pytest.approx(500, abs=40)
    assert phrase["duration_milliseconds"] == pytest.approx(1000, abs=80)
    words = phrase["words"]
    assert [word["text"] for word in words] == ["Where", "is", "it"]
    assert words[0]["offset_milliseconds"] == phrase["offset_milliseconds"]
    assert [*sdk_differences(completed), *table_differences(completed)] == []


def test_phrases_of_a_turn_count_from_its_padding_on() -> None:
    driver = talk_with(
        Heard("Hi"),
        include=[PHRASES],
        turn_detection={"type": "server_vad", "prefix_padding_ms": 300},
    )
    [completed] = spoken_turn(driver)
    assert completed["phrases"][0]["offset_milliseconds"] == pytest.approx(300, abs=40)


def test_a_measured_transcript_has_a_phrase_without_words() -> None:
    driver = talk_with(
        None,
        include=[PHRASES, LOGPROBS],
        input_audio_transcription={"model": "azure-speech", "language": "de-DE"},
    )
    [completed] = spoken_turn(driver)
    [phrase] = completed["phrases"]
    assert (
        "words" not in phrase
        and phrase["locale"] == "de-DE"
        and phrase["text"] == completed["transcript"]
    )
    assert "logprobs" not in completed, "nobody knows how probable a measurement is"


def test_silence_has_no_phrase() -> None:
    driver = talk_with(None, include=[PHRASES], turn_detection=None)
    driver.append(pcm16(silence(1.0)))
    assert driver.say("input_audio_buffer.commit")[1]["phrases"] == []


def test_a_script_s_words_are_certain() -> None:
    transcription = {"model": "gpt-4o-transcribe"}
    driver = talk_with(
        Heard("Größe eins"),
        "gpt-realtime",
        include=[LOGPROBS],
        input_audio_transcription=transcription,
    )
    *deltas, completed = spoken_turn(driver)
    certain = {"token": "Größe", "logprob": 0.0, "bytes": list("Größe".encode())}
    assert deltas[0]["logprobs"] == [certain]
    assert [entry["token"] for entry in completed["logprobs"]] == ["Größe", " eins"]
    assert "phrases" not in completed


def test_extras_are_what_the_newer_versions_have() -> None:
    driver = talk_with(
        Heard("Hello"), api_version="2026-01-01-preview", include=[PHRASES, LOGPROBS]
    )
    [completed] = spoken_turn(driver)
    assert set(completed) == {"type", "event_id", "item_id", "content_index", "transcript"}


@pytest.mark.parametrize("transcript", ["a", "a bb ccc", "x " * 500, "", "  "])
def test_words_follow_one_another_and_fill_the_span(transcript: str) -> None:
    words = words_in(transcript, 120, 1000)
    assert [word["text"] for word in words] == transcript.split()
    at_ms = 120
    for word in words:
        assert word["offset_milliseconds"] == at_ms
        at_ms += word["duration_milliseconds"]
    assert not words or at_ms == 1120
