"""A whole session between a user at a microphone and the simulator, recorded without socket or clock."""

from tests.support.recorded_sessions import Replayed, Tape, TapedTalk
from tests.support.simulator_talk import user
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
