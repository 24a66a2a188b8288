"""A whole session between a user at a microphone and the simulator, recorded without socket or
clock."""

from tests.simulator.support.conversation_driver import user
from tests.simulator.support.session_recorder import RecordedDriver, ReplayDriver, SessionRecorder
from tests.support.speech_like import pcm16, silence, speech_like

SPEECH = speech_like(1.0)
TURN = pcm16(silence(0.4), SPEECH, silence(1.0))
CHUNK = 960


def speak(driver: RecordedDriver | ReplayDriver, audio: bytes = TURN, chunk: int = CHUNK) -> None:
    """Send audio at the pace of a microphone."""
    for at in range(0, len(audio), chunk):
        driver.append(audio[at : at + chunk])
        driver.wait(len(audio[at : at + chunk]) / 48_000)


def record_session() -> SessionRecorder:
    """Two spoken turns and a typed one that is cancelled, with requests and an error between
    them."""
    driver = RecordedDriver()
    driver.say(
        "session.update",
        session={"instructions": "Be kind.", "turn_detection": {"type": "server_vad"}},
        event_id="e1",
    )
    speak(driver)
    driver.wait(4)
    spoken = driver.last("response.done")["response"]["output"][0]["id"]
    driver.say("conversation.item.retrieve", item_id=spoken)
    driver.wait(1)
    driver.say("conversation.item.truncate", item_id=spoken, content_index=0, audio_end_ms=100)
    speak(driver)
    driver.wait(4)
    driver.say(
        "conversation.item.create", item={**user("and now?"), "id": "msg_mine"}, event_id="e2"
    )
    driver.say("response.create", event_id="e3", response={"metadata": {"k": "v"}})
    driver.wait(0.4)
    driver.say("response.cancel", event_id="e4")
    driver.wait(1)
    driver.say("conversation.item.delete", item_id="item_that_is_not", event_id="e5")
    driver.wait(1)
    return driver.recorder
