"""Recorded speech that is sent once more in place of the microphone, at the pace of a microphone.

Where the service detects turns, silence follows until it has heard the end of the speech.
"""

from collections import deque

from voicelive_tui.model.formats import BLOCK_S, AudioFormat

SILENCE_S = 3.0
"""Seconds of silence to send at most behind the speech. They let a service end the turn; further
ones are for `SilenceFill`, or the microphone itself."""

_MOST_SILENCE = round(SILENCE_S / BLOCK_S)


class RepeatedSpeech:
    """Decides when a block is sent. All times are in seconds, on the caller's clock."""

    def __init__(self) -> None:
        self.due_s: float | None = None
        """When `tick` has something to do; None while nothing is sent."""
        self._blocks: deque[bytes] = deque()
        self._silence = b""
        self._silent_blocks = 0
        self._heard = False
        """Whether the service has heard the end of speech, and no further speech since."""

    @property
    def waiting(self) -> bool:
        """Whether there is speech whose first block was not sent yet."""
        return bool(self._blocks) and self.due_s is None

    @property
    def active(self) -> bool:
        """Whether blocks are being sent, so that none of the microphone may be."""
        return self.due_s is not None

    def put(self, audio: bytes, audio_format: AudioFormat) -> None:
        """Take the speech to be sent. audio: in this format."""
        self.stop()
        size = audio_format.block_bytes
        self._blocks.extend(audio[at : at + size] for at in range(0, len(audio), size))
        self._silence = audio_format.silence(round(BLOCK_S * 1000))

    def take(self) -> bytes:
        """Return the speech that waits, which is not sent any more."""
        audio = b"".join(self._blocks)
        self.stop()
        return audio

    def begin(self, now: float, *, silence: bool) -> None:
        """Send from now on. silence: behind the speech."""
        self.due_s = now
        self._silent_blocks = _MOST_SILENCE if silence else 0
        self._heard = False

    def follow(self, user_speaking: bool) -> None:
        """Note that the service has heard the beginning of speech, or its end: nothing is sent
        behind the last end."""
        self._heard = not user_speaking

    def stop(self) -> None:
        """Send nothing more."""
        self.due_s = None
        self._blocks.clear()

    def tick(self, now: float) -> list[bytes]:
        """Return the blocks to send now."""
        due: list[bytes] = []
        while self.due_s is not None and self.due_s <= now:
            if self._blocks:
                due.append(self._blocks.popleft())
            elif self._silent_blocks and not self._heard:
                self._silent_blocks -= 1
                due.append(self._silence)
            else:
                self.stop()
                break
            self.due_s += BLOCK_S
        return due
