"""The settings of a session that were accepted and do not act, as a fold over its records."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from voicelive_tui.model.events.record import Local, Record
from voicelive_tui.model.events.session_settings import ABSENT, equal_values
from voicelive_tui.model.session.missing_transcripts import MissingTranscripts
from voicelive_tui.model.session.outcome import SettingsInForce
from voicelive_tui.model.session.setting_finding import Cause, SettingFinding
from voicelive_tui.model.session.unasked_responses import UnaskedResponses
from voicelive_tui.model.session.uncancelled_echo import UncancelledEcho
from voicelive_tui.model.session.unfit_settings import UnspeakableLanguage, UnusedEndOfUtterance
from voicelive_tui.model.session.unnoticed_speech import UnnoticedSpeech

_CAUSES: Final[tuple[Callable[[], Cause], ...]] = (
    UnnoticedSpeech,
    MissingTranscripts,
    UnaskedResponses,
    UnusedEndOfUtterance,
    UnspeakableLanguage,
    UncancelledEcho,
)
_KINDS: Final = frozenset(kind for make in _CAUSES for kind in make().kinds) | {Local.CONNECTED}


@dataclass(slots=True)
class _Watched:
    """A cause with the settings that were asked for, and what it found while they were."""

    cause: Cause
    asked: tuple[object, ...] = ()
    finding: SettingFinding | None = None

    def follow(self, settings: SettingsInForce) -> None:
        """Begin anew if other values are asked for."""
        asked = tuple(settings.asked.get(name, ABSENT) for name in self.cause.watches)
        if not equal_values(asked, self.asked):
            self.asked, self.finding = asked, None
            self.cause.reset()


class FindingsFold:
    """Apply every record in order, with the settings after it. A finding stands until its setting
    is asked for with another value, or another connection begins."""

    def __init__(self) -> None:
        self._watched = _watch_all()
        self._asked: Mapping[str, object] | None = None
        self._due_s = math.inf
        self._findings: tuple[SettingFinding, ...] = ()

    def findings(self) -> tuple[SettingFinding, ...]:
        """Return those that stand, the oldest first; the same object until they change."""
        return self._findings

    def apply(self, record: Record, settings: SettingsInForce) -> None:
        """Take in one record. settings: those of the connection, this record included."""
        kind = record.kind
        if kind not in _KINDS and record.t_s < self._due_s and settings.asked is self._asked:
            return
        if kind == Local.CONNECTED and record.dir == "local":
            self._watched, self._asked = _watch_all(), None
        if settings.asked is not self._asked:
            self._asked = settings.asked
            for each in self._watched:
                each.follow(settings)
        for each in self._watched:
            if kind in each.cause.kinds or record.t_s >= each.cause.due_s:
                found = each.cause.apply(record, settings)
                each.finding = each.finding or found
        self._due_s = min(each.cause.due_s for each in self._watched)
        self._collect()

    def _collect(self) -> None:
        found = [each.finding for each in self._watched if each.finding is not None]
        found.sort(key=lambda each: each.since_s)
        if tuple(found) != self._findings:
            self._findings = tuple(found)


def _watch_all() -> list[_Watched]:
    return [_Watched(make()) for make in _CAUSES]
