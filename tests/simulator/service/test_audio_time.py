"""A whole conversation in one frame, over a socket: a WAV file, or the same samples as fast as the
socket accepts them."""

import io
import wave

import pytest
from voicelive_simulator.service.server import Options, Simulator
from voicelive_simulator.sound.tones import ToneVoice

from tests.simulator.support.manual_clock import ManualClock
from tests.support.speech_like import pcm16, silence, speech_like
from tests.support.voice_live_peer import JSON, peer

SOUND = pcm16(
    silence(0.4),
    speech_like(0.8),
    silence(1.2),
    speech_like(0.6),
    silence(8.0),
    speech_like(1.0),
    silence(1.0),
)


def wav(samples: bytes, rate_hz: int = 24_000) -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setparams((1, 2, rate_hz, 0, "NONE", ""))
        file.writeframes(samples)
    return buffer.getvalue()


async def outcome(appends: list[bytes]) -> list[object]:
    """The three turns: their times, how their responses ended, and how much was heard of the
    truncated one. Only the audio's time passes until all of it was processed."""
    clock = ManualClock()
    async with Simulator(Options(), ToneVoice(), clock) as simulator, peer(simulator.url) as client:
        detection = {"type": "azure_semantic_vad", "auto_truncate": True}
        await client.ask("session.update", "session.updated", session={"turn_detection": detection})
        for audio in appends:
            await client.append(audio)
        await client.ask("no.such.event", "error")
        clock.release()
        while client.types().count("response.done") < 3:
            await client.receive()
        return [shown(event) for event in client.events if shown(event) is not None]


def shown(event: JSON) -> object:
    match event["type"].rpartition(".")[2]:
        case "speech_started":
            return event["audio_start_ms"]
        case "speech_stopped":
            return event["audio_end_ms"]
        case "truncated":
            return "truncated"
        case "done" if event["type"] == "response.done":
            return event["response"]["status"]
        case _:
            return None


@pytest.mark.parametrize("size", [960, 10_000, 200_000])
async def test_one_wav_file_is_the_conversation_that_its_pieces_are(size: int) -> None:
    whole = await outcome([wav(SOUND)])
    assert whole.count("cancelled") == 1 and whole.count("completed") == 2
    assert await outcome([SOUND[at : at + size] for at in range(0, len(SOUND), size)]) == whole


async def test_a_file_of_another_format_is_one_error_that_says_what_to_do(url: str) -> None:
    async with peer(url) as client:
        file = wav(SOUND, 48_000)
        for at in range(0, len(file), 50_000):
            await client.append(file[at : at + 50_000])
        await client.ask("session.update", "session.updated", session={})
        [error] = [event["error"] for event in client.events if event["type"] == "error"]
        assert error["param"] == "audio" and error["type"] == "invalid_request_error"
        assert "16-bit PCM, 1 channel, 48000 Hz" in error["message"]
        assert "pcm16, 1 channel, 24000 Hz" in error["message"]
        assert not any(event["type"].startswith("input_audio_buffer.") for event in client.events)
