"""The audio engine of the audio process: one microphone and one speaker, each with its port.

Invariant: one thread handles requests. Another one detaches a lost speaker, because the thread on
which a port fails must not wait until that port has stopped.
"""

import os
import threading
from collections.abc import Callable

from voicelive_tui.audio.error_texts import NO_FILES, SAME_FILE
from voicelive_tui.audio.host.capture import Capture
from voicelive_tui.audio.host.evidence import Evidence
from voicelive_tui.audio.host.speaker import Speaker
from voicelive_tui.audio.host.speech_reports import SpeechReports
from voicelive_tui.audio.ipc.messages import (
    AudioMessage,
    CutEvidence,
    DeviceNotice,
    Opened,
    OpenRequest,
)
from voicelive_tui.audio.ipc.requests import (
    AudioRequest,
    EndRequest,
    FlushRequest,
    ListDevicesRequest,
    ListenRequest,
    MuteRequest,
    PlayRequest,
    SetFormatsRequest,
    SpeakFileRequest,
)
from voicelive_tui.audio.ports.port import InputPort, OutputPort, PortError
from voicelive_tui.audio.ports.virtual import NullInput, PacedOutput, WavInput, WavOutput
from voicelive_tui.audio.ports.watchdog import Watchdog
from voicelive_tui.model.formats import AudioFormat
from voicelive_tui.model.sound_devices import Devices

_DEFAULT = AudioFormat()


class AudioEngine:
    """Opens ports once, then plays and captures until it is closed.

    post: called with every message, from any thread. over_link: serve a console on another machine,
    which gets no files and a report of how much was played. on_microphone: called when a microphone
    was opened; it stays open until the end.
    """

    def __init__(
        self,
        post: Callable[[AudioMessage | Devices], None],
        *,
        over_link: bool = False,
        on_microphone: Callable[[], None] = lambda: None,
    ) -> None:
        self._post = post
        self._over_link = over_link
        self._on_microphone = on_microphone
        self._input_format = _DEFAULT
        self._output_format = _DEFAULT
        self._capture: Capture | None = None
        self._capture_lock = threading.Lock()
        """Guards `_capture` and `_muted_here` between the threads that take requests and that
        mute."""
        self._muted_here = False
        self._speaker = Speaker(None, _DEFAULT, post, over_link=over_link)
        self._speech: SpeechReports | None = None
        self._evidence: Evidence | None = None
        self._epoch = 0
        self._watchdog = Watchdog()
        self._closing = threading.Event()

    def handle(self, request: AudioRequest, taken_s: float | None = None) -> None:
        """Carry out a request, and post its answer if it has one. Raises TooFarAhead over a link.

        taken_s: when the request was taken from the socket.
        """
        match request:
            case PlayRequest(epoch, item_id, content_index, audio):
                if epoch >= self._epoch:
                    self._speaker.play(item_id, content_index, audio, epoch)
            case EndRequest(epoch, item_id, content_index):
                if epoch >= self._epoch:
                    self._speaker.end(item_id, content_index)
            case FlushRequest(epoch):
                self._epoch = epoch
                if self._speech is not None:
                    self._speech.settle()
                self._speaker.flush(epoch, taken_s)
            case MuteRequest() | ListenRequest() | SpeakFileRequest():
                if self._capture is not None:
                    self._capture.handle(request)
            case SetFormatsRequest(input_format, output_format):
                self._set_formats(input_format, output_format)
            case OpenRequest():
                self._post(self._open(request))
            case ListDevicesRequest():
                from voicelive_tui.audio.ports.portaudio import list_devices

                self._post(list_devices())

    def mute_here(self, on: bool) -> None:
        """Mute the microphone, whatever is requested, or no longer. Any thread may call this."""
        with self._capture_lock:
            self._muted_here = on
            if self._capture is not None:
                self._capture.mute_here(on)

    def _open(self, request: OpenRequest) -> Opened:
        """Open both ports. A side that cannot be opened is reported in `Opened` with the cure and
        has no audio.

        The loudspeaker is opened last, so that its file is begun only when everything that may take
        time or fail is done.
        """
        same = not self._over_link and same_file(request.input, request.output)
        source, input_problem = self._open_input(request)
        output, output_problem = (None, SAME_FILE) if same else self._open_output(request.output)
        if self._capture is not None:
            self._evidence = Evidence(self._capture.history, self._speaker.history)
            self._speech = SpeechReports(self._post, self._is_playing, self._evidence)
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
            self._check_spec(spec)
            port = output_port(spec, self._output_format.rate_hz, self._notice, self._watchdog)
            speaker = Speaker(
                port,
                self._output_format,
                self._post,
                measure_cut=self._measure_cut,
                over_link=self._over_link,
            )
            speaker.start(lambda text: self._output_failed(speaker, text))
        except PortError as error:
            return None, str(error)
        self._speaker = speaker
        return port, ""

    def _open_input(self, request: OpenRequest) -> tuple[InputPort | None, str]:
        try:
            self._check_spec(request.input)
            port = input_port(
                request.input, self._input_format.rate_hz, self._notice, self._watchdog
            )
            if port is None:
                return None, ""
            if request.file_waits:
                port.skip()
            capture = Capture(port, self._input_format, self._captured)
            self._keep(capture)
            capture.start(self._input_failed)
        except PortError as error:
            self._keep(None)
            return None, str(error)
        if port.is_device:
            self._on_microphone()
        return port, ""

    def _keep(self, capture: Capture | None) -> None:
        with self._capture_lock:
            self._capture = capture
            if capture is not None:
                capture.mute_here(self._muted_here)

    def _check_spec(self, spec: str) -> None:
        if self._over_link and spec.startswith("wav:"):
            raise PortError(NO_FILES)

    def _captured(self, message: AudioMessage) -> None:
        """Pass on what the microphone reports. Called by the port's thread."""
        if self._speech is None:
            self._post(message)
        else:
            self._speech.put(message)

    def _measure_cut(self, at_s: float) -> CutEvidence | None:
        return None if self._evidence is None else self._evidence.at_cut(at_s)

    def _set_formats(self, input_format: AudioFormat, output_format: AudioFormat) -> None:
        self._input_format, self._output_format = input_format, output_format
        self._speaker.set_format(output_format)
        if self._capture is not None:
            self._capture.set_format(input_format)

    def close(self) -> None:
        """Close both ports, the loudspeaker first, because a microphone that hangs must not leave
        its file incomplete."""
        self._closing.set()
        self._watchdog.close()
        if self._speech is not None:
            self._speech.close()
        self._speaker.close()
        if self._capture is not None:
            self._capture.close()

    def _is_playing(self) -> bool:
        return self._speaker.plays

    def _notice(self, text: str) -> None:
        self._post(DeviceNotice("warning", text))

    def _input_failed(self, text: str) -> None:
        if not self._closing.is_set():
            self._post(DeviceNotice("error", text, "microphone"))

    def _output_failed(self, speaker: Speaker, text: str) -> None:
        if not self._closing.is_set():
            self._post(DeviceNotice("error", text, "loudspeaker"))
            threading.Thread(target=speaker.detach_port, name="lose-speaker", daemon=True).start()


def same_file(input_spec: str, output_spec: str) -> bool:
    """Whether microphone and loudspeaker are the same file, even under different names."""
    (input_kind, _, source), (output_kind, _, sink) = (
        input_spec.partition(":"),
        output_spec.partition(":"),
    )
    try:
        return input_kind == output_kind == "wav" and os.path.samefile(source, sink)
    except OSError:
        return False


def input_port(
    spec: str, rate_hz: int, notice: Callable[[str], None], watchdog: Watchdog
) -> InputPort | None:
    """The port for an `OpenRequest.input`; None for `none`. Raises PortError with the cure."""
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

            return DeviceInput(argument, rate_hz, notice, watchdog)
    raise PortError(f"{spec!r} is no microphone: use device, device:NAME, wav:PATH, null or none.")


def output_port(
    spec: str, rate_hz: int, notice: Callable[[str], None], watchdog: Watchdog
) -> OutputPort | None:
    """The port for an `OpenRequest.output`; None for `none`. Raises PortError with the cure."""
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

            return DeviceOutput(argument, rate_hz, notice, watchdog)
    raise PortError(f"{spec!r} is no loudspeaker: use device, device:NAME, wav:PATH, null or none.")
