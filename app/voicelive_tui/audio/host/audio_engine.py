"""AudioEngine: one microphone and one speaker, each with its port and its worker. What the audio
process runs.

Its methods are called from one thread; `post` is called from any.
"""

import os
import threading
from collections.abc import Callable

from voicelive_tui.audio.error_texts import SAME_FILE
from voicelive_tui.audio.host.capture import Capture
from voicelive_tui.audio.host.speaker import Speaker
from voicelive_tui.audio.ipc.messages import (
    AudioMessage,
    DeviceNotice,
    Opened,
    OpenRequest,
)
from voicelive_tui.audio.ports.port import InputPort, OutputPort, PortError
from voicelive_tui.audio.ports.virtual import NullInput, PacedOutput, WavInput, WavOutput
from voicelive_tui.model.formats import WireFormat

_DEFAULT = WireFormat()


class AudioEngine:
    """Opens ports once, then plays and captures until it is closed."""

    def __init__(self, post: Callable[[AudioMessage], None]) -> None:
        self._post = post
        self._input_format = _DEFAULT
        self._output_format = _DEFAULT
        self._capture: Capture | None = None
        self._speaker = Speaker(None, _DEFAULT, post)
        self._epoch = 0
        self._playing = threading.Lock()
        """Held while parts change hands: a lost speaker is noticed on a thread of its own."""
        self._closing = threading.Event()

    def open(self, request: OpenRequest) -> Opened:
        """Open both ports. A side that cannot be opened is named in `Opened` with the cure and
        stays without sound.

        The loudspeaker comes last: its file is begun when all that may take time or fail is done.
        """
        same = same_file(request.input, request.output)
        source, input_problem = self._open_input(request.input)
        output, output_problem = (None, SAME_FILE) if same else self._open_output(request.output)
        return Opened(
            source.name if source else "",
            output.name if output else "",
            source.rate_hz if source else 0,
            output.rate_hz if output else 0,
            input_problem,
            output_problem,
            output.unfinished_path if output else "",
        )

    def _open_output(self, spec: str) -> tuple[OutputPort | None, str]:
        try:
            port = output_port(spec, self._output_format.rate_hz, self._notice)
            speaker = Speaker(port, self._output_format, self._post)
            speaker.start(lambda text: self._output_failed(speaker, text))
        except PortError as error:
            return None, str(error)
        self._speaker = speaker
        return port, ""

    def _open_input(self, spec: str) -> tuple[InputPort | None, str]:
        try:
            port = input_port(spec, self._input_format.rate_hz, self._notice)
            if port is None:
                return None, ""
            capture = Capture(port, self._input_format, self._post)
            capture.start(self._input_failed)
        except PortError as error:
            return None, str(error)
        self._capture = capture
        return port, ""

    def set_formats(self, input_format: WireFormat, output_format: WireFormat) -> None:
        """What blocks are in, and what `play` gets, from now on."""
        self._input_format, self._output_format = input_format, output_format
        self._speaker.set_format(output_format)
        if self._capture is not None:
            self._capture.set_format(input_format)

    def play(self, epoch: int, item_id: str, content_index: int, audio: bytes) -> None:
        """Queue sound of one content part; sound of an earlier epoch is dropped."""
        with self._playing:
            if epoch >= self._epoch:
                self._speaker.play(item_id, content_index, audio)

    def end(self, epoch: int, item_id: str, content_index: int) -> None:
        """The part is complete."""
        with self._playing:
            if epoch >= self._epoch:
                self._speaker.end(item_id, content_index)

    def flush(self, epoch: int) -> None:
        """Silence at once; `Flushed` says what was heard."""
        with self._playing:
            self._epoch = epoch
            self._speaker.flush(epoch)

    def mute(self, on: bool) -> None:
        """Send zeros instead of the microphone; its levels are still measured."""
        if self._capture is not None:
            self._capture.mute(on)

    def listen(self, on: bool) -> None:
        """Send blocks, or only levels."""
        if self._capture is not None:
            self._capture.listen(on)

    def speak_file(self) -> None:
        """Rewind the sound file that stands for the microphone."""
        if self._capture is not None:
            self._capture.rewind()

    def close(self) -> None:
        """Close both ports, first the loudspeaker: a microphone that hangs must not keep a file
        from becoming whole."""
        self._closing.set()
        self._speaker.close()
        if self._capture is not None:
            self._capture.close()

    def _notice(self, text: str) -> None:
        self._post(DeviceNotice("warning", text))

    def _input_failed(self, text: str) -> None:
        if not self._closing.is_set():
            self._post(DeviceNotice("error", text, "microphone"))

    def _output_failed(self, speaker: Speaker, text: str) -> None:
        if not self._closing.is_set():
            self._post(DeviceNotice("error", text, "loudspeaker"))
            threading.Thread(
                target=self._detach_port, args=(speaker,), name="lose-speaker", daemon=True
            ).start()

    def _detach_port(self, speaker: Speaker) -> None:
        with self._playing:
            speaker.detach_port()


def same_file(input_spec: str, output_spec: str) -> bool:
    """Whether one file is microphone and loudspeaker, by whatever names."""
    (input_kind, _, source), (output_kind, _, sink) = (
        input_spec.partition(":"),
        output_spec.partition(":"),
    )
    try:
        return input_kind == output_kind == "wav" and os.path.samefile(source, sink)
    except OSError:
        return False


def input_port(spec: str, rate_hz: int, notice: Callable[[str], None]) -> InputPort | None:
    """The port of an `OpenRequest.input`, None for `none`. PortError with the cure."""
    kind, _, argument = spec.partition(":")
    match kind:
        case "none":
            return None
        case "null":
            return NullInput(rate_hz)
        case "wav":
            return WavInput(argument, notice)
        case "device":
            from voicelive_tui.audio.ports.portaudio import DeviceInput

            return DeviceInput(argument, rate_hz, notice)
    raise PortError(f"{spec!r} is no microphone: use device, device:NAME, wav:PATH, null or none.")


def output_port(spec: str, rate_hz: int, notice: Callable[[str], None]) -> OutputPort | None:
    """The port of an `OpenRequest.output`, None for `none`. PortError with the cure."""
    kind, _, argument = spec.partition(":")
    match kind:
        case "none":
            return None
        case "null":
            return PacedOutput(rate_hz)
        case "wav":
            return WavOutput(argument, rate_hz)
        case "device":
            from voicelive_tui.audio.ports.portaudio import DeviceOutput

            return DeviceOutput(argument, rate_hz, notice)
    raise PortError(f"{spec!r} is no loudspeaker: use device, device:NAME, wav:PATH, null or none.")
