"""The level of the microphone, from the audio that was sent."""

from typing import Final

from voicelive_tui.model.formats import BLOCK_S, AudioFormat
from voicelive_tui.model.timeline.level_track import LevelTrack
from voicelive_tui.model.timeline.loudness import BlockLevels

_BURST_S: Final = 0.01
"""Blocks that follow each other faster were heard one after the other and sent together."""


class SentLevels:
    """Places blocks at the time at which they were heard: a block ends when it is sent, and of
    blocks that are sent together the last one does."""

    def __init__(self, track: LevelTrack) -> None:
        self._track = track
        self._blocks = BlockLevels(AudioFormat())
        self._burst = bytearray()
        """The levels of the blocks that were sent last, together."""
        self._sent_s = 0.0
        self._placed_s = 0.0
        """The end of the blocks that have their place."""

    def set_format(self, audio_format: AudioFormat) -> None:
        """Note the format of the audio from now on."""
        if audio_format != self._blocks.format:
            self._blocks = BlockLevels(audio_format)

    def sent(self, audio: bytes, at_s: float) -> None:
        """Take audio that was sent at this time."""
        self.settle(at_s)
        self._burst += self._blocks.feed(audio)
        self._sent_s = at_s

    def settle(self, now_s: float) -> None:
        """Place what was sent, if nothing can come any more that was sent together with it."""
        if not self._burst or now_s - self._sent_s < _BURST_S:
            return
        room = max(1, round((self._sent_s - self._placed_s) / BLOCK_S))
        levels = self._burst[-room:]
        self._track.write(self._sent_s - len(levels) * BLOCK_S, levels)
        self._placed_s = self._sent_s
        self._burst.clear()
