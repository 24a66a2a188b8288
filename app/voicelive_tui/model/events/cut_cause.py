"""Why an answer was cut: a value for each cause, from what was measured when it was cut.

The record of the stop says who silenced the speaker. Where that was the service, because it
detected speech, the record `console.cut` says what was at the microphone then.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Literal

from voicelive_tui.model.events.fields import get_int, get_number, get_str
from voicelive_tui.model.events.record import STOP_BARGE_IN, STOP_USER

CutBy = Literal[
    "voice",
    "echo",
    "noise",
    "detection",
    "user",
    "service",
    "connection",
    "off_air",
    "device",
    "link",
]
"""The causes as words, to count them and for `--json`."""

ECHO_FROM: Final = 0.7
"""The coefficient from which on a sound at the microphone counts as what was playing."""
LEAST_VOICED_MS: Final = 40
"""The voiced time from which on a sound at the microphone counts as a voice."""
LEAST_JUDGED_MS: Final = 100
"""The length from which on a sound without so much voice is none: the first tens of milliseconds of
a word often have no voice."""

COMMAND: Final = "you interrupted it"
ECHO_CURE = "{tune.settings} opens echo cancellation"
_ECHO_SETTING: Final = "session.input_audio_echo_cancellation"


@dataclass(frozen=True, slots=True)
class CutByVoice:
    """The user spoke. before_ms: from the beginning of the speech to the cut."""

    by: ClassVar[CutBy] = "voice"
    level_dbfs: float
    before_ms: int


@dataclass(frozen=True, slots=True)
class CutByEcho:
    """The service took the answer's own sound at the microphone for speech. coefficient: how much
    the microphone resembled what was playing `delay_ms` before, from 0 to 1."""

    by: ClassVar[CutBy] = "echo"
    coefficient: float
    delay_ms: int


@dataclass(frozen=True, slots=True)
class CutByNoise:
    """The service took a sound for speech that was no voice."""

    by: ClassVar[CutBy] = "noise"
    level_dbfs: float


@dataclass(frozen=True, slots=True)
class CutByDetection:
    """The service detected speech, and what was measured at the microphone is nothing, or too
    short to say what it was."""

    by: ClassVar[CutBy] = "detection"


@dataclass(frozen=True, slots=True)
class CutByCommand:
    """The user silenced the agent with a command."""

    by: ClassVar[CutBy] = "user"


@dataclass(frozen=True, slots=True)
class CutByService:
    """The service cut its answer on its own. quiet: it detected speech, and there was no sound at
    the microphone."""

    by: ClassVar[CutBy] = "service"
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class CutByConnection:
    """The connection was lost."""

    by: ClassVar[CutBy] = "connection"


@dataclass(frozen=True, slots=True)
class CutOffAir:
    """The session lost the speaker to another one."""

    by: ClassVar[CutBy] = "off_air"


@dataclass(frozen=True, slots=True)
class CutByDevice:
    """The speaker was lost."""

    by: ClassVar[CutBy] = "device"


@dataclass(frozen=True, slots=True)
class CutByLink:
    """The link to the machine with the speaker was lost."""

    by: ClassVar[CutBy] = "link"


CutCause = (
    CutByVoice
    | CutByEcho
    | CutByNoise
    | CutByDetection
    | CutByCommand
    | CutByService
    | CutByConnection
    | CutOffAir
    | CutByDevice
    | CutByLink
)


def cause_of_stop(stopped: Mapping[str, Any], *, on_air: bool) -> CutCause:
    """Return the cause as far as the event `console.playback_stopped` tells it. on_air: the session
    had the speaker."""
    match get_str(stopped, "reason"):
        case reason if reason == STOP_BARGE_IN:
            return CutByDetection()
        case reason if reason == STOP_USER:
            return CutByCommand()
        case _:
            return CutByDevice() if on_air else CutOffAir()


def echo_of(event: Mapping[str, Any]) -> CutByEcho | None:
    """Return the resemblance that a `console.cut` or `console.speech` measured, if it is that of an
    echo. Another program may have written any number: what cannot be measured does not count."""
    coefficient, delay_ms = get_number(event, "echo"), get_int(event, "echo_delay_ms")
    if coefficient is None or delay_ms is None or delay_ms < 0:
        return None
    return CutByEcho(coefficient, delay_ms) if ECHO_FROM <= coefficient <= 1 else None


def measured_cause(cause: CutCause, cut: Mapping[str, Any]) -> CutCause:
    """Return the cause with what the event `console.cut` adds: why the service detected speech."""
    if not isinstance(cause, CutByDetection):
        return cause
    echo = echo_of(cut)
    if echo is not None:
        return echo
    level_dbfs, before_ms = get_number(cut, "mic_dbfs"), get_int(cut, "before_ms")
    if level_dbfs is None or level_dbfs > 0:
        return cause
    if cut.get("before_ms") is None:
        return CutByService(quiet=True)
    if before_ms is None or before_ms < 0:
        return cause
    if (get_int(cut, "voiced_ms") or 0) >= LEAST_VOICED_MS:
        return CutByVoice(level_dbfs, before_ms)
    return CutByNoise(level_dbfs) if before_ms >= LEAST_JUDGED_MS else cause


def cut_sentence(
    cause: CutCause, heard_ms: int | None, received_ms: int | None, *, command: str = COMMAND
) -> str:
    """Return how much of an answer was heard and why not the rest: `heard 2.1 of 6.8 s: you spoke
    at -24 dBFS, 220 ms before the cut`.

    command: how a front end says that the user silenced the agent.
    """
    why = _why(cause, command)
    if heard_ms is None:
        return f"cut: {why}"
    # What the service would still have sent is not known when the connection is lost.
    known = received_ms is not None and not isinstance(cause, CutByConnection)
    whole = f" of {_seconds(received_ms or 0)}" if known else ""
    return f"heard {_seconds(heard_ms)}{whole} s: {why}"


def cut_cure(cause: CutCause) -> str:
    """Return what helps against the cause, with the names of commands; empty where nothing is
    known to help."""
    return ECHO_CURE if isinstance(cause, CutByEcho) else ""


def cure_setting(cause: CutCause | None) -> str:
    """Return the key of the setting that the cure names; empty where there is none."""
    return _ECHO_SETTING if isinstance(cause, CutByEcho) else ""


def _why(cause: CutCause, command: str) -> str:
    match cause:
        case CutByVoice(level_dbfs, before_ms):
            return f"you spoke at {level_dbfs:.0f} dBFS, {before_ms} ms before the cut"
        case CutByEcho(coefficient, delay_ms):
            return f"likely its own echo, {coefficient:.2f} after {delay_ms} ms"
        case CutByNoise(level_dbfs):
            return f"the service, noise of {level_dbfs:.0f} dBFS and no voice at the microphone"
        case CutByDetection():
            return "the service detected speech"
        case CutByCommand():
            return command
        case CutByService(quiet):
            return f"the service{', no sound at the microphone' if quiet else ''}"
        case CutByConnection():
            return "the connection broke"
        case CutOffAir():
            return "the session went off air"
        case CutByDevice():
            return "the device was lost"
        case CutByLink():
            return "the sound link was lost"


def _seconds(ms: int) -> str:
    return f"{ms // 100 / 10:.1f}"
