"""The replies without a scenario: what was measured in the input, and what the simulator cannot do.
They are short because they are spoken."""

from __future__ import annotations

from dataclasses import dataclass

from voicelive_simulator.sound.measurement import Measurement

NOT_AZURE = "not Azure"
_INTRODUCTION = f"Local simulator, {NOT_AZURE}."
_INVITATION = "Say something, and I will tell you how well I hear you."
_ECHOED_WORDS, _LONGEST_WORD, _LONGEST_ERROR = 14, 40, 300
# A client may send thirty times as much, and splitting all of it would block the other sessions.
_COUNTED_CHARS = 2**20
_QUIET_DBFS, _LOW_DBFS, _LOUD_DBFS, _LEAST_SNR_DB = -42.0, -34.0, -9.0, 15.0
_LEAST_ERLE_DB = 3.0  # a smaller value may be chance
# No converter is that quiet: the microphone is muted, or there is a noise gate before it.
_SILENCE_DBFS = -85.0


@dataclass(frozen=True, slots=True)
class ReplyContext:
    """What the user knows by now. `turn` counts their turns from 1; `introduced` is whether the
    simulator has said what it is; `remark` is what its introduction says about its voice."""

    turn: int
    introduced: bool
    remark: str = ""

    @property
    def introduction(self) -> str:
        """The simulator's introduction, "" when the user has heard it."""
        return "" if self.introduced else " ".join(filter(None, [_INTRODUCTION, self.remark]))


def reply_to_speech(measurement: Measurement, context: ReplyContext) -> str:
    """The reply to a spoken turn: first the verdict, then the figures."""
    turn = f"Turn {context.turn}." if context.introduced or context.turn > 1 else ""
    check = (
        f"{level_advice(measurement)} {_figures(measurement)}"
        if measurement.speech_ms
        else _no_speech(measurement)
    )
    return " ".join(filter(None, [turn, context.introduction, check, _echo_report(measurement)]))


def _echo_report(measurement: Measurement) -> str:
    """The result of the echo canceller, once the client had something to play."""
    if measurement.echo is None or not measurement.echo.played_ms:
        return ""
    if measurement.echo.erle_db < _LEAST_ERLE_DB:
        return "I found no echo of your reference."
    return (
        f"Your echo was cancelled by {measurement.echo.erle_db:.0f} decibels, "
        f"{measurement.echo.delay_ms} milliseconds behind the reference."
    )


def level_advice(measurement: Measurement) -> str:
    """Advice about the levels; the worst problem comes first."""
    if measurement.clipped:
        return "Your microphone clips: turn it down."
    if measurement.level_dbfs < _QUIET_DBFS:
        return "I can hardly hear you: come closer, or turn the microphone up."
    if measurement.level_dbfs > _LOUD_DBFS:
        return "You are very loud: turn the microphone down a little."
    if measurement.snr_db is not None and measurement.snr_db < _LEAST_SNR_DB:
        return (
            f"Your voice is only {measurement.snr_db:.0f} decibels above the noise: come closer, "
            "or find a quieter place."
        )
    if measurement.level_dbfs < _LOW_DBFS:
        return "You are a little quiet, but I hear you."
    return "I hear you well."


def reply_to_text(text: str, context: ReplyContext) -> str:
    """The reply to a typed message."""
    words = text[:_COUNTED_CHARS].split()
    echo = " ".join(word[:_LONGEST_WORD] for word in words[:_ECHOED_WORDS])
    echo += " and so on" if len(words) > _ECHOED_WORDS else ""
    count = "1 word" if len(words) == 1 else f"{len(words)} words"
    count = f"at least {count}" if len(text) > _COUNTED_CHARS else count
    answer = f"You wrote {count}: {echo}" if words else "Your message has no text."
    return (
        answer
        if context.introduced
        else f"{context.introduction} I cannot think, only repeat. {answer}"
    )


def reply_to_tool_output(output: str, context: ReplyContext) -> str:
    count = "1 character" if len(output) == 1 else f"{len(output)} characters"
    answer = f"The tool's output has {count}. I cannot think about it."
    return answer if context.introduced else f"{context.introduction} {answer}"


def reply_to_tool_failure(message: str, context: ReplyContext) -> str:
    """The reply to a call that failed or was denied."""
    answer = f"There is no output: {message[:_LONGEST_ERROR]}"
    return answer if context.introduced else f"{context.introduction} {answer}"


def greeting(context: ReplyContext) -> str:
    """The response when the model was given nothing to reply to."""
    if context.introduced:
        return _INVITATION
    return " ".join(
        filter(
            None, [f"Hello. I am the local simulator, {NOT_AZURE}.", context.remark, _INVITATION]
        )
    )


def _no_speech(measurement: Measurement) -> str:
    if measurement.level_dbfs < _SILENCE_DBFS:
        return f"I got {_seconds(measurement.audio_ms)} of silence. Is the microphone muted?"
    return (
        f"I heard no speech in {_seconds(measurement.audio_ms)} of sound at "
        f"{_decibels(measurement.level_dbfs)} decibels."
    )


def _figures(measurement: Measurement) -> str:
    figures = f"{_seconds(measurement.speech_ms)} at {_decibels(measurement.level_dbfs)} decibels"
    if measurement.noise_dbfs is None:
        return f"{figures}."
    if measurement.noise_dbfs < _SILENCE_DBFS:
        return f"{figures}, no noise."
    return f"{figures}, noise at {_decibels(measurement.noise_dbfs)}."


def _seconds(duration_ms: int) -> str:
    return f"{duration_ms / 1000:.1f} seconds"


def _decibels(level_dbfs: float) -> str:
    rounded = round(level_dbfs)
    return f"minus {-rounded}" if rounded < 0 else str(rounded)
