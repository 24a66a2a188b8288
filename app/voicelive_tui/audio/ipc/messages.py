"""The messages of the audio engine. Every `at_s` is a time of `time.perf_counter()`, which all
processes of a machine share."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """Open these ports.

    input, output: `device` (the default one), `device:NAME`, `wav:PATH` (as input a sound file of
    any format), `null` (as input silence in real time; as output the audio is discarded) or `none`
    (no port at all). file_waits: a sound file as input is not played before `SpeakFileRequest`.
    """

    input: str = "device"
    output: str = "device"
    file_waits: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """The ports that are open. A problem is one sentence with the cure, and that side has no audio
    then.

    unfinished_path: for a file as loudspeaker, the file that holds its audio until the port is
    closed.
    """

    input_name: str
    output_name: str
    input_rate_hz: int
    output_rate_hz: int
    input_problem: str = ""
    output_problem: str = ""
    unfinished_path: str = ""


@dataclass(frozen=True, slots=True)
class Levels:
    """The levels of the last 40 ms in dBFS, -inf for digital silence.

    full_scale: the longest run of full-scale samples. Those of the microphone come without a pause,
    with a `MicBlock` or alone; those of the agent come while it speaks and end with silence.
    """

    source: Literal["mic", "agent"]
    peak_dbfs: float
    rms_dbfs: float
    full_scale: int


@dataclass(frozen=True, slots=True)
class MicBlock:
    """20 ms of microphone audio in the session's input format.

    sequence: counts every block captured, so a gap in it is a loss. captured_at_s: when the block's
    last frame was heard. levels: the reports that became complete with this block.
    """

    sequence: int
    captured_at_s: float
    audio: bytes
    levels: tuple[Levels, ...] = ()


@dataclass(frozen=True, slots=True)
class EchoMatch:
    """An echo of the speaker at the microphone. coefficient: how much the microphone's audio
    resembles the speaker's of `delay_ms` earlier, from 0 to 1."""

    coefficient: float
    delay_ms: int


@dataclass(frozen=True, slots=True)
class MicSpeech:
    """Speech at the microphone began or ended at `at_s`, as this machine hears what is sent.

    level_dbfs: the loudest 20 ms of it so far. echo: for a beginning while something plays, as far
    as it was measured.
    """

    on: bool
    at_s: float
    level_dbfs: float
    echo: EchoMatch | None = None


@dataclass(frozen=True, slots=True)
class MicSound:
    """A sound that stands out of the room's noise. before_ms: from its beginning to the moment of
    the measurement. voiced_ms: how much of it was voiced."""

    before_ms: int
    voiced_ms: int


@dataclass(frozen=True, slots=True)
class CutEvidence:
    """Measurements of the microphone at the moment when an answer was cut.

    loudest_dbfs: the loudest 20 ms of the last 500 ms. sound: the last sound that stands out of the
    room's noise, None for a quiet room. echo: None if it could not be measured.
    """

    loudest_dbfs: float
    sound: MicSound | None
    echo: EchoMatch | None


@dataclass(frozen=True, slots=True)
class PlaybackStarted:
    """The first sample of this part left the speaker at `at_s`."""

    item_id: str
    content_index: int
    at_s: float


@dataclass(frozen=True, slots=True)
class PlayedPart:
    """The heard length of one content part. received_ms: the length of all audio of the part that
    was to be played."""

    item_id: str
    content_index: int
    played_ms: int
    received_ms: int


@dataclass(frozen=True, slots=True)
class Flushed:
    """The answer to a flush: every part that was playing or waiting, in order.

    It also comes without a flush, with the current epoch, when the speaker or the audio process is
    lost while something plays. evidence: what was at the microphone, if that was measured because
    something was cut. asked_at_s: when the audio process took the request; None without a request.
    """

    epoch: int
    parts: tuple[PlayedPart, ...]
    at_s: float
    evidence: CutEvidence | None = None
    asked_at_s: float | None = None


@dataclass(frozen=True, slots=True)
class Drained:
    """A part was played to its end."""

    part: PlayedPart
    at_s: float


@dataclass(frozen=True, slots=True)
class Underrun:
    """The speaker had nothing to play in the middle of a part.

    gap_ms: the length of the silence. at_ms: the milliseconds of the part that had been played
    before it, exact to the sample.
    """

    item_id: str
    content_index: int
    gap_ms: int
    at_ms: float
    at_s: float


@dataclass(frozen=True, slots=True)
class InputEnded:
    """The sound file in place of the microphone was played to its end; silence follows."""

    at_s: float


@dataclass(frozen=True, slots=True)
class DeviceNotice:
    """A device went away, is silent, or was replaced.

    text: one sentence with the cure. lost: the side that has no audio until the next `open`.
    """

    level: Literal["warning", "error"]
    text: str
    lost: Literal["nothing", "microphone", "loudspeaker", "both"] = "nothing"


@dataclass(frozen=True, slots=True)
class MutedThere:
    """The microphone was muted at the machine that has it, whatever the console asks for, or no
    longer. Comes over a link only."""

    on: bool


@dataclass(frozen=True, slots=True)
class PlayoutReport:
    """How much audio of an epoch has left the queue of the speaker, whether heard or discarded.

    Comes about every 40 ms while something plays, over a link only. left_ms: milliseconds since the
    epoch began.
    """

    epoch: int
    left_ms: int


@dataclass(frozen=True, slots=True)
class Pong:
    """The answer to a `PingRequest`. sent_s: the time in the request. received_s, answered_s: times
    of the machine that answers, by its own clock."""

    sent_s: float
    received_s: float
    answered_s: float


@dataclass(frozen=True, slots=True)
class Welcome:
    """The first answer over a link. refusal: why the peer gets no sound, one sentence with the
    cure; else empty. machine, version: the name of the machine and the version of this program
    there."""

    machine: str
    version: str
    refusal: str = ""


AudioMessage = (
    Opened
    | MicBlock
    | Levels
    | MicSpeech
    | PlaybackStarted
    | Flushed
    | Drained
    | Underrun
    | InputEnded
    | DeviceNotice
    | MutedThere
    | PlayoutReport
    | Pong
    | Welcome
)
