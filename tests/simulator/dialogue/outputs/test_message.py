"""The assistant's words: text, or speech with its transcript, word times and visemes."""

import base64

import pytest
from voicelive_simulator.dialogue.outputs.message import MessageOutput
from voicelive_simulator.dialogue.outputs.output import OutputPosition
from voicelive_simulator.dialogue.responses.response import FIRST_DELTA_S
from voicelive_simulator.dialogue.state.script import Pacing, Reply
from voicelive_simulator.sound.render import render
from voicelive_simulator.sound.speech import Rendered, Viseme, Word
from voicelive_simulator.sound.tones import ToneVoice

from tests.simulator.support.conversation_driver import DONE_FAMILY, JSON, ConversationDriver
from tests.simulator.support.scripted_replies import Replies


def test_word_timestamps_come_with_the_words_when_asked_for() -> None:
    driver = ConversationDriver()
    driver.say("session.update", session={"output_audio_timestamp_types": ["word"]})
    driver.say("response.create")
    driver.wait(10.0)
    stamps = [e for e in driver.events if e["type"] == "response.audio_timestamp.delta"]
    assert (
        " ".join(e["text"] for e in stamps)
        == driver.last("response.audio_transcript.done")["transcript"]
    )
    offsets = [e["audio_offset_ms"] for e in stamps]
    assert offsets == sorted(offsets) and offsets[-1] > 1000
    assert "response.audio_timestamp.done" in driver.types()


def test_what_makes_no_sound_has_no_time() -> None:
    words = (Word("Wait ", 0, 200), Word("\u2014 ", 200, 0), Word("what?", 400, 200))
    output = MessageOutput(
        OutputPosition("resp_1", "item_1", 0),
        "Wait \u2014 what?",
        Pacing(),
        speaks=True,
        timestamps=True,
    )
    output.rendered(Rendered(bytes(600 * 48), 24_000, 2, words))
    events = [event for step in output.steps() for event in step.events]
    assert [e["text"] for e in events if e["type"] == "response.audio_timestamp.delta"] == [
        "Wait",
        "what?",
    ]
    assert (
        "".join(e["delta"] for e in events if e["type"] == "response.audio_transcript.delta")
        == "Wait \u2014 what?"
    )


def spoken(
    response: JSON | None = None, model: str = "gpt-4o", **session: object
) -> ConversationDriver:
    driver = ConversationDriver(model, script=Replies(Reply("Hello there, how are you today?")))
    driver.say("session.update", session=session)
    driver.say("response.create", response=response)
    driver.wait(20.0)
    return driver


def visemes(driver: ConversationDriver) -> list[JSON]:
    return [e for e in driver.events if e["type"] == "response.animation_viseme.delta"]


def test_visemes_are_the_voice_s_own_and_come_before_their_audio() -> None:
    driver = spoken(animation={"outputs": ["viseme_id"]})
    own = render(ToneVoice(), "Hello there, how are you today?", "pcm16").visemes
    assert [(e["viseme_id"], e["audio_offset_ms"]) for e in visemes(driver)] == [
        (v.viseme_id, v.start_ms) for v in own
    ]
    sent_ms = 0.0
    for event in driver.events:
        if event["type"] == "response.audio.delta":
            sent_ms += len(base64.b64decode(event["delta"])) / 48
        elif event["type"] == "response.animation_viseme.delta":
            assert event["audio_offset_ms"] >= sent_ms, "a mouth that moves after its sound"
    ids = {"response_id", "item_id", "output_index", "content_index"}
    done = driver.last("response.animation_viseme.done")
    assert (
        set(done) == {"type", "event_id", *ids} and done["item_id"] == visemes(driver)[0]["item_id"]
    )


def test_a_response_may_ask_for_visemes_by_itself_and_do_without() -> None:
    assert visemes(spoken({"animation": {"outputs": ["viseme_id"]}}))
    assert not visemes(spoken({"animation": {"outputs": []}}, animation={"outputs": ["viseme_id"]}))


def test_openai_s_voices_have_neither_word_times_nor_visemes() -> None:
    settings: JSON = {
        "animation": {"outputs": ["viseme_id"]},
        "output_audio_timestamp_types": ["word"],
    }
    driver = spoken(model="gpt-realtime", **settings)
    assert not [t for t in driver.types() if "viseme" in t or "timestamp" in t]
    azure = {"type": "azure-standard", "name": "en-US-AvaNeural"}
    types = spoken({"voice": azure}, model="gpt-realtime", **settings).types()
    assert "response.animation_viseme.delta" in types and "response.audio_timestamp.delta" in types


def test_text_has_neither_and_blendshapes_are_never_sent() -> None:
    driver = spoken({"modalities": ["text"]}, animation={"outputs": ["viseme_id", "blendshapes"]})
    assert not [t for t in driver.types() if "animation" in t]
    assert not [
        t for t in spoken(animation={"outputs": ["blendshapes"]}).types() if "animation" in t
    ]


def test_an_interrupted_answer_ends_its_visemes_too() -> None:
    driver = ConversationDriver()
    driver.say("session.update", session={"animation": {"outputs": ["viseme_id"]}})
    driver.say("response.create")
    driver.wait(FIRST_DELTA_S + 0.3)
    done = [e["type"] for e in driver.say("response.cancel")]
    assert done == ["response.audio.done", "response.animation_viseme.done", *DONE_FAMILY[1:]]


@pytest.mark.parametrize(
    "output_audio_format", ["pcm16_22050hz", "pcm16_44100hz", "g711_ulaw", "pcm16_8000hz"]
)
def test_every_output_format_arrives_whole_in_whole_frames(output_audio_format: str) -> None:
    driver = spoken({"output_audio_format": output_audio_format})
    chunks = [
        base64.b64decode(e["delta"]) for e in driver.events if e["type"] == "response.audio.delta"
    ]
    whole = render(ToneVoice(), "Hello there, how are you today?", output_audio_format)
    assert b"".join(chunks) == whole.audio
    assert all(len(chunk) % whole.frame_bytes == 0 for chunk in chunks)


def test_words_and_visemes_at_the_very_end_are_not_lost() -> None:
    output = MessageOutput(
        OutputPosition("resp_1", "item_1", 0), "a b", Pacing(), speaks=True, visemes=True
    )
    words = (Word("a ", 0, 100), Word("b", 100, 0))
    output.rendered(Rendered(bytes(4800), 24000, 2, words, (Viseme(2, 0), Viseme(0, 100))))
    sent = [event for step in output.steps() for event in step.events]
    assert [e["delta"] for e in sent if e["type"] == "response.audio_transcript.delta"] == [
        "a ",
        "b",
    ]
    assert [e["viseme_id"] for e in sent if e["type"] == "response.animation_viseme.delta"] == [
        2,
        0,
    ]


def test_the_voice_s_rate_is_heeded() -> None:
    voice = {"type": "azure-standard", "name": "en-US-AvaNeural", "rate": "0.5"}
    slow, plain = (
        sum(len(e.get("delta", "")) for e in spoken(r).events) for r in ({"voice": voice}, {})
    )
    assert slow > 1.5 * plain
