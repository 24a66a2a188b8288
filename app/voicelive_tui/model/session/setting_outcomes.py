"""Judges what the service made of each setting, from what was asked for and what it reports."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import Any, Final

from voicelive_tui.model.events.gists.session_gists import voice_name
from voicelive_tui.model.events.gists.setting_changes import describe_change
from voicelive_tui.model.events.session_settings import (
    ABSENT,
    MOST_SETTINGS,
    SettingPath,
    equal_values,
    same_setting,
    setting_value,
    settings_in,
)
from voicelive_tui.model.session.outcome import Outcome, OutcomeKind, SettingChange, SettingsInForce

MOST_CHANGES: Final = 20
_NOTHING: Final[tuple[object, ...]] = (ABSENT, None, "", [], {})


@dataclass(frozen=True, slots=True)
class UpdateReply:
    """What the service said to an update. session: what the update asked for, empty if nothing is
    answered. before: what was in force until then. code, reason, param: those of the error that
    refuses it; the code is empty for an update that was accepted."""

    session: Mapping[str, Any] = field(default_factory=dict)
    before: Mapping[str, Any] = field(default_factory=dict)
    code: str = ""
    reason: str = ""
    param: str = ""


def key_of_setting(path: SettingPath) -> str:
    """The key in a profile of a setting of the session object."""
    return ".".join(("session", *path))


def changes_between(
    settings: Mapping[SettingPath, object], before: Mapping[str, Any]
) -> tuple[SettingChange, ...]:
    """Return which of these settings differ from the session object `before`, at most
    `MOST_CHANGES`."""
    return tuple(islice(_changes(settings, before), MOST_CHANGES))


def _changes(
    settings: Mapping[SettingPath, object], before: Mapping[str, Any]
) -> Iterator[SettingChange]:
    for path, value in settings.items():
        old = setting_value(before, path)
        if not same_setting(value, old):
            yield SettingChange(key_of_setting(path), describe_setting(path, value, old))


def outcomes_after(
    settings: SettingsInForce, reply: UpdateReply, waiting: Collection[str], t_s: float
) -> dict[str, Outcome]:
    """Return what became of each setting, now that something was sent or answered at `t_s`.

    settings: with the outcomes before. waiting: the names of the session object that an unanswered
    update asks for.
    """
    asked = settings_in(settings.asked)
    if not _names_any(reply):  # then the error means the update as a whole
        reply = replace(reply, param="")
    found: dict[str, Outcome] = {}
    for path, value in asked.items():
        key = key_of_setting(path)
        before = settings.outcomes.get(key)
        got = setting_value(settings.in_force, path)
        if path[0] in waiting:
            found[key] = _waiting(before, value, got, settings.asked_s)
        elif path[0] in reply.session:
            found[key] = _answered(path, value, got, before, reply, t_s)
        else:
            found[key] = _later(before, value, got, t_s)
    found.update(_added(settings, asked, t_s))
    return found


def with_changes(
    known: Mapping[str, int], before: Mapping[str, Any], after: Mapping[str, Any], number: int
) -> Mapping[str, int]:
    """Return the numbers of the configurations with which settings changed last, by key, the newest
    first, now that the service reports `after` in place of `before` with this one. At most
    `MOST_SETTINGS`, because a service may report other names each time."""
    changed = {
        key_of_setting(path): number
        for path in [*settings_in(after), *settings_in(before)]
        if not equal_values(setting_value(before, path), setting_value(after, path))
    }
    if not changed:
        return known
    earlier = ((key, known[key]) for key in known if key not in changed)
    return dict(islice(chain(changed.items(), earlier), MOST_SETTINGS))


def with_warning(
    outcomes: Mapping[str, Outcome], param: str, warning: str
) -> Mapping[str, Outcome]:
    """Return these outcomes with a warning at each setting that was asked for and that the `param`
    of the warning names."""
    return {
        key: replace(outcome, warning=warning)
        if outcome.kind != "added" and _names(param, tuple(key.split(".")[1:]))
        else outcome
        for key, outcome in outcomes.items()
    }


def _waiting(before: Outcome | None, asked: object, got: object, sent_s: float | None) -> Outcome:
    again = before is not None and equal_values(before.asked, asked)
    if before is not None and again and before.kind in ("waiting", "applied"):
        # An object is sent as a whole, although most of its settings stay as they are.
        return replace(before, in_force=got)
    return Outcome("waiting", asked, got, sent_s)


def _answered(
    path: SettingPath,
    asked: object,
    got: object,
    before: Outcome | None,
    reply: UpdateReply,
    t_s: float,
) -> Outcome:
    if before is not None and before.kind == "applied" and same_setting(asked, got):
        return replace(before, in_force=got)
    sent_s = before.asked_s if before is not None else None
    again = before is not None and equal_values(before.asked, asked)
    warning = before.warning if before is not None and again else ""
    outcome = Outcome("applied", asked, got, sent_s, t_s, warning=warning)
    if same_setting(asked, got):
        return outcome
    if reply.code:
        named = not reply.param or _names(reply.param, path)
        return replace(
            outcome,
            kind="refused",
            code=reply.code if named else "",
            reason=reply.reason if named else "",
        )
    kept = was_kept(got, setting_value(reply.before, path))
    kind: OutcomeKind = "ignored" if kept else "changed"
    return replace(outcome, kind=kind)


def was_kept(got: object, before: object) -> bool:
    """Whether what the service reports is what was in force before, or nothing."""
    return got is ABSENT or same_setting(got, before)


def describe_setting(path: SettingPath, value: object, old: object, between: str = " to ") -> str:
    """Return a change in a few words: `threshold 0.3 to 0.5`, `voice Ava to Andrew`."""
    if path[0] == "voice" and path[-1] in ("voice", "name"):
        value, old = _voice(value), _voice(old)
    return describe_change(path, value, old, between)


def _voice(voice: object) -> object:
    """The short name of a voice; the value itself for none."""
    return voice_name(voice) or voice


def _names(param: str, path: SettingPath) -> bool:
    """Whether the `param` of an error means this setting, or an object that holds it."""
    named = param.removeprefix("session.").split(".")
    return bool(param) and path[: len(named)] == tuple(named)


def _names_any(reply: UpdateReply) -> bool:
    return bool(reply.param) and any(
        _names(reply.param, path) for path in settings_in(reply.session)
    )


def _later(before: Outcome | None, asked: object, got: object, t_s: float) -> Outcome:
    """The outcome of a setting that neither waits nor was answered just now."""
    if before is None:
        return Outcome("waiting", asked, got)
    if same_setting(asked, got):
        kept = before.kind == "applied"
        return (
            replace(before, in_force=got)
            if kept
            else replace(before, kind="applied", in_force=got, answered_s=t_s, code="", reason="")
        )
    if before.kind == "applied":
        return replace(before, kind="changed", in_force=got, answered_s=t_s)
    return replace(before, in_force=got)


def _added(
    settings: SettingsInForce, asked: Mapping[SettingPath, object], t_s: float
) -> Iterator[tuple[str, Outcome]]:
    """What the service reports without having been asked."""
    named = {path[:depth] for path in asked for depth in range(1, len(path))}
    for path, value in settings_in(settings.in_force).items():
        if path in named or any(path[:depth] in asked for depth in range(1, len(path) + 1)):
            continue
        if any(value is nothing or equal_values(value, nothing) for nothing in _NOTHING):
            continue
        key = key_of_setting(path)
        before = settings.outcomes.get(key)
        known = before is not None and equal_values(before.in_force, value)
        yield (
            key,
            before
            if before is not None and known and before.kind == "added"
            else Outcome("added", ABSENT, value, None, t_s),
        )
