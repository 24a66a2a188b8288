"""The fields of the records that say what was at the microphone, and how long the speaker took to
stop. What was not measured is left out."""

from typing import Any

from voicelive_tui.audio.ipc.messages import (
    CutEvidence,
    EchoMatch,
    Flushed,
    MicSpeech,
    PlayedPart,
)


def speech_fields(message: MicSpeech) -> dict[str, Any]:
    """The fields of `console.speech`."""
    level_dbfs = round(message.level_dbfs, 1)
    return {"on": message.on, "level_dbfs": level_dbfs, **_echo_fields(message.echo)}


def link_fields(message: Flushed, asked_s: float) -> dict[str, float]:
    """The fields of `console.playback_stopped` that split an interruption over a link. asked_s:
    when it was asked for; the clocks of two machines agree only within the link's error."""
    if message.asked_at_s is None:
        return {}
    link_s = max(0.0, message.asked_at_s - asked_s)
    device_s = max(0.0, message.at_s - message.asked_at_s)
    return {"link_ms": round(link_s * 1000, 1), "device_ms": round(device_s * 1000, 1)}


def cut_fields(part: PlayedPart, found: CutEvidence) -> dict[str, Any]:
    """The fields of `console.cut` for this part."""
    sound = found.sound
    return {
        "item_id": part.item_id,
        "content_index": part.content_index,
        "mic_dbfs": round(found.loudest_dbfs, 1),
        **({} if sound is None else {"before_ms": sound.before_ms, "voiced_ms": sound.voiced_ms}),
        **_echo_fields(found.echo),
    }


def _echo_fields(echo: EchoMatch | None) -> dict[str, float]:
    if echo is None:
        return {}
    return {"echo": round(echo.coefficient, 3), "echo_delay_ms": echo.delay_ms}
