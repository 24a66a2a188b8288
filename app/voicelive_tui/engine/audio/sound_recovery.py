"""Decides when a microphone or loudspeaker that was lost is opened again. Devices and time are
arguments.

Only a device is opened again, never a file, and only one that was open before: a session that
begins without a microphone goes on without it.
"""

from collections.abc import Sequence

from voicelive_tui.audio.error_texts import devices_back, devices_lost
from voicelive_tui.audio.ipc.messages import OpenRequest
from voicelive_tui.audio.ports.devices import Side, channels, choose
from voicelive_tui.model.session.snapshot import AudioStatus
from voicelive_tui.model.sound_devices import Device

LOOK_EVERY_S = 0.8
"""Seconds between two looks at the devices. A look takes 0.3 s and opening them as long, so that a
device is in use again within 2 s of its return."""
_LONGEST_PAUSE_S = 30.0
_HELD_S = 10.0
"""Seconds after which devices that were opened again count as working."""


class SoundRecovery:
    """The lost devices of the ports that are open, or were."""

    def __init__(self) -> None:
        self._request = OpenRequest("none", "none")
        self.missing = ""
        """A sentence for the status if a file was opened in place of a missing microphone."""
        self._names: dict[Side, str] = {}
        """The name of each side's device when it was last open."""
        self._lost: tuple[Side, ...] = ()
        self._waits_for_pause = False
        self._reopened_s: float | None = None
        self._tries = 0
        """How often devices were opened again and did not hold."""

    @property
    def request(self) -> OpenRequest:
        """The ports to open again."""
        return self._request

    @property
    def pause_s(self) -> float | None:
        """Seconds to wait before the next look at the devices; None while there is nothing to look
        for. The second attempt that does not hold and each further one double the pause."""
        if not self._lost or self._speaker_is_file:
            return None
        return float(min(LOOK_EVERY_S * 2 ** min(max(0, self._tries - 1), 10), _LONGEST_PAUSE_S))

    @property
    def problem(self) -> str:
        """A sentence for the status as long as a device is lost; else empty."""
        if not self._lost:
            return ""
        names = [(side, self._names[side]) for side in self._lost]
        return devices_lost(names, opens_again=not self._speaker_is_file)

    @property
    def _speaker_is_file(self) -> bool:
        """Whether the speaker is a file, which would be begun anew if the ports were opened
        again."""
        return self._request.output.startswith("wav:")

    def begin(self, request: OpenRequest, status: AudioStatus) -> None:
        """Note that a session's ports were opened, with what is missing from the start."""
        self._request = request
        self.missing = status.problem if status.input_is_file else ""
        self._names, self._lost = _open_names(request, status), ()
        self._waits_for_pause, self._reopened_s, self._tries = False, None, 0

    def follow(self, status: AudioStatus, now_s: float) -> str:
        """Note which ports are open now. Returns a sentence if lost devices are back; else an empty
        one."""
        names = _open_names(self._request, status)
        lost = tuple(side for side in self._names if side not in names)
        if set(lost) - set(self._lost) and self._held(now_s):
            self._tries = 0
        back = [(side, names[side]) for side in self._lost if side in names]
        self._names.update(names)
        self._lost = lost
        return devices_back(back) if back else ""

    def reopening(self, now_s: float) -> None:
        """Note that the ports are opened again."""
        self._reopened_s = now_s
        self._tries += 1

    def may_reopen(self, devices: Sequence[Device], *, quiet: bool) -> bool:
        """Whether the ports are to be opened again now that these devices are present. While sound
        would be cut off, the first look that finds a lost device only waits for a pause.

        quiet: nobody speaks.
        """
        found = any(self._is_present(side, devices) for side in self._lost)
        may = found and (quiet or self._waits_for_pause)
        self._waits_for_pause = found and not may
        return may

    def _is_present(self, side: Side, devices: Sequence[Device]) -> bool:
        """Whether the device that the session wants is there, or the one that it had instead; for
        the default device any will do."""
        wanted = _wanted_name(self._request, side)
        choice = choose(devices, wanted or "", side)
        had = any(device.name == self._names[side] for device in devices if channels(device, side))
        return had or (choice is not None and choice.exact)

    def _held(self, now_s: float) -> bool:
        return self._reopened_s is None or now_s - self._reopened_s > _HELD_S


def _open_names(request: OpenRequest, status: AudioStatus) -> dict[Side, str]:
    """The names of the devices that are open, by side."""
    names: dict[Side, str] = {
        "microphone": status.input_name,
        "loudspeaker": status.output_name,
    }
    return {
        side: name
        for side, name in names.items()
        if name and _wanted_name(request, side) is not None
    }


def _wanted_name(request: OpenRequest, side: Side) -> str | None:
    """The name of the wanted device, empty for the default one; None if no device is wanted."""
    spec = request.input if side == "microphone" else request.output
    kind, _, name = spec.partition(":")
    return name if kind == "device" else None
