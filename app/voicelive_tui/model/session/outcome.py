"""What the service made of the settings that it was asked for: of each setting, and of each update.

A key is that of the profile with dots, such as `session.turn_detection.threshold`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from voicelive_tui.model.events.session_settings import ABSENT

OutcomeKind = Literal["waiting", "applied", "changed", "ignored", "refused", "added"]
"""waiting: the service has not answered the update. applied: the value that was asked for is in
force. changed: another value took the place of the one before. ignored: the update was accepted,
and what was in force before still is. refused: the service answered the update with an error.
added: nobody asked for the setting, and the service reports a value.
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one setting.

    asked, in_force: the values as on the wire, `ABSENT` for none. asked_s: when the update with the
    setting was sent; None for one that was added. answered_s: when the service answered that
    update, or first reported the setting; None while it has not. Times are in seconds since the
    session's start. code, reason: those of the error that refused it; else empty. warning: what a
    warning said that named the setting; else empty.
    """

    kind: OutcomeKind
    asked: object = ABSENT
    in_force: object = ABSENT
    asked_s: float | None = None
    answered_s: float | None = None
    code: str = ""
    reason: str = ""
    warning: str = ""

    @property
    def took_ms(self) -> float | None:
        """Milliseconds from the update to its answer; None without one of them."""
        return _apart_ms(self.asked_s, self.answered_s)


@dataclass(frozen=True, slots=True)
class SettingsInForce:
    """The whole session object as it was asked for and as it is in force, of the newest connection.

    asked: the object that all updates together asked for, those that were refused included.
    in_force: the one of the last `session.created` or `session.updated`. asked_s, in_force_s: when
    the last update was sent, and when the last report came; None for none. outcomes: of each
    setting that either names, by its key. changed_in: the number of the configuration with which a
    setting got the value in force in place of another one, by its key; settings that never had
    another one are left out. It goes on over all connections of the session.
    """

    asked: Mapping[str, object] = field(default_factory=dict)
    in_force: Mapping[str, object] = field(default_factory=dict)
    asked_s: float | None = None
    in_force_s: float | None = None
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    changed_in: Mapping[str, int] = field(default_factory=dict)


ConfigurationOrigin = Literal["session.created", "session.update", "session.updated"]
"""Why a session has another configuration: it began with the defaults of the service, the client
asked for it, or the service changed it by itself."""
ConfigurationState = Literal["waiting", "in force", "refused"]


@dataclass(frozen=True, slots=True)
class SettingChange:
    """A setting that differs from the configuration before. text: `threshold 0.3 to 0.5`."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class SessionConfiguration:
    """One configuration of a session, or the request for one.

    number: its position in the session's history, from 0. n: the journal record that began it.
    t_s: the time of that record, in seconds since the session's start. keys: how many settings the
    record names. first: it is the first update of its connection. changes: what differs from what
    was in force before; at most `MOST_CHANGES` of them. ignored, changed: how many settings the
    service ignored, and gave another value. reply_n, reply_s: the service's answer; None while
    there is none, and for what needs none. code, reason: those of the error that refused it.
    """

    number: int
    n: int
    t_s: float
    origin: ConfigurationOrigin
    state: ConfigurationState
    keys: int = 0
    first: bool = False
    changes: tuple[SettingChange, ...] = ()
    ignored: int = 0
    changed: int = 0
    reply_n: int | None = None
    reply_s: float | None = None
    code: str = ""
    reason: str = ""

    @property
    def reply_ms(self) -> float | None:
        """Milliseconds from the update to its answer; None without one."""
        return _apart_ms(self.t_s, self.reply_s)


def _apart_ms(start_s: float | None, end_s: float | None) -> float | None:
    if start_s is None or end_s is None:
        return None
    return max(0.0, round((end_s - start_s) * 1000, 3))
