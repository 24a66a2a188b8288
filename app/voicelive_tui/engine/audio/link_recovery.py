"""Decides when the link to another machine's sound is tried again. Time is an argument."""

from voicelive_tui.audio.client.link_texts import link_awaited

TRY_EVERY_S = 0.4
"""Seconds between two attempts. One that finds no socket costs nothing; joining and opening the
devices takes a second, so that sound is back within 2 s of the link's return."""
_LONGEST_PAUSE_S = 15.0
_HELD_S = 10.0
"""Seconds after which a link counts as working."""


class LinkRecovery:
    """The attempts since the link was lost. A link that is refused, and one that does not hold, is
    tried at growing intervals."""

    def __init__(self) -> None:
        self._opened_s: float | None = None
        self._failures = 0
        self._reason = ""

    @property
    def pause_s(self) -> float:
        """Seconds to wait before the next attempt."""
        return min(TRY_EVERY_S * 2.0 ** min(max(0, self._failures - 1), 10), _LONGEST_PAUSE_S)

    def problem(self, machine: str) -> str:
        """A sentence for the status while there is no link."""
        return self._reason or link_awaited(machine)

    def opened(self, now_s: float) -> None:
        """Note that the link is there and the devices are open."""
        self._opened_s, self._reason = now_s, ""

    def lost(self, now_s: float) -> None:
        """Note that the link ended."""
        held = self._opened_s is not None and now_s - self._opened_s > _HELD_S
        self._failures = 0 if held else self._failures + 1
        self._reason = ""

    def failed(self, sentence: str, *, refused: bool) -> None:
        """Note an attempt without success. refused: the other machine is there and gives no sound;
        else there was no link, which says nothing about the next attempt."""
        self._failures = self._failures + 1 if refused else min(self._failures, 1)
        self._reason = sentence if refused or self._opened_s is None else ""
