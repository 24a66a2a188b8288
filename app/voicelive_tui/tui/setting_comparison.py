"""The settings of a session as the profile's file has them, as they were asked for, and as they are
in force. Pure functions of values."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, Literal

from voicelive_common.redaction.redact import redact_value

from voicelive_tui.model.events.event_facts import describe_value
from voicelive_tui.model.events.fields import get_int
from voicelive_tui.model.events.session_settings import (
    ABSENT,
    SettingPath,
    same_setting,
    setting_value,
    settings_in,
)
from voicelive_tui.model.session.outcome import Outcome, OutcomeKind, SettingsInForce
from voicelive_tui.model.session.setting_outcomes import key_of_setting
from voicelive_tui.tui.formatting import amount

Deviation = OutcomeKind | Literal["", "differs"]
"""Why a setting is not the same everywhere: its outcome, or that it differs from the file; empty if
it is the same."""

_ALWAYS: Final = (("instructions",), ("modalities",))
"""The settings that are shown even if they are the same everywhere."""
_OF_THE_SERVICE: Final = ("id", "object", "model", "agent", "expires_at")
"""What the session object holds besides settings (protocol.md section 6)."""
_NAMES_OF_THE_SESSION: Final = (("id",), ("object",))
"""What only says which session it is: no setting that the service has added."""
_LONGEST_TEXT: Final = 60


@dataclass(frozen=True, slots=True)
class ComparedSetting:
    """One setting: its values as on the wire, `ABSENT` where it is not named, and how they
    differ."""

    path: SettingPath
    file: object
    asked: object
    in_force: object
    deviation: Deviation
    reason: str = ""

    @property
    def key(self) -> str:
        """The setting's key in a profile."""
        return key_of_setting(self.path)


def compare_settings(
    settings: SettingsInForce, file_session: Mapping[str, Any]
) -> tuple[ComparedSetting, ...]:
    """Compare every setting that is named anywhere, in the order of the file, with those of one
    object together. file_session: the profile's session object as it goes over the wire."""
    return tuple(_compared(path, settings, file_session) for path in _paths(settings, file_session))


def _paths(settings: SettingsInForce, file_session: Mapping[str, Any]) -> list[SettingPath]:
    asked = [*settings_in(file_session), *settings_in(settings.asked)]
    named = {path[:depth] for path in asked for depth in range(1, len(path))}
    known = set(asked)
    reported = [
        path
        for path in settings_in(settings.in_force)
        if not any(path[:depth] in known for depth in range(1, len(path)))
    ]
    paths = [path for path in dict.fromkeys([*asked, *reported]) if path not in named]
    places = {name: at for at, name in reversed(list(enumerate(path[0] for path in paths)))}
    return sorted(paths, key=lambda path: places[path[0]])


def _compared(
    path: SettingPath, settings: SettingsInForce, file_session: Mapping[str, Any]
) -> ComparedSetting:
    in_file = setting_value(file_session, path)
    in_force = setting_value(settings.in_force, path)
    outcome = _outcome(path, settings.outcomes)
    return ComparedSetting(
        path,
        in_file,
        setting_value(settings.asked, path),
        in_force,
        "" if path in _NAMES_OF_THE_SESSION else _deviation(outcome, in_file, in_force),
        outcome.code or outcome.reason if outcome is not None else "",
    )


def _outcome(path: SettingPath, outcomes: Mapping[str, Outcome]) -> Outcome | None:
    """The outcome of the setting, or of the object that was asked for in its place."""
    keys = (key_of_setting(path[:depth]) for depth in range(len(path), 0, -1))
    return next((outcomes[key] for key in keys if key in outcomes), None)


def _deviation(outcome: Outcome | None, in_file: object, in_force: object) -> Deviation:
    if outcome is not None and outcome.kind not in ("applied", "added"):
        return outcome.kind
    if in_file is not ABSENT and not same_setting(in_file, in_force):
        return "differs"
    if outcome is None:
        return ""
    if outcome.kind == "added":
        return "added" if in_file is ABSENT else ""
    return "differs" if in_file is ABSENT and in_force not in (ABSENT, None) else ""


def worth_showing(
    compared: Iterable[ComparedSetting], changed: Collection[str]
) -> tuple[ComparedSetting, ...]:
    """Return the settings that are not the same everywhere, those that were changed during the
    session, by their keys, and those that are always shown."""
    return tuple(
        each for each in compared if each.deviation or each.key in changed or each.path in _ALWAYS
    )


def by_object(
    compared: Iterable[ComparedSetting],
) -> list[tuple[str, tuple[ComparedSetting, ...]]]:
    """Return the settings of each object of the session together, with the object's name."""
    groups = groupby(compared, key=lambda each: each.path[0])
    return [(name, tuple(settings)) for name, settings in groups]


def summary(compared: Iterable[ComparedSetting]) -> str:
    """`2 differ from the file, 1 is ignored, 1 was refused`."""
    kinds = [each.deviation for each in compared]
    waiting, differ, ignored, changed, refused = (
        kinds.count(kind) for kind in ("waiting", "differs", "ignored", "changed", "refused")
    )
    parts = (
        f"{amount(waiting)} {'waits' if waiting == 1 else 'wait'} for an answer" * bool(waiting),
        f"{amount(differ)} {'differs' if differ == 1 else 'differ'} from the file" * bool(differ),
        f"{amount(ignored)} {'is' if ignored == 1 else 'are'} ignored" * bool(ignored),
        f"{amount(changed)} became something else" * bool(changed),
        f"{amount(refused)} {'was' if refused == 1 else 'were'} refused" * bool(refused),
    )
    return ", ".join(filter(None, parts)) or "All is in force as the file has it"


def shown_setting(path: SettingPath, value: object) -> str:
    """The value in a few words, close to its JSON; empty if the setting is not named. Holds no
    secrets that can be recognised."""
    match redact_value({path[-1]: value})[path[-1]]:
        case None:
            return "null"
        case bool() as flag:
            return str(flag).lower()
        case {"name": str(name)}:
            return name
        case str(text) if path == ("instructions",) or len(text) > _LONGEST_TEXT:
            return f"{amount(len(text))} characters"
        case str(text):
            return text.removesuffix("_echo_cancellation")
        case int(unix_s) if path == ("expires_at",):
            return _time_of_day(unix_s)
        case other:
            return "" if other is ABSENT else describe_value(other)


def _time_of_day(unix_s: int) -> str:
    seconds = (get_int({"at": unix_s}, "at") or 0) % 86_400
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d} UTC"


def as_toml(settings: SettingsInForce) -> str:
    """Return the session object in force as the `[session]` table of a profile, without secrets.

    What is null is left out, except where null was asked for, which a profile writes as "none".
    """
    import tomli_w
    from voicelive_common.redaction.redact_toml import redact_toml

    session = {
        name: _without_null(value)
        for name, value in settings.in_force.items()
        if name not in _OF_THE_SERVICE and value is not None
    }
    off = [name for name, value in settings.asked.items() if value is None]
    session.update((name, "none") for name in off if settings.in_force.get(name) is None)
    return redact_toml(tomli_w.dumps({"session": session}, multiline_strings=True))


def _without_null(value: object) -> Any:
    match value:
        case Mapping():
            return {key: _without_null(each) for key, each in value.items() if each is not None}
        case list():
            return [_without_null(each) for each in value if each is not None]
        case _:
            return value
