"""Models the playback of a client that plays every response in real time, one after the other: the
assumption behind `auto_truncate`."""

from __future__ import annotations

from voicelive_simulator.dialogue.state.items import Item


class Playback:
    """The items that are playing or waiting to be played, by the clock given as `now_s`."""

    def __init__(self) -> None:
        self._playing: list[tuple[float, Item]] = []

    def begin(self, item: Item, now_s: float) -> None:
        """Record that audio of `item` was sent. Its first audio starts it, after the items that are
        still playing."""
        if self._playing and self._playing[-1][1] is item:
            return
        self._playing = [
            (start_s, other) for start_s, other in self._playing if _end_s(start_s, other) > now_s
        ]
        start_s = max(now_s, _end_s(*self._playing[-1])) if self._playing else now_s
        self._playing.append((start_s, item))

    def playing(self, now_s: float) -> bool:
        """Whether an item is playing at this moment."""
        return any(start_s <= now_s < _end_s(start_s, item) for start_s, item in self._playing)

    def stop(self, now_s: float) -> list[tuple[Item, int]]:
        """Stop playback. Return the items that were not heard to the end, each with the
        milliseconds heard."""
        playing, self._playing = self._playing, []
        heard = [(item, int(max(0.0, now_s - start_s) * 1000)) for start_s, item in playing]
        return [(item, heard_ms) for item, heard_ms in heard if heard_ms < item.audio_ms]


def _end_s(start_s: float, item: Item) -> float:
    return start_s + item.audio_ms / 1000
