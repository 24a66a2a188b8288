"""The user's audio on its way to the service: blocks of the microphone, silence in place of a lost
one, and recorded speech that is sent once more."""

import base64

from voicelive_tui.model.formats import BLOCK_MS, AudioFormat
from voicelive_tui.protocol import notices
from voicelive_tui.protocol.commands import Command, ConvertSpeech, SendAudio, Sender
from voicelive_tui.protocol.configuration import Configuration
from voicelive_tui.protocol.repeated_speech import RepeatedSpeech
from voicelive_tui.protocol.silence_fill import SilenceFill


class InputAudio:
    """Decides what audio is sent. Times are in seconds, on the caller's clock."""

    def __init__(self, settings: Configuration, send: Sender) -> None:
        self._settings = settings
        self._send = send
        self._silence = SilenceFill()
        self._repeated = RepeatedSpeech()
        self._repeated_format = AudioFormat()
        self._converting = False
        """Whether the recorded speech is being converted, after which it is sent."""
        self._user_speaking = False
        self._turn_bytes = 0
        self.talking = False
        """Whether a manual turn is open."""
        self.turn_spoken = False
        """Whether the manual turn holds all of the recorded speech, so that it is to be
        committed."""

    @property
    def turn_empty(self) -> bool:
        """Whether no audio was sent since the manual turn was opened."""
        return not self._turn_bytes

    def open_turn(self) -> None:
        """Open a manual turn."""
        self.talking, self._turn_bytes = True, 0

    def close_turn(self) -> None:
        """Close the manual turn if one is open."""
        self.talking = self.turn_spoken = False
        if self._settings.manual:
            self._repeated.stop()
            self._converting = False

    def repeat(self, audio: bytes, audio_format: AudioFormat) -> None:
        """Send this speech in place of the microphone, as soon as the service accepts audio."""
        self._repeated.put(audio, audio_format)
        self._repeated_format = audio_format

    def begin_repeating(self, now: float) -> tuple[Command, ...]:
        """Begin with the speech that waits to be repeated, if the service accepts audio by now:
        with its conversion if the session has another format. In a session without turn detection
        it is a manual turn."""
        wanted = self._settings.input_format
        if not self._repeated.waiting or not self._settings.ready:
            return ()
        if wanted is None:
            self._repeated.stop()
            return (notices.CANNOT_REPEAT,)
        if wanted != self._repeated_format:
            self._converting = True
            return (ConvertSpeech(self._repeated.take(), self._repeated_format, wanted),)
        if self._settings.manual:
            self.open_turn()
        self._repeated.begin(now, silence=not self._settings.manual)
        return ()

    def converted(
        self, audio: bytes | None, audio_format: AudioFormat, now: float
    ) -> tuple[Command, ...]:
        """Go on with the recorded speech in another format, unless it was given up meanwhile.
        audio: None if it could not be converted."""
        if not self._converting:
            return ()
        self._converting = False
        if audio is None:
            return (notices.CANNOT_REPEAT,)
        self.repeat(audio, audio_format)
        return self.begin_repeating(now)

    def follow(self, user_speaking: bool, now: float) -> None:
        """Note whether the service hears the user, whose turn silence must end if the microphone is
        lost."""
        if user_speaking != self._user_speaking:
            self._user_speaking = user_speaking
            self._repeated.follow(user_speaking)
        self._silence.follow(user_speaking and not self._settings.manual, now)

    def microphone(
        self, audio: bytes, now: float, captured_at_s: float | None
    ) -> tuple[SendAudio, ...]:
        """Send a block of the microphone. Returns nothing while the turn is closed, the service
        does not accept audio yet, or recorded speech is in its place."""
        self._silence.mic_active(now)
        if self._repeated.active or self._converting:
            return ()
        return self._append(audio, captured_at_s)

    @property
    def due_s(self) -> float | None:
        """When `tick` has something to do; None while nothing is due."""
        dues = [due for due in (self._silence.due_s, self._repeated.due_s) if due is not None]
        return min(dues) if dues else None

    def tick(self, now: float) -> tuple[Command, ...]:
        """Send recorded speech, or silence in place of a lost microphone, with a notice before its
        first block."""
        return (*self._send_repeated(now), *self._send_silence(now))

    def _send_repeated(self, now: float) -> tuple[Command, ...]:
        if not self._repeated.active:
            return ()
        self._silence.mic_active(now)
        sends = [send for block in self._repeated.tick(now) for send in self._append(block, None)]
        self.turn_spoken = self.talking and not self._repeated.active
        return tuple(sends)

    def _send_silence(self, now: float) -> tuple[Command, ...]:
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
