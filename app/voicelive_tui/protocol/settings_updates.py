"""Decides what each `session.update` of a connection holds, and when it is sent.

The first change is sent at once; further ones wait until the service has answered it and `GAP_S`
are over, so that a held arrow key sends its newest value a few times a second. The profile itself,
sent as the connection opens, is no change.

Invariants: at most one update is unanswered, unless the service has left one unanswered for
`PATIENCE_S`. An update holds only keys whose values differ from what was sent and not refused: an
unchanged voice or echo setting sent again would be refused once the assistant has spoken
(protocol.md sections 6, 7 and 14). A refused value is not sent again to this connection.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from voicelive_tui.model.profile.differences import differing_keys
from voicelive_tui.model.profile.setting_values import REMOVED
from voicelive_tui.protocol.settings_plan import ABSENT, SESSION, SettingsPlan, value_at

GAP_S: Final = 0.3
PATIENCE_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class _SentUpdate:
    """An update on the wire. before: the settings that were sent earlier and not refused."""

    event_id: str
    update: Mapping[str, Any]
    before: Mapping[str, Any]
    sent_s: float


class SettingsUpdates:
    """The updates of one connection. All times are in seconds, on the caller's clock."""

    def __init__(self, wanted: Mapping[str, Any]) -> None:
        """wanted: the profile's session object."""
        self.accepted: Mapping[str, Any] = {}
        """The settings that the service accepted, or left unanswered for too long."""
        self._wanted = wanted
        self._unanswered: _SentUpdate | None = None
        self._overdue: dict[str, _SentUpdate] = {}
        """The updates that the service did not answer in time, by event id."""
        self._refused: dict[str, Any] = {}
        """The refused values by dotted key."""
        self._settled = False
        """Whether the service has accepted an update, or left one unanswered for too long."""
        self._answered = False
        """Whether the assistant has spoken."""
        self._next_s: float | None = None
        """When the next update may be sent; None before the first one."""
        self._plan = self._make_plan()

    # What is known.

    @property
    def wanted(self) -> Mapping[str, Any]:
        """The profile's session object."""
        return self._wanted

    @property
    def waiting(self) -> tuple[str, ...]:
        """The dotted keys of the profile whose new values wait to be sent."""
        return _profile_keys(self._plan.waiting)

    @property
    def held(self) -> tuple[str, ...]:
        """The dotted keys of the profile whose new values need another connection."""
        return _profile_keys(self._plan.held)

    @property
    def refused(self) -> tuple[str, ...]:
        """The dotted keys of the profile whose values the service refused."""
        return _profile_keys(self._plan.refused)

    @property
    def complete(self) -> bool:
        """Whether nothing is unanswered and nothing waits."""
        return self._unanswered is None and not self._plan.update

    @property
    def latest(self) -> Mapping[str, Any]:
        """The settings that were sent and not refused, whether they were answered or not."""
        update = self._unanswered.update if self._unanswered is not None else {}
        return {**self.accepted, **update}

    @property
    def due_s(self) -> float | None:
        """When `tick` or `next_update` has something to do; None while nothing is due."""
        if self._unanswered is not None:
            return self._unanswered.sent_s + PATIENCE_S
        return self._next_s if self._plan.update else None

    def value_of(self, key: str) -> Any:
        """Return the value that the connection has for a dotted key of the profile, as the profile
        would have it; REMOVED for none."""
        value = value_at(self.latest, key.removeprefix(SESSION))
        return REMOVED if value is ABSENT else value

    # What happens.

    def want(self, wanted: Mapping[str, Any]) -> None:
        """Take another session object as the one to reach. A refused value that it does not have
        may be tried again later."""
        self._wanted = wanted
        self._refused = {
            key: value for key, value in self._refused.items() if value_at(wanted, key) == value
        }
        self._plan = self._make_plan()

    def next_update(self, now: float) -> Mapping[str, Any]:
        """Return the session object to send now; empty while nothing is to be sent, or it has to
        wait."""
        if self._unanswered is not None or self._next_s is None or now < self._next_s:
            return {}
        return self._plan.update

    def sent(self, event_id: str, update: Mapping[str, Any], now: float) -> None:
        """Note that an update was sent, under the id of its event."""
        self._unanswered = _SentUpdate(event_id, update, self.accepted, now)
        self._next_s = now if self._next_s is None else now + GAP_S
        self._plan = self._make_plan()

    def tick(self, now: float) -> None:
        """Wait no longer for an answer that is overdue: the update counts as accepted until the
        service refuses it after all."""
        late = self._unanswered
        if late is not None and now >= late.sent_s + PATIENCE_S:
            self._overdue[late.event_id] = late
            self.accept()

    def accept(self) -> bool:
        """Note that the service has answered the oldest update with `session.updated`. Returns
        whether one was unanswered."""
        if self._unanswered is None:
            return False
        self.accepted, self._unanswered = self.latest, None
        self._settled = True
        self._plan = self._make_plan()
        return True

    def refuse(self, event_id: object, param: str) -> tuple[str, ...] | None:
        """Note an error that names this event. Returns the dotted keys of the profile that are
        refused; None if the error does not refuse an update.

        param: the field that the error names; empty for none. Only that field counts as refused
        then, although nothing of the update is in force: the rest is sent again.
        """
        sent = self._take_back(event_id)
        if sent is None:
            return None
        changed = differing_keys(sent.before, {**sent.before, **sent.update})
        refused = tuple(_named(changed, param.removeprefix(SESSION)))
        for key in refused:
            self._refused[key] = value_at(sent.update, key)
        self._plan = self._make_plan()
        return _profile_keys(refused)

    def first_unanswered(self) -> str | None:
        """Return the event id of the update that waits for an answer; None if none does."""
        return self._unanswered.event_id if self._unanswered is not None else None

    def answer_spoken(self) -> None:
        """Note that the assistant has spoken, after which some settings are final."""
        if not self._answered:
            self._answered = True
            self._plan = self._make_plan()

    def _take_back(self, event_id: object) -> _SentUpdate | None:
        if not isinstance(event_id, str):
            return None
        current = self._unanswered
        if current is not None and current.event_id == event_id:
            self._unanswered = None
            return current
        late = self._overdue.pop(event_id, None)
        if late is not None:
            self.accepted = _without(self.accepted, late)
        return late

    def _make_plan(self) -> SettingsPlan:
        return SettingsPlan(
            self._wanted,
            self.latest,
            self._refused,
            settled=self._settled,
            answered=self._answered,
        )


def _without(accepted: Mapping[str, Any], late: _SentUpdate) -> Mapping[str, Any]:
    """Return the accepted settings without those of this update that no later one replaced."""
    stale = {key for key, value in late.update.items() if accepted.get(key, ABSENT) == value}
    kept = {key: value for key, value in accepted.items() if key not in stale}
    return {**kept, **{key: late.before[key] for key in stale if key in late.before}}


def _named(changed: tuple[str, ...], param: str) -> Iterator[str]:
    """Yield those of the changed keys that a refusal names, or all of them if it names none."""
    name = re.sub(r"\[(\d+)\]", r".\1", param)
    top = name.partition(".")[0]
    within = [key for key in changed if _overlap(key, name)]
    beside = [key for key in changed if key.partition(".")[0] == top]
    yield from within or beside or changed


def _overlap(key: str, name: str) -> bool:
    return f"{key}.".startswith(f"{name}.") or f"{name}.".startswith(f"{key}.")


def _profile_keys(keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(SESSION + key for key in keys)
