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
from functools import cached_property
from typing import Any, Final

from voicelive_tui.model.profile.connection_fields import needs_new_connection
from voicelive_tui.model.profile.differences import differing_keys
from voicelive_tui.model.profile.setting_values import REMOVED, with_setting

GAP_S: Final = 0.3
PATIENCE_S: Final = 5.0
_SESSION: Final = "session."
_ABSENT: Final = object()


@dataclass(frozen=True, slots=True)
class _SentUpdate:
    """An update on the wire. before: the settings that were sent earlier and not refused."""

    event_id: str
    update: Mapping[str, Any]
    before: Mapping[str, Any]
    sent_s: float


class _Plan:
    """What follows from the settings that are wanted, those that were sent, and those that the
    service refused. Worked out when it is first asked for."""

    def __init__(
        self,
        wanted: Mapping[str, Any],
        sent: Mapping[str, Any],
        refused: Mapping[str, Any],
        *,
        settled: bool,
        answered: bool,
    ) -> None:
        self._wanted, self._sent, self._refused = wanted, sent, refused
        self._settled, self._answered = settled, answered

    @cached_property
    def _differing(self) -> tuple[str, ...]:
        return differing_keys(self._sent, self._wanted)

    @cached_property
    def held(self) -> tuple[str, ...]:
        """The keys whose new values need another connection. Until the service has accepted an
        update, nothing is final."""
        if not self._settled:
            return ()
        return tuple(
            key
            for key in self._differing
            if needs_new_connection(_SESSION + key, answered=self._answered)
            or (key in self._sent and key not in self._wanted)  # nothing unsets a key
        )

    @cached_property
    def refused(self) -> tuple[str, ...]:
        """The keys that still have the value that the service refused."""
        return tuple(
            key for key, value in self._refused.items() if _value_at(self._wanted, key) == value
        )

    @cached_property
    def _kept_back(self) -> frozenset[str]:
        return frozenset((*self.held, *self.refused))

    @cached_property
    def waiting(self) -> tuple[str, ...]:
        """The keys whose new values are to be sent."""
        return tuple(key for key in self._differing if key not in self._kept_back)

    @cached_property
    def update(self) -> Mapping[str, Any]:
        """The session object to send: each top-level key that changed with its whole value, because
        the service takes a table as a whole. Empty when there is nothing to send."""
        if not self.waiting:
            return {}
        usable: Mapping[str, Any] = self._wanted
        for key in self._kept_back:
            before = _value_at(self._sent, key)
            usable = with_setting(usable, key, REMOVED if before is _ABSENT else before)
        return {
            key: value
            for key, value in usable.items()
            if key not in self._kept_back
            and value != self._sent.get(key, _ABSENT)
            and not _left_empty(value, self._wanted[key])
        }


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
        value = _value_at(self.latest, key.removeprefix(_SESSION))
        return REMOVED if value is _ABSENT else value

    # What happens.

    def want(self, wanted: Mapping[str, Any]) -> None:
        """Take another session object as the one to reach. A refused value that it does not have
        may be tried again later."""
        self._wanted = wanted
        self._refused = {
            key: value for key, value in self._refused.items() if _value_at(wanted, key) == value
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
        refused = tuple(_named(changed, param.removeprefix(_SESSION)))
        for key in refused:
            self._refused[key] = _value_at(sent.update, key)
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

    def _make_plan(self) -> _Plan:
        return _Plan(
            self._wanted,
            self.latest,
            self._refused,
            settled=self._settled,
            answered=self._answered,
        )


def _without(accepted: Mapping[str, Any], late: _SentUpdate) -> Mapping[str, Any]:
    """Return the accepted settings without those of this update that no later one replaced."""
    stale = {key for key, value in late.update.items() if accepted.get(key, _ABSENT) == value}
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


def _value_at(settings: Mapping[str, Any], key: str) -> Any:
    """Return the value at a dotted key, which may be null; `_ABSENT` for none."""
    if key in settings:
        return settings[key]
    value: Any = settings
    for part in key.split("."):
        if isinstance(value, Mapping) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            return _ABSENT
    return value


def _left_empty(value: object, wanted: object) -> bool:
    """Whether a table is empty only because its settings are kept back."""
    return value == {} and wanted != {}


def _profile_keys(keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_SESSION + key for key in keys)
