"""The fields of the records that say what was at the microphone. What was not measured is left
out."""

from typing import Any

from voicelive_tui.audio.ipc.messages import CutEvidence, EchoMatch, MicSpeech, PlayedPart


def speech_fields(message: MicSpeech) -> dict[str, Any]:
    """The fields of `console.speech`."""
    level_dbfs = round(message.level_dbfs, 1)
    return {"on": message.on, "level_dbfs": level_dbfs, **_echo_fields(message.echo)}


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
