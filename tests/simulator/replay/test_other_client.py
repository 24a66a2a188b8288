"""A replay without socket or clock, to a client that behaves differently from the recorded one:
what it gets, and what is reported."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from voicelive_simulator.replay.progress import PATIENCE_S
from voicelive_simulator.replay.recording import Recording

from tests.simulator.support.conversation_driver import JSON, user
from tests.simulator.support.recorded_session import TURN, speak
from tests.simulator.support.session_recorder import ReplayDriver, SessionRecorder


def through_the_first_turn(recording: Recording, **update: Any) -> ReplayDriver:
    client = ReplayDriver(recording)
    session = {"instructions": "Be kind.", "turn_detection": {"type": "server_vad"}, **update}
    client.say("session.update", session=session, event_id="mine_1")
    speak(client)
    client.wait(4)
    return client


@settings(max_examples=50)
@given(
    deeds=st.lists(st.tuples(st.integers(0, 20), st.floats(0, 3)), max_size=25),
    factor=st.sampled_from([0.0, 1.0]),
)
def test_whatever_a_client_does_the_recorded_order_stands(
    deeds: list[tuple[int, float]], factor: float, recorder: SessionRecorder, recording: Recording
) -> None:
    """Events omitted, repeated and in any order, with audio between them: frames that wait for no
    request keep their order, and no reply comes before its request unless that was reported."""
    questions = [event for _, event in recorder.sent() if not event["type"].endswith(".append")]
    client = ReplayDriver(recording, factor=factor)
    asked: set[str] = set()
    for number, pause_s in deeds:
        if number < len(questions):
            asked.add(questions[number]["type"])
            client.say(
                **{
                    "kind" if key == "type" else key: value
                    for key, value in questions[number].items()
                }
            )
        else:
            client.append(TURN)
        client.wait(pause_s)
        seen = set(client.types())
        if client.dialogue.divergence is None:
            for question, reply in (
                ("session.update", "session.updated"),
                ("conversation.item.delete", "error"),
            ):
                assert reply not in seen or question in asked
    loose = {"conversation.item.retrieved", "conversation.item.truncated", "error"}
    served = [kind for kind in client.types() if kind not in loose]
    assert (
        served
        == [event["type"] for _, event in recorder.received() if event["type"] not in loose][
            : len(served)
        ]
    )


def test_a_loose_reply_is_served_to_who_asks_for_it_however_late(recording: Recording) -> None:
    client = through_the_first_turn(recording)
    speak(client)
    client.wait(4)
    assert (
        "conversation.item.retrieved" not in client.types()
        and client.types().count("response.done") == 2
    )
    spoken = next(event for event in client.events if event["type"] == "response.done")["response"][
        "output"
    ][0]["id"]
    [retrieved] = client.say("conversation.item.retrieve", item_id=spoken)
    assert retrieved["type"] == "conversation.item.retrieved" and retrieved["item"]["id"] == spoken
    assert client.dialogue.divergence is None


def test_an_error_names_the_live_event_and_comes_only_to_who_makes_the_mistake(
    recorder: SessionRecorder, recording: Recording
) -> None:
    client = ReplayDriver(recording)
    [answer] = client.say("conversation.item.delete", item_id="item_that_is_not", event_id="my_own")
    assert answer["type"] == "error" and answer["error"]["event_id"] == "my_own"


def test_an_item_has_the_name_that_the_live_client_gives_it(recording: Recording) -> None:
    for name in ("msg_of_today", None):
        client = ReplayDriver(recording, factor=0)
        client.say("session.update", session={})
        client.append(TURN + TURN)
        client.say(
            "conversation.item.create", item={**user("and now?"), **({"id": name} if name else {})}
        )
        item_id = client.events[-1]["item"]["id"]
        assert item_id == name if name else item_id.startswith("item_")


def test_other_settings_are_told_field_by_field_and_served_all_the_same(
    recording: Recording,
) -> None:
    client = through_the_first_turn(recording, instructions="Be rude.", temperature=0.7)
    divergence = client.dialogue.divergence
    assert divergence is not None
    assert divergence.fields == ("session.instructions", "session.temperature")
    assert client.sentences[0] == (
        "The client's session.update is not the recorded one (record 1): "
        'session.instructions is "Be rude." instead of "Be kind.", session.temperature is 0.7 '
        "instead of left out; "
        "the recording continues."
    )
    assert client.types().count("response.done") == 1


def test_what_the_recording_does_not_have_is_told_and_gets_no_answer(recording: Recording) -> None:
    client = through_the_first_turn(recording)
    assert client.say("response.cancel") == [] and client.dialogue.divergence is None, (
        "the recorded one comes a little later"
    )
    assert client.say("response.cancel") == []
    assert client.dialogue.divergence is not None
    assert client.dialogue.divergence.got == "response.cancel"
    assert client.dialogue.divergence.expected == "conversation.item.retrieve"
    assert client.dialogue.divergence.n is not None and "it gets no reply" in client.sentences[-1]


@pytest.mark.parametrize("kind", ["input_audio_buffer.clear", "conversation.item.truncate"])
def test_more_clearing_and_truncating_is_no_divergence(recording: Recording, kind: str) -> None:
    client = through_the_first_turn(recording)
    client.say(kind, item_id="item_other", content_index=0, audio_end_ms=0)
    speak(client)
    client.wait(4)
    assert client.dialogue.divergence is None and client.types().count("response.done") == 2


def test_only_the_first_divergence_is_told(recording: Recording) -> None:
    client = through_the_first_turn(recording, instructions="Be rude.")
    sentences = list(client.sentences)
    client.say("no.such.event")
    client.dialogue.undecodable("Expecting value")
    assert client.sentences == sentences and client.dialogue.divergences == 3
    assert client.dialogue.divergence is not None and client.dialogue.divergence.n == 1


def test_another_model_and_version_are_told_and_served(recording: Recording) -> None:
    client = ReplayDriver(recording, model="gpt-realtime", api_version="2025-10-01")
    assert client.types() == ["session.created"]
    assert client.sentences == [
        'The client did not connect as in the recording: model is "gpt-realtime" instead of '
        '"gpt-4o"; '
        "the recording is served anyway."
    ]


def test_a_user_who_thinks_longer_is_waited_for(recording: Recording) -> None:
    client = through_the_first_turn(recording)
    client.wait(600)
    assert client.types().count("response.done") == 1
    [sentence] = client.sentences
    assert sentence.startswith(
        "The replay waits for the sound before input_audio_buffer.speech_started (record "
    )
    assert client.dialogue.divergence is None and client.dialogue.due_s is None
    speak(client)
    client.wait(4)
    assert client.types().count("response.done") == 2


def test_who_goes_on_without_a_turn_is_served_on_after_a_while(recording: Recording) -> None:
    client = through_the_first_turn(recording)
    client.say("conversation.item.create", item=user("and now?"))
    assert client.wait(PATIENCE_S - 0.5) == []
    client.wait(10)
    assert (
        client.types().count("response.done") == 2
        and client.types()[-1] == "conversation.item.created"
    )
    assert client.sentences[0].startswith(
        "The client went on to conversation.item.create without the sound before"
    )
    client.say("response.create", response={"metadata": {"k": "v"}})
    client.wait(2)
    assert client.types().count("response.created") == 3


def test_who_never_configures_the_session_is_served_on_after_speaking(recording: Recording) -> None:
    client = ReplayDriver(recording)
    speak(client)
    client.wait(10)
    assert client.types().count("response.done") == 1
    assert client.sentences[-1].startswith(
        "The client went on to more speech without session.update (record 1)"
    )


def test_a_wait_does_not_count_twice(recording: Recording) -> None:
    """The recorded user took seconds before each turn; a faster client is answered as fast."""
    client = through_the_first_turn(recording)
    done_s = client.now_s
    speak(client)
    assert client.types().count("input_audio_buffer.speech_started") == 2
    assert client.now_s - done_s == pytest.approx(len(TURN) / 48_000)


def test_nested_beyond_reason_ends_nothing(recording: Recording) -> None:
    deep: JSON = {}
    for _ in range(5_000):
        deep = {"a": deep}
    client = ReplayDriver(recording)
    client.say("session.update", session=deep)
    assert client.dialogue.divergence is not None
