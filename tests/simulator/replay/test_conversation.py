"""A replay without socket or clock: what is served, when, after what, and what is told of another client."""

import base64
import json
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from voicelive_tui.simulator.dialogue.outbox import Close, Send
from voicelive_tui.simulator.replay.progress import PATIENCE_S
from voicelive_tui.simulator.replay.recording import Recording, load_recording

from tests.support.recorded_sessions import Replayed, Tape, TapedTalk, renamed
from tests.support.simulator_talk import JSON, user
from tests.support.speech_like import pcm16, silence, speech_like

SPEECH = speech_like(1.0)
TURN = pcm16(silence(0.4), SPEECH, silence(1.0))
CHUNK = 960


def speak(talk: TapedTalk | Replayed, audio: bytes = TURN, chunk: int = CHUNK) -> None:
    """As a microphone does."""
    for at in range(0, len(audio), chunk):
        talk.append(audio[at : at + chunk])
        talk.wait(len(audio[at : at + chunk]) / 48_000)


def record_session() -> Tape:
    """Two spoken turns and a typed one that is cancelled, with questions and a mistake between them."""
    talk = TapedTalk()
    talk.say("session.update", session={"instructions": "Be kind.", "turn_detection": {"type": "server_vad"}}, event_id="e1")
    speak(talk)
    talk.wait(4)
    spoken = talk.last("response.done")["response"]["output"][0]["id"]
    talk.say("conversation.item.retrieve", item_id=spoken)
    talk.wait(1)
    talk.say("conversation.item.truncate", item_id=spoken, content_index=0, audio_end_ms=100)
    speak(talk)
    talk.wait(4)
    talk.say("conversation.item.create", item={**user("and now?"), "id": "msg_mine"}, event_id="e2")
    talk.say("response.create", event_id="e3", response={"metadata": {"k": "v"}})
    talk.wait(0.4)
    talk.say("response.cancel", event_id="e4")
    talk.wait(1)
    talk.say("conversation.item.delete", item_id="item_that_is_not", event_id="e5")
    talk.wait(1)
    return talk.tape


@pytest.fixture(scope="module")
def tape() -> Tape:
    return record_session()


@pytest.fixture(scope="module")
def recording(tape: Tape, tmp_path_factory: pytest.TempPathFactory) -> Recording:
    return load_recording(tape.write(tmp_path_factory.mktemp("taped")))


def repeat(tape: Tape, client: Replayed, names: dict[str, str]) -> None:
    """Does what the recorded client did, when it did it; it names things as the live session does."""
    began_s = client.now_s
    for t_s, event in tape.sent():
        client.wait(max(0.0, began_s + t_s - client.now_s))
        if len(client.events) == len(tape.received()):
            break
        for (_, recorded), live in zip(tape.received(), client.events, strict=False):
            assert renamed(recorded, live, names), (recorded, live)
        text = json.dumps(event)
        for recorded_name, live_name in names.items():
            text = text.replace(f'"{recorded_name}"', f'"{live_name}"')
        client.say(**{"kind" if key == "type" else key: value for key, value in json.loads(text).items()})
    client.wait(5)


def test_the_same_client_gets_the_same_session_at_the_same_times_under_new_names(tape: Tape, recording: Recording) -> None:
    client = Replayed(recording)
    names: dict[str, str] = {}
    repeat(tape, client, names)
    received = tape.received()
    assert len(client.events) == len(received) > 100
    for (t_s, recorded), at_s, live in zip(received, client.times, client.events, strict=True):
        assert renamed(recorded, live, names), (recorded, live)
        assert abs(at_s - t_s) <= 0.041, (t_s, at_s, live["type"])  # a turn may be found two blocks and a chunk sooner
    ids = {name for name in names if name.startswith(("sess_", "item_", "resp_", "event_"))}
    assert len(ids) > 100 and len(set(names.values())) == len(names)
    assert client.dialogue.divergence is None and client.dialogue.state["waits_for"] is None
    assert client.told == ["The recording is at its end; the session stays open."]


def test_the_text_of_each_frame_is_the_recorded_text_but_for_the_names(tape: Tape, recording: Recording) -> None:
    client = Replayed(recording)
    repeat(tape, client, {})
    for (_, recorded), effect in zip(tape.received(), client.effects, strict=True):
        assert isinstance(effect, Send) and effect.text is not None
        assert len(effect.text) == len(json.dumps(recorded, separators=(",", ":")))
        assert json.loads(effect.text) == effect.event


def test_two_sessions_of_one_recording_share_no_names(recording: Recording) -> None:
    first, second = (Replayed(recording, seed=seed) for seed in (2, 3))
    assert first.dialogue.id == first.events[0]["session"]["id"] != second.dialogue.id
    assert first.events[0]["event_id"] != second.events[0]["event_id"]


def test_with_factor_0_nothing_is_waited_for_but_the_client(recording: Recording, tape: Tape) -> None:
    client = Replayed(recording, factor=0)
    client.say("session.update", session={"instructions": "Be kind.", "turn_detection": {"type": "server_vad"}})
    client.append(TURN)
    client.append(TURN)
    assert client.types()[-1] == "rate_limits.updated" and client.times[-1] == 0
    assert client.types().count("response.done") == 2
    client.say("response.create", response={"metadata": {"k": "v"}})
    assert client.types().count("response.done") == 2, "its item has not come yet"
    client.say("conversation.item.create", item=user("and now?"))
    assert client.types().count("response.created") == 3 and client.types().count("response.done") == 2
    client.say("response.cancel")
    assert client.events[-2]["response"]["status"] == "cancelled"
    assert client.dialogue.divergence is None


@settings(deadline=None, max_examples=30)
@given(
    factor=st.sampled_from([0.0, 0.5, 1.0]),
    silences=st.lists(st.tuples(st.floats(0.0, 2.0), st.floats(1.2, 3.0)), min_size=2, max_size=2),
    chunks=st.lists(st.integers(50, 40_000), min_size=1, max_size=5),
)
def test_neither_chunks_nor_silence_matter(
    factor: float, silences: list[tuple[float, float]], chunks: list[int], tape: Tape, recording: Recording
) -> None:
    """Whatever the chunks and the silence around the speech, all is served in order, and no turn starts before its speech."""
    client = Replayed(recording, factor=factor)
    client.say("session.update", session={"instructions": "Be kind.", "turn_detection": {"type": "server_vad"}})
    sizes = cycle(2 * chunk for chunk in chunks)
    for turn, (before_s, after_s) in enumerate(silences, 1):
        audio = pcm16(silence(before_s), SPEECH, silence(after_s))
        onset = round(before_s * 24_000) * 2
        at = 0
        while at < len(audio):
            step = next(sizes)
            client.append(audio[at : at + step])
            at += step
            client.wait(0.01)
            started = client.types().count("input_audio_buffer.speech_started")
            assert started == turn if at > onset + 48_000 else started <= turn
            assert at > onset or started == turn - 1
        client.wait(5)
        assert client.types().count("response.done") == turn
    client.say("conversation.item.create", item=user("and now?"))
    client.say("response.create", response={"metadata": {"k": "v"}})
    client.wait(2)
    client.say("response.cancel")
    client.wait(2)
    loose = ("conversation.item.retrieved", "conversation.item.truncated", "error")
    assert client.types() == [event["type"] for _, event in tape.received() if event["type"] not in loose]
    assert client.dialogue.divergence is None
    assert client.audio() == _agent_audio(tape)


@settings(deadline=None, max_examples=50)
@given(deeds=st.lists(st.tuples(st.integers(0, 20), st.floats(0, 3)), max_size=25), factor=st.sampled_from([0.0, 1.0]))
def test_whatever_a_client_does_the_recorded_order_stands(
    deeds: list[tuple[int, float]], factor: float, tape: Tape, recording: Recording
) -> None:
    """Events left out, repeated and in any order, with sound between them: what waits for nobody's question keeps its order, and
    no reply to a question comes before it unless that was told."""
    questions = [event for _, event in tape.sent() if not event["type"].endswith(".append")]
    client = Replayed(recording, factor=factor)
    asked: set[str] = set()
    for number, pause_s in deeds:
        if number < len(questions):
            asked.add(questions[number]["type"])
            client.say(**{"kind" if key == "type" else key: value for key, value in questions[number].items()})
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
    assert served == [event["type"] for _, event in tape.received() if event["type"] not in loose][: len(served)]


def _agent_audio(tape: Tape) -> bytes:
    deltas = (event["delta"] for _, event in tape.received() if event["type"] == "response.audio.delta")
    return b"".join(base64.b64decode(delta) for delta in deltas)


def through_the_first_turn(recording: Recording, **update: Any) -> Replayed:
    client = Replayed(recording)
    session = {"instructions": "Be kind.", "turn_detection": {"type": "server_vad"}, **update}
    client.say("session.update", session=session, event_id="mine_1")
    speak(client)
    client.wait(4)
    return client


def test_a_loose_reply_is_served_to_who_asks_for_it_however_late(recording: Recording) -> None:
    client = through_the_first_turn(recording)
    speak(client)
    client.wait(4)
    assert "conversation.item.retrieved" not in client.types() and client.types().count("response.done") == 2
    spoken = next(event for event in client.events if event["type"] == "response.done")["response"]["output"][0]["id"]
    [retrieved] = client.say("conversation.item.retrieve", item_id=spoken)
    assert retrieved["type"] == "conversation.item.retrieved" and retrieved["item"]["id"] == spoken
    assert client.dialogue.divergence is None


def test_an_error_names_the_live_event_and_comes_only_to_who_makes_the_mistake(tape: Tape, recording: Recording) -> None:
    client = Replayed(recording)
    [answer] = client.say("conversation.item.delete", item_id="item_that_is_not", event_id="my_own")
    assert answer["type"] == "error" and answer["error"]["event_id"] == "my_own"


def test_an_item_has_the_name_that_the_live_client_gives_it(recording: Recording) -> None:
    for name in ("msg_of_today", None):
        client = Replayed(recording, factor=0)
        client.say("session.update", session={})
        client.append(TURN + TURN)
        client.say("conversation.item.create", item={**user("and now?"), **({"id": name} if name else {})})
        item_id = client.events[-1]["item"]["id"]
        assert item_id == name if name else item_id.startswith("item_")


def test_other_settings_are_told_field_by_field_and_served_all_the_same(recording: Recording) -> None:
    client = through_the_first_turn(recording, instructions="Be rude.", temperature=0.7)
    divergence = client.dialogue.divergence
    assert divergence is not None
    assert divergence.fields == ("session.instructions", "session.temperature")
    assert client.told[0] == (
        "The client's session.update is not the recorded one (record 1): "
        'session.instructions is "Be rude." instead of "Be kind.", session.temperature is 0.7 instead of left out; '
        "the recording is served on."
    )
    assert client.types().count("response.done") == 1


def test_what_the_recording_does_not_have_is_told_and_gets_no_answer(recording: Recording) -> None:
    client = through_the_first_turn(recording)
    assert client.say("response.cancel") == [] and client.dialogue.divergence is None, "the recorded one comes a little later"
    assert client.say("response.cancel") == []
    assert client.dialogue.divergence is not None
    assert client.dialogue.divergence.got == "response.cancel"
    assert client.dialogue.divergence.expected == "conversation.item.retrieve"
    assert client.dialogue.divergence.n is not None and "it gets no answer" in client.told[-1]


@pytest.mark.parametrize("kind", ["input_audio_buffer.clear", "conversation.item.truncate"])
def test_more_clearing_and_truncating_is_no_divergence(recording: Recording, kind: str) -> None:
    client = through_the_first_turn(recording)
    client.say(kind, item_id="item_other", content_index=0, audio_end_ms=0)
    speak(client)
    client.wait(4)
    assert client.dialogue.divergence is None and client.types().count("response.done") == 2


def test_only_the_first_divergence_is_told(recording: Recording) -> None:
    client = through_the_first_turn(recording, instructions="Be rude.")
    told = list(client.told)
    client.say("no.such.event")
    client.dialogue.undecodable("Expecting value")
    assert client.told == told and client.dialogue.divergences == 3
    assert client.dialogue.divergence is not None and client.dialogue.divergence.n == 1


def test_another_model_and_version_are_told_and_served(recording: Recording) -> None:
    client = Replayed(recording, model="gpt-realtime", api_version="2025-10-01")
    assert client.types() == ["session.created"]
    assert client.told == [
        'The client did not connect as in the recording: model is "gpt-realtime" instead of "gpt-4o"; '
        "the recording is served all the same."
    ]


def test_a_person_who_thinks_longer_is_waited_for(recording: Recording) -> None:
    client = through_the_first_turn(recording)
    client.wait(600)
    assert client.types().count("response.done") == 1
    [told] = client.told
    assert told.startswith("The replay waits for the sound before input_audio_buffer.speech_started (record ")
    assert client.dialogue.divergence is None and client.dialogue.due_s is None
    speak(client)
    client.wait(4)
    assert client.types().count("response.done") == 2


def test_who_goes_on_without_a_turn_is_served_on_after_a_while(recording: Recording) -> None:
    client = through_the_first_turn(recording)
    client.say("conversation.item.create", item=user("and now?"))
    assert client.wait(PATIENCE_S - 0.5) == []
    client.wait(10)
    assert client.types().count("response.done") == 2 and client.types()[-1] == "conversation.item.created"
    assert client.told[0].startswith("The client went on to conversation.item.create without the sound before")
    client.say("response.create", response={"metadata": {"k": "v"}})
    client.wait(2)
    assert client.types().count("response.created") == 3


def test_who_never_configures_the_session_is_served_on_after_speaking(recording: Recording) -> None:
    client = Replayed(recording)
    speak(client)
    client.wait(10)
    assert client.types().count("response.done") == 1
    assert client.told[-1].startswith("The client went on to more speech without session.update (record 1)")


def test_a_wait_does_not_count_twice(recording: Recording) -> None:
    """The person of the recording took seconds before each turn; a client that is faster is answered as fast."""
    client = through_the_first_turn(recording)
    done_s = client.now_s
    speak(client)
    assert client.types().count("input_audio_buffer.speech_started") == 2
    assert client.now_s - done_s == pytest.approx(len(TURN) / 48_000)


def test_without_its_sound_a_recording_is_served_as_silence_of_the_same_length(tape: Tape, tmp_path: Path) -> None:
    recording = load_recording(tape.write(tmp_path / "silent", sound=False))
    assert len(recording.problems) == 2
    client = Replayed(recording, factor=0)
    client.say("session.update", session={"instructions": "Be kind.", "turn_detection": {"type": "server_vad"}})
    client.append(TURN)
    assert client.types().count("response.done") == 1
    client.append(TURN)
    assert client.types().count("response.done") == 2
    heard = client.audio()
    assert heard == bytes(len(heard)) and len(heard) > 48_000


@pytest.mark.parametrize(
    ("code", "reason", "sentence", "served"),
    [
        (1001, "session_expired", "The session expired.", Close(1001, "session_expired")),
        (1000, "", "The service ended the session; start a new one.", Close(1000)),
        (None, "", "The connection broke without a goodbye; check the network.", Close(None)),
        (1000, "", "You ended the session.", None),
        (1011, "keepalive ping timeout", "The service stopped answering.", None),
        (None, "", "The session stopped on an internal error.", None),
    ],
)
def test_the_service_ends_the_session_as_it_did(
    tmp_path: Path, code: int | None, reason: str, sentence: str, served: Close | None
) -> None:
    talk = TapedTalk()
    talk.say("session.update", session={})
    talk.tape.closed(code, reason, sentence)
    client = Replayed(load_recording(talk.tape.write(tmp_path)))
    client.say("session.update", session={})
    client.wait(1)
    ends = [effect for effect in client.effects if isinstance(effect, Close)]
    assert ends == ([served] if served else [])
    assert client.told[-1].endswith("." if served else "stays open.")


def test_the_session_expires_when_the_live_one_does(tmp_path: Path) -> None:
    talk = TapedTalk()
    was = talk.events[0]["session"]["expires_at"]
    client = Replayed(load_recording(talk.tape.write(tmp_path)), expires_at=1_900_000_000)
    assert client.events[0]["session"]["expires_at"] == 1_900_000_000 != was


def test_nested_beyond_reason_ends_nothing(recording: Recording) -> None:
    deep: JSON = {}
    for _ in range(5_000):
        deep = {"a": deep}
    client = Replayed(recording)
    client.say("session.update", session=deep)
    assert client.dialogue.divergence is not None
