"""On a busy machine `tick` is called late, and the same events are sent."""

from tests.simulator.support.conversation_driver import ConversationDriver
from tests.support.speech_like import pcm16, silence, speech_like


def spoken_turn() -> ConversationDriver:
    """Up to the end of the turn: the transcript is due 0.2 s after it, the response's first delta
    0.3 s after it, and its end later."""
    driver = ConversationDriver("gpt-realtime")
    driver.say("session.update", session={"input_audio_transcription": {"model": "whisper-1"}})
    driver.append(pcm16(silence(0.3), speech_like(1.0), silence(0.6)))
    return driver


def test_what_is_due_at_once_comes_in_the_order_in_which_it_fell_due() -> None:
    punctual, late = spoken_turn(), spoken_turn()
    assert punctual.types()[-1] == "response.created"
    punctual.wait(60.0)
    late.now_s += 60.0
    late.wait(0.0)
    assert late.types()[-2:] == ["response.done", "rate_limits.updated"]
    assert "conversation.item.input_audio_transcription.completed" in late.types()
    assert late.events == punctual.events
