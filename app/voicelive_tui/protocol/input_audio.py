"""The user's audio on its way to the service: blocks of the microphone, and silence in place of a
lost one."""

import base64

from voicelive_tui.model.formats import BLOCK_MS
from voicelive_tui.protocol import notices
from voicelive_tui.protocol.commands import Command, SendAudio, Sender
from voicelive_tui.protocol.configuration import Configuration
from voicelive_tui.protocol.silence_fill import SilenceFill


class InputAudio:
    """Decides what audio is sent. Times are in seconds, on the caller's clock."""

    def __init__(self, settings: Configuration, send: Sender) -> None:
        self._settings = settings
        self._send = send
        self._silence = SilenceFill()
        self._turn_bytes = 0
        self.talking = False
        """Whether a manual turn is open."""

    @property
    def turn_empty(self) -> bool:
        """Whether no audio was sent since the manual turn was opened."""
        return not self._turn_bytes

    def open_turn(self) -> None:
        """Open a manual turn."""
        self.talking, self._turn_bytes = True, 0

    def close_turn(self) -> None:
        """Close the manual turn if one is open."""
        self.talking = False

    def follow(self, user_speaking: bool, now: float) -> None:
        """Note whether the service hears the user, whose turn silence must end if the microphone is
        lost."""
        self._silence.follow(user_speaking and not self._settings.manual, now)

    def microphone(
        self, audio: bytes, now: float, captured_at_s: float | None
    ) -> tuple[SendAudio, ...]:
        """Send a block of the microphone. Returns nothing while the turn is closed or the service
        does not accept audio yet."""
        self._silence.mic_active(now)
        return self._append(audio, captured_at_s)

    @property
    def due_s(self) -> float | None:
        """When `tick` has something to do; None while nothing is due."""
        return self._silence.due_s

    def tick(self, now: float) -> tuple[Command, ...]:
        """Send silence in place of a lost microphone, with a notice before the first block."""
        announced = self._silence.filling
        blocks, fmt = self._silence.tick(now), self._settings.input_format
        if not blocks or fmt is None:
            return ()
        block = fmt.silence(BLOCK_MS)
        sends = [send for _ in range(blocks) for send in self._append(block, None)]
        return (*(() if announced else (notices.SILENCE_SENT,)), *sends)

    def _append(self, audio: bytes, captured_at_s: float | None) -> tuple[SendAudio, ...]:
        settings = self._settings
        closed = settings.manual and not self.talking
        if not settings.ready or settings.input_format is None or closed:
            return ()
        self._turn_bytes += len(audio)
        encoded = base64.b64encode(audio).decode("ascii")
        send = self._send("input_audio_buffer.append", audio=encoded)
        return (SendAudio(send.event, audio, captured_at_s),)
