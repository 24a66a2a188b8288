"""A replay without socket or clock, to a client that behaves as the recorded one: what is served,
when, and after what."""

import base64
import json
from itertools import cycle
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from voicelive_simulator.dialogue.state.effects import Close, Send
from voicelive_simulator.replay.recording import Recording, load_recording

from tests.simulator.support.conversation_driver import user
from tests.simulator.support.recorded_session import SPEECH, TURN
from tests.simulator.support.session_recorder import (
    RecordedDriver,
    ReplayDriver,
    SessionRecorder,
    renamed,
)
from tests.support.speech_like import pcm16, silence


def repeat(recorder: SessionRecorder, client: ReplayDriver, names: dict[str, str]) -> None:
    """Repeats what the recorded client did, at the same times, with the ids of the live session."""
    began_s = client.now_s
    for t_s, event in recorder.sent():
        client.wait(max(0.0, began_s + t_s - client.now_s))
        if len(client.events) == len(recorder.received()):
            break
        for (_, recorded), live in zip(recorder.received(), client.events, strict=False):
            assert renamed(recorded, live, names), (recorded, live)
        text = json.dumps(event)
        for recorded_name, live_name in names.items():
            text = text.replace(f'"{recorded_name}"', f'"{live_name}"')
        client.say(
            **{"kind" if key == "type" else key: value for key, value in json.loads(text).items()}
        )
    client.wait(5)


def test_the_same_client_gets_the_same_session_at_the_same_times_under_new_names(
    recorder: SessionRecorder, recording: Recording
) -> None:
    client = ReplayDriver(recording)
    names: dict[str, str] = {}
    repeat(recorder, client, names)
    received = recorder.received()
    assert len(client.events) == len(received) > 100
    for (t_s, recorded), at_s, live in zip(received, client.times, client.events, strict=True):
        assert renamed(recorded, live, names), (recorded, live)
        assert abs(at_s - t_s) <= 0.041, (
            t_s,
            at_s,
            live["type"],
        )  # a turn may be found up to two blocks and a chunk earlier
    ids = {name for name in names if name.startswith(("sess_", "item_", "resp_", "event_"))}
    assert len(ids) > 100 and len(set(names.values())) == len(names)
    assert client.dialogue.divergence is None and client.dialogue.state["waits_for"] is None
    assert client.sentences == ["The recording has ended; the session stays open."]


def test_the_text_of_each_frame_is_the_recorded_text_but_for_the_names(
    recorder: SessionRecorder, recording: Recording
) -> None:
    client = ReplayDriver(recording)
    repeat(recorder, client, {})
    for (_, recorded), effect in zip(recorder.received(), client.effects, strict=True):
        assert isinstance(effect, Send) and effect.text is not None
        assert len(effect.text) == len(json.dumps(recorded, separators=(",", ":")))
        assert json.loads(effect.text) == effect.event


def test_two_sessions_of_one_recording_share_no_names(recording: Recording) -> None:
    first, second = (ReplayDriver(recording, seed=seed) for seed in (2, 3))
    assert first.dialogue.id == first.events[0]["session"]["id"] != second.dialogue.id
    assert first.events[0]["event_id"] != second.events[0]["event_id"]


def test_with_factor_0_nothing_is_waited_for_but_the_client(
    recording: Recording, recorder: SessionRecorder
) -> None:
    client = ReplayDriver(recording, factor=0)
    client.say(
        "session.update",
        session={"instructions": "Be kind.", "turn_detection": {"type": "server_vad"}},
    )
    client.append(TURN)
    client.append(TURN)
    assert client.types()[-1] == "rate_limits.updated" and client.times[-1] == 0
    assert client.types().count("response.done") == 2
    client.say("response.create", response={"metadata": {"k": "v"}})
    assert client.types().count("response.done") == 2, "its item has not come yet"
    client.say("conversation.item.create", item=user("and now?"))
    assert (
        client.types().count("response.created") == 3 and client.types().count("response.done") == 2
    )
    client.say("response.cancel")
    assert client.events[-2]["response"]["status"] == "cancelled"
    assert client.dialogue.divergence is None


@settings(max_examples=30)
@given(
    factor=st.sampled_from([0.0, 0.5, 1.0]),
    silences=st.lists(st.tuples(st.floats(0.0, 2.0), st.floats(1.2, 3.0)), min_size=2, max_size=2),
    chunks=st.lists(st.integers(50, 40_000), min_size=1, max_size=5),
)
def test_neither_chunks_nor_silence_matter(
    factor: float,
    silences: list[tuple[float, float]],
    chunks: list[int],
    recorder: SessionRecorder,
    recording: Recording,
) -> None:
    """Whatever the chunks and the silence around the speech, everything is served in order, and no
    turn starts before its speech."""
    client = ReplayDriver(recording, factor=factor)
    client.say(
        "session.update",
        session={"instructions": "Be kind.", "turn_detection": {"type": "server_vad"}},
    )
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
    assert client.types() == [
        event["type"] for _, event in recorder.received() if event["type"] not in loose
    ]
    assert client.dialogue.divergence is None
    assert client.audio() == _agent_audio(recorder)


def _agent_audio(recorder: SessionRecorder) -> bytes:
    deltas = (
        event["delta"]
        for _, event in recorder.received()
        if event["type"] == "response.audio.delta"
    )
    return b"".join(base64.b64decode(delta) for delta in deltas)


def test_without_its_sound_a_recording_is_served_as_silence_of_the_same_length(
    recorder: SessionRecorder, tmp_path: Path
) -> None:
    recording = load_recording(recorder.write(tmp_path / "silent", sound=False))
    assert len(recording.problems) == 2
    client = ReplayDriver(recording, factor=0)
    client.say(
        "session.update",
        session={"instructions": "Be kind.", "turn_detection": {"type": "server_vad"}},
    )
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
    driver = RecordedDriver()
    driver.say("session.update", session={})
    driver.recorder.closed(code, reason, sentence)
    client = ReplayDriver(load_recording(driver.recorder.write(tmp_path)))
    client.say("session.update", session={})
    client.wait(1)
    ends = [effect for effect in client.effects if isinstance(effect, Close)]
    assert ends == ([served] if served else [])
    assert client.sentences[-1].endswith("." if served else "stays open.")


def test_the_session_expires_when_the_live_one_does(tmp_path: Path) -> None:
    driver = RecordedDriver()
    was = driver.events[0]["session"]["expires_at"]
    client = ReplayDriver(load_recording(driver.recorder.write(tmp_path)), expires_at=1_900_000_000)
    assert client.events[0]["session"]["expires_at"] == 1_900_000_000 != was
