"""Devices through PortAudio: the only module that touches sounddevice, which has no types.

The callbacks copy, compute and send without waiting, because any wait in them would delay the
audio.
"""

import sys
import time
from collections.abc import Callable
from typing import Any

from voicelive_tui.audio.error_texts import (
    NO_INPUT,
    NO_OUTPUT,
    NO_PORTAUDIO,
    device_refused,
    device_replaced,
)
from voicelive_tui.audio.ports.deadline import STOP_WITHIN_S, deadline
from voicelive_tui.audio.ports.devices import BEST_WINDOWS_API, Side, choose
from voicelive_tui.audio.ports.port import (
    Captured,
    Fail,
    InputPort,
    OutputPort,
    PortError,
    Pull,
    Sink,
)
from voicelive_tui.audio.ports.watchdog import StreamWatch, Watchdog
from voicelive_tui.model.sound_devices import Device, Devices

OUTPUT_LATENCY_S = 0.05
"""With this latency it takes 74 ms from the queue to the ear (0.06: 89 ms, 0.04: 59 ms and gaps on
a busy machine); see tests/bench/audio.py."""
_SESSION_HZ = 24_000


def _sounddevice() -> Any:
    try:
        import sounddevice
    # OSError: the wheel for Linux does not include PortAudio
    except (OSError, ImportError) as error:
        raise PortError(NO_PORTAUDIO) from error
    return sounddevice


def _devices(sd: Any) -> tuple[Device, ...]:
    apis = sd.query_hostapis()
    defaults = [sd.default.device[0], sd.default.device[1]]
    for api in apis:
        if sys.platform == "win32" and api["name"] == BEST_WINDOWS_API:
            defaults = [api["default_input_device"], api["default_output_device"]]
    return tuple(
        Device(
            str(each["name"]),
            str(apis[each["hostapi"]]["name"]),
            int(each["max_input_channels"]),
            int(each["max_output_channels"]),
            int(each["default_samplerate"]),
            index == defaults[0],
            index == defaults[1],
        )
        for index, each in enumerate(sd.query_devices())
    )


def list_devices() -> Devices:
    """List the devices that are present now, in PortAudio's order."""
    try:
        return Devices(_devices(_sounddevice()))
    except PortError as error:
        return Devices(problem=str(error))


def _open_stream(
    kind: str, device: Device, index: int, rates: list[int], **settings: Any
) -> tuple[Any, int]:
    """Open a stream without starting it, and return it with its rate: the first of `rates` that the
    device accepts. Raises the sounddevice.PortAudioError of the last rate."""
    sd = _sounddevice()
    if device.host_api == BEST_WINDOWS_API:
        settings["extra_settings"] = sd.WasapiSettings(auto_convert=True)
    while True:
        rate_hz = rates.pop(0)
        try:
            stream = getattr(sd, kind)(
                samplerate=rate_hz, blocksize=settings["block"](rate_hz), device=index,
                channels=1, dtype="int16",
                **{name: value for name, value in settings.items() if name != "block"},
            )  # fmt: skip
        except sd.PortAudioError:
            if not rates:
                raise
        else:
            return stream, rate_hz


def _reason(error: Exception) -> str:
    text = str(error.args[0]) if error.args else type(error).__name__
    return text.split(": ", 1)[-1].split(" [PaErrorCode", 1)[0]


class _DevicePort:
    """The common part of input and output: choosing the device, opening its stream, closing it."""

    is_device = True

    def __init__(
        self,
        side: Side,
        wanted: str,
        rate_hz: int,
        notice: Callable[[str], None],
        watchdog: Watchdog,
    ) -> None:
        devices = _devices(_sounddevice())
        choice = choose(devices, wanted, side)
        if choice is None:
            raise PortError(NO_INPUT if side == "microphone" else NO_OUTPUT)
        self._side = side
        self._index = choice.index
        self._device = devices[choice.index]
        self.name = self._device.name
        if not choice.exact:
            notice(device_replaced(side, wanted, self.name))
        self._rates = list(dict.fromkeys((rate_hz, _SESSION_HZ, self._device.default_rate_hz)))
        self._stream: Any = None
        self._watchdog = watchdog
        self._watch: StreamWatch | None = None

    def _open(
        self, kind: str, latency: float | str, block: Callable[[int], int], callback: Any
    ) -> int:
        sd = _sounddevice()
        try:
            self._stream, rate_hz = _open_stream(
                kind, self._device, self._index, list(self._rates),
                block=block, latency=latency, callback=callback, finished_callback=self._finished,
            )  # fmt: skip
        except (sd.PortAudioError, ValueError) as error:
            raise PortError(device_refused(self._side, self.name, _reason(error))) from error
        return rate_hz

    def _begin(self, fail: Fail) -> None:
        sd = _sounddevice()
        self._watch = StreamWatch(self._side, self.name, fail)
        try:
            self._stream.start()
        except sd.PortAudioError as error:
            self._watch.close()
            raise PortError(device_refused(self._side, self.name, _reason(error))) from error
        self._watch.expect(True)
        self._watchdog.watch(self._watch)

    def _finished(self) -> None:
        if self._watch is not None:
            self._watch.finished()

    def close(self) -> None:
        """Stop the stream and release the device."""
        if self._watch is not None:
            self._watch.close()
        self._stream.abort(ignore_errors=True)
        self._stream.close(ignore_errors=True)


class DeviceInput(_DevicePort, InputPort):
    """A microphone that delivers pieces of 10 ms.

    Larger ones would cost less and come later: in PulseAudio the last frame of a block waits for
    the end of the piece that it is in (measurements.md 5).
    """

    def __init__(
        self, wanted: str, rate_hz: int, notice: Callable[[str], None], watchdog: Watchdog
    ) -> None:
        super().__init__("microphone", wanted, rate_hz, notice, watchdog)
        self.rate_hz = self._open("RawInputStream", "low", lambda rate: rate // 100, self._callback)

    def start(self, sink: Sink, fail: Fail) -> None:
        self._sink = sink
        self._begin(fail)

    def _callback(self, data: Any, frames: int, times: Any, status: Any) -> None:
        now_s = time.perf_counter()
        if self._watch is not None:
            self._watch.called(now_s)
        # Some host APIs leave the times at 0. Then the last frame counts as heard just now.
        behind_s = (
            times.currentTime - times.inputBufferAdcTime
            if times.inputBufferAdcTime
            else frames / self.rate_hz
        )
        end_s = min(now_s, now_s - behind_s + frames / self.rate_hz)
        self._sink(Captured(bytes(data), end_s, bool(status.input_overflow)))


class DeviceOutput(_DevicePort, OutputPort):
    """A loudspeaker. `silence` aborts the stream, which is silent within 3 ms whatever its buffers
    hold.

    A device that goes away while its stream rests is noticed at the next sound to play, because
    PortAudio says nothing about a stopped stream: the start then fails, or it hangs (in ALSA), in
    which case the deadline ends the process and the console starts another one.
    """

    def __init__(
        self, wanted: str, rate_hz: int, notice: Callable[[str], None], watchdog: Watchdog
    ) -> None:
        super().__init__("loudspeaker", wanted, rate_hz, notice, watchdog)
        # PortAudio chooses the size of its blocks (0): larger ones would wake the process less
        # often, but what was heard at an interruption is known only to within one of them.
        self.rate_hz = self._open(
            "RawOutputStream", OUTPUT_LATENCY_S, lambda rate: 0, self._callback
        )

    def start(self, pull: Pull, fail: Fail) -> None:
        self._pull = pull
        self._begin(fail)

    def _callback(self, data: Any, frames: int, times: Any, status: Any) -> None:
        now_s = time.perf_counter()
        if self._watch is not None:
            self._watch.called(now_s)
        ahead_s = (
            times.outputBufferDacTime - times.currentTime
            if times.outputBufferDacTime
            else self._stream.latency
        )
        self._pull(memoryview(data), now_s + ahead_s, bool(status.output_underflow))

    def silence(self) -> float:
        if (
            sys.platform == "darwin"
        ):  # PortAudio 19.7 can deadlock in abort there, so the device plays what it has
            return time.perf_counter() + float(self._stream.latency)
        self._abort()
        return time.perf_counter()

    def rest(self) -> bool:
        if sys.platform == "darwin":  # for the reason given in `silence`
            return False
        with deadline(STOP_WITHIN_S):
            self._abort()
        return True

    def _abort(self) -> None:
        assert self._watch is not None
        self._watch.expect(False)
        self._stream.abort(ignore_errors=True)

    def resume(self) -> None:
        if sys.platform == "darwin":
            return
        assert self._watch is not None
        try:
            with deadline(STOP_WITHIN_S):
                self._stream.start()
        except _sounddevice().PortAudioError:
            self._watch.expect(True)
            self._watch.finished()
        else:
            self._watch.expect(True)
