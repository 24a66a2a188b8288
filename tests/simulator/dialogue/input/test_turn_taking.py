"""Every field of turn detection has its documented effect, exact to the block."""

from typing import Any

import pytest
from voicelive_simulator.api.schema import Reading
from voicelive_simulator.api.turn_detection import turn_detection
from voicelive_simulator.dialogue.input.turn_taking import only_fillers, turn_taking
from voicelive_simulator.dialogue.state.script import Heard

from tests.simulator.support.conversation_driver import JSON, ConversationDriver
from tests.simulator.support.scripted_replies import Replies
from tests.support.speech_like import pcm16, silence, speech_like

TYPES = (
    "server_vad",
    "azure_semantic_vad",
    "azure_semantic_vad_en",
    "azure_semantic_vad_multilingual",
    "semantic_vad",
)
LONG = {
    "type": "message",
    "role": "assistant",
    "content": [{"type": "text", "text": "a long story " * 40}],
}


def listening(
    script: Replies | None = None,
    *,
    model: str = "gpt-4o",
    version: str = "2026-07-15",
    **detection: Any,
) -> ConversationDriver:
    driver = ConversationDriver(model, version, script=script)
    driver.say(
        "session.update", session={"turn_detection": {"type": "azure_semantic_vad", **detection}}
    )
    assert driver.types()[-1] == "session.updated"
    return driver


def kinds(events: list[JSON]) -> list[str]:
    """The user's events and the ends of responses."""
    names = (
        event["type"]
        for event in events
        if event["type"].startswith("input_audio_buffer.") or event["type"] == "response.done"
    )
    return [name.rsplit(".", 1)[1] for name in names]


def one(events: list[JSON], name: str) -> JSON:
    [found] = [event for event in events if event["type"] == f"input_audio_buffer.{name}"]
    return found


def talking_over(script: Replies | None = None, **detection: Any) -> ConversationDriver:
    """The assistant tells a long story, two seconds of which were heard."""
    driver = listening(script, silence_duration_ms=300, **detection)
    driver.say("response.create", response={"pre_generated_assistant_message": LONG})
    driver.wait(2.3)
    driver.append(pcm16(silence(0.5)))
    return driver


@pytest.mark.parametrize("kind", TYPES)
def test_every_type_finds_the_turn_to_one_block(kind: str) -> None:
    driver = ConversationDriver("gpt-realtime")
    driver.say("session.update", session={"turn_detection": {"type": kind}})
    effective = driver.last("session.updated")["session"]["turn_detection"]
    taking = turn_taking(effective)
    events = driver.append(pcm16(silence(1.5), speech_like(1.3), silence(3.0)))
    padding, window = taking.endpointing.prefix_padding_ms, taking.endpointing.silence_duration_ms
    assert abs(one(events, "speech_started")["audio_start_ms"] - (1500 - padding)) <= 20
    assert abs(one(events, "speech_stopped")["audio_end_ms"] - (2800 + window)) <= 20
    assert "response.created" in [event["type"] for event in events]


def test_eagerness_is_patience() -> None:
    takings = {
        eagerness: turn_taking(
            turn_detection(
                {"type": "semantic_vad", "eagerness": eagerness}, "", Reading("2026-07-15")
            )
        )
        for eagerness in ("low", "medium", "auto", "high")
    }
    silences = [
        takings[name].endpointing.silence_duration_ms for name in ("high", "auto", "medium", "low")
    ]
    waits = [
        takings[name].endpointing.silence_duration_ms + takings[name].unfinished_ms
        for name in ("high", "auto", "low")
    ]
    assert silences == [300, 500, 500, 1000] and waits == [2000, 4000, 8000]


@pytest.mark.parametrize(("speech_ms", "found"), [(200, True), (900, False)])
def test_speech_duration_is_what_begins_a_turn(speech_ms: int, found: bool) -> None:
    events = listening(speech_duration_ms=speech_ms).append(
        pcm16(silence(1.0), speech_like(0.6), silence(1.0))
    )
    assert ("speech_started" in kinds(events)) is found


def test_without_create_response_the_turn_waits_for_the_client() -> None:
    events = listening(create_response=False).append(
        pcm16(silence(1.0), speech_like(0.6), silence(3.0))
    )
    assert kinds(events) == ["speech_started", "speech_stopped", "committed"]
    assert "response.created" not in [event["type"] for event in events]


@pytest.mark.parametrize("truncates", [True, False])
def test_an_interruption_truncates_and_appends_only_when_asked(truncates: bool) -> None:
    driver = talking_over(auto_truncate=truncates, appended_text_after_truncation=" [cut]")
    driver.append(pcm16(speech_like(0.6)))
    done = driver.last("response.done")["response"]
    assert done["status_details"] == {"type": "cancelled", "reason": "turn_detected"}
    if truncates:
        cut = driver.last("conversation.item.truncated")
        assert 2000 <= cut["audio_end_ms"] <= 2800
        [shown] = driver.say("conversation.item.retrieve", item_id=cut["item_id"])
        assert shown["item"]["content"][0]["transcript"].endswith("[cut]")
    else:
        assert "conversation.item.truncated" not in driver.types()


def test_without_interrupt_response_the_assistant_goes_on() -> None:
    driver = talking_over(interrupt_response=False)
    events = driver.append(pcm16(speech_like(0.6), silence(0.32)))
    assert kinds(events) == ["speech_started", "speech_stopped", "committed"]


def test_more_speech_is_needed_to_begin_a_turn_over_the_assistant() -> None:
    driver = talking_over(speech_duration_assistant_speaking_ms=800)
    assert kinds(driver.append(pcm16(speech_like(0.6), silence(1.5)))) == []
    position_ms = 500 + 600 + 1500
    events = driver.append(pcm16(silence(0.4), speech_like(2.0), silence(0.5)))
    assert kinds(events)[:2] == ["speech_started", "done"]
    assert abs(one(events, "speech_started")["audio_start_ms"] - (position_ms + 400 - 420)) <= 20, (
        "from where it began"
    )
    driver.wait(30.0)
    assert kinds(driver.append(pcm16(speech_like(0.4), silence(0.5))))[0] == "speech_started", (
        "nobody is spoken over"
    )


def test_speech_over_the_assistant_s_last_words_begins_a_turn_when_it_falls_silent() -> None:
    driver = listening(speech_duration_assistant_speaking_ms=60_000)
    driver.say("response.create", response={"pre_generated_assistant_message": LONG})
    driver.wait(0.5)
    events = driver.append(pcm16(*[speech_like(40.0)]))
    assert "speech_started" in kinds(events)
    assert events[-1]["type"] == "input_audio_buffer.speech_started" and kinds(events)[0] == "done"


UNFINISHED = {"model": "semantic_detection_v1", "timeout_ms": 1500}


def test_an_unfinished_sentence_gets_the_timeout() -> None:
    script = Replies(hearing=[Heard("I would like", finished=False)])
    driver = listening(script, end_of_utterance_detection=UNFINISHED)
    assert kinds(driver.append(pcm16(silence(1.0), speech_like(0.6), silence(1.9)))) == [
        "speech_started"
    ]
    events = driver.append(pcm16(silence(0.5)))
    assert kinds(events) == ["speech_stopped", "committed"]
    assert abs(one(events, "speech_stopped")["audio_end_ms"] - (1600 + 500 + 1500)) <= 20
    assert script.turns == [1]
    assert (
        driver.last("conversation.item.input_audio_transcription.completed")["transcript"]
        == "I would like"
    )


def test_speech_within_the_timeout_goes_on_with_the_turn_and_ends_it() -> None:
    script = Replies(hearing=[Heard("I would like a coffee", finished=False), Heard("Thanks")])
    driver = listening(script, end_of_utterance_detection=UNFINISHED)
    events = driver.append(
        pcm16(silence(1.0), speech_like(0.6), silence(1.2), speech_like(0.8), silence(0.52))
    )
    assert kinds(events) == ["speech_started", "speech_stopped", "committed"]
    assert abs(one(events, "speech_stopped")["audio_end_ms"] - (3600 + 500)) <= 20
    assert script.turns == [1]
    driver.wait(20.0)
    assert "speech_stopped" in kinds(
        driver.append(pcm16(silence(0.5), speech_like(0.5), silence(0.52)))
    )
    assert script.turns == [1, 2]


def test_a_finished_sentence_and_one_that_nobody_knows_wait_for_nothing() -> None:
    for script in (Replies(hearing=[Heard("Yes.")]), Replies(), None):
        driver = listening(script, end_of_utterance_detection=UNFINISHED)
        assert kinds(driver.append(pcm16(silence(1.0), speech_like(0.6), silence(0.52))))[1:] == [
            "speech_stopped",
            "committed",
        ]


def test_without_end_of_utterance_detection_an_unfinished_sentence_is_a_turn() -> None:
    driver = listening(Replies(hearing=[Heard("I would", finished=False)]))
    assert kinds(driver.append(pcm16(silence(1.0), speech_like(0.6), silence(0.52))))[1:] == [
        "speech_stopped",
        "committed",
    ]


def test_the_first_preview_counts_seconds() -> None:
    detection = {"model": "semantic_detection_v1", "threshold": 0.01, "timeout": 1.5}
    driver = listening(
        Replies(hearing=[Heard("Well", finished=False)]),
        version="2025-05-01-preview",
        end_of_utterance_detection=detection,
    )
    events = driver.append(pcm16(silence(1.0), speech_like(0.6), silence(2.6)))
    assert abs(one(events, "speech_stopped")["audio_end_ms"] - (1600 + 500 + 1500)) <= 20


def test_semantic_vad_waits_for_the_end_of_a_sentence_by_itself() -> None:
    script = Replies(hearing=[Heard("Well", finished=False)])
    driver = ConversationDriver("gpt-realtime", script=script)
    driver.say(
        "session.update", session={"turn_detection": {"type": "semantic_vad", "eagerness": "high"}}
    )
    events = driver.append(pcm16(silence(1.0), speech_like(0.6), silence(2.6)))
    assert abs(one(events, "speech_stopped")["audio_end_ms"] - (1600 + 2000)) <= 20


def test_a_commit_while_a_sentence_waits_asks_nobody_again() -> None:
    script = Replies(hearing=[Heard("Well", finished=False), Heard("next")])
    driver = listening(script, end_of_utterance_detection=UNFINISHED)
    driver.append(pcm16(silence(1.0), speech_like(0.6), silence(1.0)))
    assert kinds(driver.say("input_audio_buffer.commit")) == ["committed"]
    assert script.turns == [1]
    assert kinds(driver.append(pcm16(silence(3.0)))) == []


def test_a_filler_over_the_assistant_is_no_turn_but_counts() -> None:
    script = Replies(hearing=[Heard("Uh-huh, hmm."), Heard("Stop it")])
    driver = talking_over(script, remove_filler_words=True)
    assert kinds(driver.append(pcm16(speech_like(0.5), silence(0.5)))) == []
    events = driver.append(pcm16(speech_like(0.5), silence(0.32)))
    assert kinds(events)[:3] == ["speech_started", "done", "speech_stopped"], (
        "words are known when they have ended"
    )
    assert script.turns == [1, 2]


def test_what_lasts_is_no_filler_and_interrupts_at_once() -> None:
    driver = talking_over(Replies(hearing=[Heard("mm")]), remove_filler_words=True)
    assert kinds(driver.append(pcm16(speech_like(0.7)))) == []
    assert kinds(driver.append(pcm16(speech_like(0.7)))) == ["speech_started", "done"]


def test_fillers_count_when_nobody_speaks_or_nobody_knows_the_words() -> None:
    driver = listening(Replies(hearing=[Heard("Yeah")]), remove_filler_words=True)
    assert (
        kinds(driver.append(pcm16(silence(0.5), speech_like(0.5), silence(0.52))))[0]
        == "speech_started"
    )
    assert kinds(talking_over(None, remove_filler_words=True).append(pcm16(speech_like(0.5)))) == [
        "speech_started",
        "done",
    ]


@pytest.mark.parametrize(
    ("said", "fillers"),
    [
        ("Ah, ummm... MM uh huh", True),
        ("oh yeah, hmmm", True),
        ("oh no", False),
        ("", False),
        ("...", False),
        ("human", False),
    ],
)
def test_fillers_are_the_documented_words(said: str, fillers: bool) -> None:
    assert only_fillers(said) is fillers
