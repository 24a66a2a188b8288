"""What a client has heard that plays every response in real time and one after the other: what
`auto_truncate` assumes."""

from __future__ import annotations

from voicelive_simulator.dialogue.state.items import Item


class Playback:
    """The items that still play or wait to be played, by the clock given as `now_s`."""

    def __init__(self) -> None:
        self._playing: list[tuple[float, Item]] = []

    def begin(self, item: Item, now_s: float) -> None:
        """Audio of `item` was sent; its first one starts it, after what plays still."""
        if self._playing and self._playing[-1][1] is item:
            return
        self._playing = [
            (start_s, other) for start_s, other in self._playing if _end_s(start_s, other) > now_s
        ]
        start_s = max(now_s, _end_s(*self._playing[-1])) if self._playing else now_s
        self._playing.append((start_s, item))

    def playing(self, now_s: float) -> bool:
        """Whether something is to be heard just now."""
        return any(start_s <= now_s < _end_s(start_s, item) for start_s, item in self._playing)

    def stop(self, now_s: float) -> list[tuple[Item, int]]:
        """Falls silent; returns what was not heard to its end, each with the milliseconds heard."""
        playing, self._playing = self._playing, []
        heard = [(item, int(max(0.0, now_s - start_s) * 1000)) for start_s, item in playing]
        return [(item, heard_ms) for item, heard_ms in heard if heard_ms < item.audio_ms]


def _end_s(start_s: float, item: Item) -> float:
    return start_s + item.audio_ms / 1000
