"""The same audio gives the same conversation, whatever the chunks and the pace."""

import base64
import itertools
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.simulator.support.conversation_driver import ConversationDriver
from tests.support.speech_like import pcm16, silence, speech_like

BYTES_PER_S = 48_000
# Three turns: a question, one that interrupts the response to it, and one during the playback of
# the second response.
SOUND = pcm16(
    silence(0.4),
    speech_like(0.8),
    silence(1.2),
    speech_like(0.6),
    silence(4.0),
    speech_like(1.0),
    silence(3.0),
)
JSON = dict[str, Any]


def talked(cuts: list[int], *, pace: float = 0.0, voice_s: float = 0.0) -> ConversationDriver:
    """The whole audio in pieces that end at these byte offsets, with `pace` seconds of waiting per
    second of audio."""
    driver = ConversationDriver()
    driver.say(
        "session.update", session={"turn_detection": {"type": "server_vad", "auto_truncate": True}}
    )
    driver.hold_voice = voice_s > 0
    for low, high in itertools.pairwise([0, *cuts, len(SOUND)]):
        driver.wait(pace * (high - low) / BYTES_PER_S)
        driver.append(SOUND[low:high])
        while driver.conversation.waits_for_voice:
            driver.now_s += voice_s
            driver.release_voice()
    driver.hold_voice = False
    while driver.renders:
        driver.release_voice()
    driver.wait(60.0)
    return driver


def turns(driver: ConversationDriver) -> list[tuple[str, Any]]:
    """The marks, the items and the ends of responses, with ids replaced by numbers in order of
    appearance."""
    numbers: dict[str, int] = {}

    def number(name: str | None) -> int | None:
        return None if name is None else numbers.setdefault(name, len(numbers))

    found: list[tuple[str, Any]] = []
    for event in driver.events:
        match event["type"]:
            case "input_audio_buffer.speech_started":
                found.append(("started", (event["audio_start_ms"], number(event["item_id"]))))
            case "input_audio_buffer.speech_stopped":
                found.append(("stopped", (event["audio_end_ms"], number(event["item_id"]))))
            case "input_audio_buffer.committed":
                found.append(
                    ("committed", (number(event["item_id"]), number(event["previous_item_id"])))
                )
            case "conversation.item.created":
                found.append(
                    ("item", (number(event["item"]["id"]), number(event["previous_item_id"])))
                )
            case "conversation.item.truncated":
                found.append(("truncated", number(event["item_id"])))
            case "response.done":
                found.append(
                    ("done", (event["response"]["status"], event["response"]["status_details"]))
                )
    return found


def truncations(driver: ConversationDriver) -> list[int]:
    return [
        event["audio_end_ms"]
        for event in driver.events
        if event["type"] == "conversation.item.truncated"
    ]


WHOLE = talked([])


def same(driver: ConversationDriver, *, within_ms: int) -> None:
    assert turns(driver) == turns(WHOLE)
    cuts = zip(truncations(driver), truncations(WHOLE), strict=True)
    assert all(abs(one - other) <= within_ms for one, other in cuts)


def test_one_append_is_a_whole_conversation() -> None:
    kinds = [kind for kind, _ in turns(WHOLE)]
    assert kinds.count("started") == kinds.count("stopped") == kinds.count("done") == 3
    assert [value[0] for kind, value in turns(WHOLE) if kind == "done"] == [
        "cancelled",
        "completed",
        "completed",
    ]
    [first, second] = truncations(WHOLE)
    assert 400 < first < 900, (
        "the first answer was heard from 0.3 s after its turn until the next one"
    )
    assert 2000 < second < 4500


def test_real_time_gives_the_same() -> None:
    same(talked(list(range(960, len(SOUND), 960)), pace=1.0), within_ms=1)


@settings(max_examples=25)
@given(
    st.lists(
        st.integers(1, len(SOUND) // 2 - 1).map(lambda n: 2 * n), max_size=40, unique=True
    ).map(sorted)
)
def test_any_chunking_at_full_speed_gives_the_same(cuts: list[int]) -> None:
    same(talked(cuts), within_ms=1)


@settings(max_examples=15)
@given(st.sampled_from([20, 40, 100, 250, 500]), st.sampled_from([0.1, 0.5, 0.9, 1.0]))
def test_bursts_at_any_pace_give_the_same(chunk_ms: int, pace: float) -> None:
    """Live bursts are processed when they arrive: truncation differs by at most one burst."""
    size = chunk_ms * BYTES_PER_S // 1000
    same(talked(list(range(size, len(SOUND), size)), pace=pace), within_ms=chunk_ms + 1)


@settings(max_examples=15)
@given(st.sampled_from([960, 48_000, len(SOUND)]), st.floats(0.001, 3.0))
def test_the_voice_s_speed_changes_nothing(size: int, voice_s: float) -> None:
    same(talked(list(range(size, len(SOUND), size)), voice_s=voice_s), within_ms=1)


def test_what_comes_while_an_append_waits_for_the_voice_is_kept_in_order() -> None:
    driver = ConversationDriver()
    driver.hold_voice = True
    driver.append(SOUND)
    assert driver.conversation.waits_for_voice and driver.conversation.due_s is None
    before = len(driver.events)
    assert driver.say("conversation.item.retrieve", item_id="nothing") == []
    assert driver.conversation.undecodable("broken") == []
    assert driver.wait(10.0) == []
    while driver.renders:
        driver.release_voice()
    after = driver.events[before:]
    errors = [
        (event["error"]["code"], event["error"]["param"])
        for event in after
        if event["type"] == "error"
    ]
    assert errors == [("invalid_value", "item_id"), ("invalid_json", None)]
    stops = [
        n for n, event in enumerate(after) if event["type"] == "input_audio_buffer.speech_stopped"
    ]
    assert next(n for n, event in enumerate(after) if event["type"] == "error") > stops[-1]


def test_a_voice_that_fails_lets_the_append_go_on() -> None:
    driver = ConversationDriver()
    driver.hold_voice = True
    driver.append(SOUND)
    while driver.renders:
        driver.fail_voice()
    done = [
        event["response"]["status"] for event in driver.events if event["type"] == "response.done"
    ]
    assert done == ["failed"] * 3 and not driver.conversation.waits_for_voice


def test_a_live_client_never_waits() -> None:
    """At a microphone's pace the voice may render slowly: the audio is processed as it arrives."""
    driver = ConversationDriver()
    driver.hold_voice = True
    for at in range(0, 3 * BYTES_PER_S, 960):
        driver.wait(0.02)
        driver.say(
            "input_audio_buffer.append", audio=base64.b64encode(SOUND[at : at + 960]).decode()
        )
        assert not driver.conversation.waits_for_voice
    assert driver.renders
