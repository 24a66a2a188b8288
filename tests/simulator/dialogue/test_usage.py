"""What a response costs, and what is left of the minute."""

import base64

from tests.support.simulator_talk import Talk
from tests.support.speech_like import pcm16, silence, speech_like

TURN = pcm16(silence(0.5), speech_like(1.0), silence(0.52))


def test_usage_adds_up() -> None:
    talk = Talk()
    talk.say("session.update", session={"instructions": "x" * 400})
    talk.append(TURN)
    talk.wait(15.0)
    usage = talk.last("response.done")["response"]["usage"]
    assert usage["input_token_details"]["text_tokens"] == 100
    heard_ms = 2000  # 300 ms of padding at most, one second of speech, the silence window
    assert 10 <= usage["input_token_details"]["audio_tokens"] <= heard_ms / 100
    details = usage["output_token_details"]
    assert usage["output_tokens"] == details["text_tokens"] + details["audio_tokens"]
    assert usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"]
    audio_ms = sum(len(base64.b64decode(e["delta"])) for e in talk.events if e["type"] == "response.audio.delta") / 48
    assert details["audio_tokens"] == -(-audio_ms // 50)


def test_rate_limits_count_down_over_a_minute() -> None:
    talk = Talk()
    talk.say("response.create")
    talk.wait(10.0)
    first = talk.last("rate_limits.updated")["rate_limits"][0]
    spent = talk.last("response.done")["response"]["usage"]["total_tokens"]
    assert first["remaining"] == first["limit"] - spent
    talk.wait(61.0)
    talk.say("response.create")
    talk.wait(10.0)
    again = talk.last("rate_limits.updated")["rate_limits"][0]
    assert again["remaining"] == again["limit"] - talk.last("response.done")["response"]["usage"]["total_tokens"]
