"""The history of a session's configurations as a fold over its records, and what the service made
of each setting.

An update is answered by the next `session.updated`, or by an error that names it; updates are
answered in order. Only records about the session cost anything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from voicelive_tui.model.collections.ordered_tree import OrderedTree
from voicelive_tui.model.events.error_text import format_error
from voicelive_tui.model.events.fields import get_object, get_str
from voicelive_tui.model.events.record import Local, Record
from voicelive_tui.model.events.session_settings import settings_in
from voicelive_tui.model.session.outcome import (
    ConfigurationOrigin,
    ConfigurationState,
    Outcome,
    SessionConfiguration,
    SettingsInForce,
)
from voicelive_tui.model.session.setting_outcomes import (
    UpdateReply,
    changes_between,
    key_of_setting,
    outcomes_after,
    with_changes,
    with_warning,
)
from voicelive_tui.model.session.update_note import describe_answer

if TYPE_CHECKING:
    from voicelive_tui.model.session.snapshot import SessionView

_UPDATE: Final = "session.update"
_KINDS: Final = frozenset(
    {_UPDATE, "session.created", "session.updated", "error", "warning", Local.CONNECTED}
)


def outcomes(view: "SessionView") -> Mapping[str, Outcome]:
    """Return what became of each setting by its key, such as
    `session.turn_detection.threshold`."""
    return view.settings.outcomes


@dataclass(frozen=True, slots=True)
class _Waiting:
    """An update without an answer. position: of its configuration."""

    position: int
    event_id: str
    session: Mapping[str, Any]


class ConfigurationsFold:
    """Apply every record in order."""

    def __init__(self) -> None:
        self._history: list[SessionConfiguration] = []
        self._tree: OrderedTree[int, SessionConfiguration] = OrderedTree()
        self._waiting: list[_Waiting] = []
        self._updated = False
        """Whether an update was sent over the present connection."""
        self._answered = False
        """Whether one was answered."""
        self._reported: Mapping[str, Any] | None = None
        """What the last `session.updated` of any connection reported; None before the first."""
        self._settings = SettingsInForce()
        self.current: int | None = None
        """The position of the configuration in force; None before the first."""
        self._configurations: Sequence[SessionConfiguration] = ()

    def configurations(self) -> Sequence[SessionConfiguration]:
        """Return the history; the same object until something changes."""
        return self._configurations

    def settings(self) -> SettingsInForce:
        """Return what was asked for and what is in force; the same object until it changes."""
        return self._settings

    def apply(self, record: Record) -> str:
        """Take in one record. Return what an answer to an update put in force, as a note for the
        transcript; empty for anything else, and for the first update of a connection."""
        if record.kind not in _KINDS or not record.event:
            return ""
        note = self._take(record)
        self._configurations = self._tree.snapshot()
        return note

    def _take(self, record: Record) -> str:
        match record.dir, record.kind:
            case "local", Local.CONNECTED:
                self._connected()
            case "sent", "session.update":
                self._sent(record)
            case "received", "session.created":
                self._created(record)
            case "received", "session.updated":
                return self._report(record)
            case "received", "error":
                self._error(record)
            case "received", "warning":
                self._warning(record)
        return ""

    def _connected(self) -> None:
        self._waiting.clear()
        self._updated = self._answered = False
        self._settings = SettingsInForce(changed_in=self._settings.changed_in)

    def _created(self, record: Record) -> None:
        in_force = get_object(record.event, "session")
        self.current = self._begin(record, "session.created", keys=len(settings_in(in_force)))
        self._in_force(record, in_force, None)

    def _sent(self, record: Record) -> None:
        asked = get_object(record.event, "session")
        settings, before = settings_in(asked), self._settings.in_force
        position = self._begin(
            record,
            _UPDATE,
            keys=len(settings),
            first=not self._updated,
            changes=changes_between(settings, before),
        )
        self._updated = True
        self._waiting.append(_Waiting(position, get_str(record.event, "event_id"), asked))
        self._settings = replace(
            self._settings, asked={**self._settings.asked, **asked}, asked_s=record.t_s
        )
        self._judge(record, UpdateReply(before=before))

    def _report(self, record: Record) -> str:
        before = self._settings.in_force
        in_force = get_object(record.event, "session") or before
        update = self._waiting.pop(0) if self._waiting else None
        if update is None:
            if changes := changes_between(settings_in(in_force), before):
                self.current = self._begin(record, "session.updated", changes=changes)
            self._in_force(record, in_force, None)
            self._note_changes(in_force)
            return ""
        self._answered = True
        self._in_force(record, in_force, UpdateReply(session=update.session, before=before))
        self.current = update.position
        self._note_changes(in_force)
        kinds = self._kinds_of(update)
        answered = self._change(
            update.position,
            state="in force",
            ignored=kinds.count("ignored"),
            changed=kinds.count("changed"),
            **_reply(record),
        )
        return "" if answered.first else describe_answer(update.session, before, in_force, answered)

    def _note_changes(self, in_force: Mapping[str, Any]) -> None:
        """Note which settings got another value with the configuration that is current now."""
        before, self._reported = self._reported, in_force
        if before is not None and self.current is not None:
            known = self._settings.changed_in
            changed_in = with_changes(known, before, in_force, self.current)
            self._settings = replace(self._settings, changed_in=changed_in)

    def _warning(self, record: Record) -> None:
        warning = get_object(record.event, "warning")
        if param := get_str(warning, "param"):
            found = with_warning(self._settings.outcomes, param, format_error(warning))
            self._settings = replace(self._settings, outcomes=found)

    def _error(self, record: Record) -> None:
        error = get_object(record.event, "error")
        update = self._refused(get_str(error, "event_id"))
        if update is None:
            return
        self._waiting.remove(update)
        self._answered = True
        code = get_str(error, "code") or get_str(error, "type")
        self._change(
            update.position,
            state="refused",
            code=code,
            reason=format_error(error),
            **_reply(record),
        )
        reply = UpdateReply(
            session=update.session,
            before=self._settings.in_force,
            code=code or "error",
            reason=format_error(error),
            param=get_str(error, "param"),
        )
        self._judge(record, reply)

    def _refused(self, event_id: str) -> _Waiting | None:
        """The update that an error refuses. An error that names no event refuses the first update
        of a connection as long as that has no answer."""
        if not event_id:
            return self._waiting[0] if self._waiting and not self._answered else None
        return next((each for each in self._waiting if each.event_id == event_id), None)

    def _in_force(
        self, record: Record, in_force: Mapping[str, Any], reply: UpdateReply | None
    ) -> None:
        before = self._settings.in_force
        self._settings = replace(self._settings, in_force=in_force, in_force_s=record.t_s)
        self._judge(record, reply or UpdateReply(before=before))

    def _judge(self, record: Record, reply: UpdateReply) -> None:
        waiting = {name for update in self._waiting for name in update.session}
        found = outcomes_after(self._settings, reply, waiting, record.t_s)
        self._settings = replace(self._settings, outcomes=found)

    def _kinds_of(self, update: _Waiting) -> list[str]:
        found = self._settings.outcomes
        keys = map(key_of_setting, settings_in(update.session))
        return [found[key].kind for key in keys if key in found]

    def _begin(self, record: Record, origin: ConfigurationOrigin, **known: Any) -> int:
        position = len(self._history)
        state: ConfigurationState = "waiting" if origin == _UPDATE else "in force"
        configuration = SessionConfiguration(position, record.n, record.t_s, origin, state, **known)
        self._history.append(configuration)
        self._tree.append(position)
        self._tree.set(position, configuration)
        return position

    def _change(self, position: int, **changes: Any) -> SessionConfiguration:
        configuration = self._history[position] = replace(self._history[position], **changes)
        self._tree.set(position, configuration)
        return configuration


def _reply(record: Record) -> dict[str, Any]:
    return {"reply_n": record.n, "reply_s": record.t_s}
