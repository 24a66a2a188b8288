"""What the agent says: a sound check of what it measured, and plain words about what it cannot do."""

from __future__ import annotations

from voicelive_tui.simulator.measure import Measurement

_ECHOED_WORDS, _LONGEST_WORD = 14, 40
_QUIET_DBFS, _LOW_DBFS, _LOUD_DBFS, _LEAST_SNR_DB = -42.0, -34.0, -9.0, 15.0


def spoken(heard: Measurement, turn: int) -> str:
    """The answer to a spoken turn; the first one says who speaks. `turn` counts the person's turns from 1."""
    opening = "Local simulator, not Azure." if turn == 1 else f"Turn {turn}."
    if not heard.speech_ms:
        return f"{opening} {_seconds(heard.audio_ms)} of audio at {_decibels(heard.level_dbfs)} decibels, but no speech in it."
    noise = ""
    if heard.noise_dbfs is not None and heard.snr_db is not None:
        noise = f", noise {_decibels(heard.noise_dbfs)}, ratio {heard.snr_db:.0f}"
    return f"{opening} {_seconds(heard.speech_ms)} at {_decibels(heard.level_dbfs)} decibels{noise}. {verdict(heard)}"


def verdict(heard: Measurement) -> str:
    """One sentence of advice on the levels."""
    snr = heard.snr_db
    if heard.clipped:
        return f"{heard.clipped} samples clipped: turn it down."
    if heard.level_dbfs < _QUIET_DBFS:
        return "Too quiet: move closer."
    if heard.level_dbfs > _LOUD_DBFS:
        return "Very loud: turn it down a little."
    if snr is not None and snr < _LEAST_SNR_DB:
        return f"The noise is only {snr:.0f} below your voice."
    if heard.level_dbfs < _LOW_DBFS:
        return "A little quiet, but usable."
    return "Your levels are good."


def typed(text: str, turn: int) -> str:
    """The answer to a typed message."""
    words = [word[:_LONGEST_WORD] for word in text.split()]
    echo = " ".join(words[:_ECHOED_WORDS]) + (" and so on" if len(words) > _ECHOED_WORDS else "")
    who = "I am the local simulator, not Azure, and cannot think." if turn == 1 else "I still cannot think."
    count = "1 word" if len(words) == 1 else f"{len(words)} words"
    return f"{who} I read {count} from you: {echo}" if words else f"{who} Your message was empty."


def tool_output(output: str) -> str:
    return f"I am the local simulator. The tool's output has {len(output)} characters. I cannot think about it."


def greeting() -> str:
    return "Hello. I am the local simulator, not Azure. Say something, and I will tell you how well I hear you."


def _seconds(duration_ms: int) -> str:
    return f"{duration_ms / 1000:.1f} seconds"


def _decibels(level_dbfs: float) -> str:
    rounded = round(level_dbfs)
    return f"minus {-rounded}" if rounded < 0 else str(rounded)
