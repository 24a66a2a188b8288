"""Compares settings that were asked for with those in force, value by value."""

from collections.abc import Mapping
from typing import Any, Final

from voicelive_tui.model.events.gists.phrases import excerpt
from voicelive_tui.model.events.session_settings import (
    ABSENT,
    SettingPath,
    same_setting,
    settings_in,
)

MOST_VALUES: Final = 100
_MOST_LEVELS: Final = 4
_MOST_SHOWN: Final = 30
_LABELS: Final = {
    "silence_duration_ms": "silence",
    "prefix_padding_ms": "prefix padding",
    "input_audio_echo_cancellation": "echo",
    "input_audio_noise_reduction": "noise reduction",
    "input_audio_transcription": "transcription",
    "end_of_utterance_detection": "end of utterance",
}
_NAMED_BY_PARENT: Final = ("type", "name", "model")


def values_in(settings: Mapping[str, Any]) -> dict[SettingPath, object]:
    """Return the values of nested settings by their paths, up to `MOST_VALUES`."""
    return settings_in(settings, most=MOST_VALUES, levels=_MOST_LEVELS)


def label(path: SettingPath) -> str:
    """The short name of a setting: `silence`, `voice`, `turn detection`."""
    name = path[-2] if len(path) > 1 and path[-1] in _NAMED_BY_PARENT else path[-1]
    return _LABELS.get(name) or excerpt(name, _MOST_SHOWN).replace("_", " ")


def describe_changes(asked: Mapping[str, Any], before: Mapping[str, Any]) -> list[str]:
    """Return what an update changes: `threshold 0.3 to 0.5`; a long value only with its name."""
    changes = []
    for path, value in values_in(asked).items():
        old = _value_at(before, path)
        if same_setting(value, old):
            continue
        changes.append(describe_change(path, value, old))
    return list(dict.fromkeys(changes))


def describe_change(path: SettingPath, value: object, old: object, between: str = " to ") -> str:
    """Return one change: `threshold 0.3 to 0.5`; the new value alone if the old one is unknown, and
    only the name if either is long."""
    new_text, old_text = _brief(value), _brief(old)
    if new_text and old_text:
        return f"{label(path)} {old_text}{between}{new_text}"
    return f"{label(path)} {new_text}".rstrip()


def describe_differences(asked: Mapping[str, Any], in_force: Mapping[str, Any]) -> list[str]:
    """Return in which values the settings in force differ from those asked for: `ignored echo`,
    `silence 500 became 800`."""
    differences = []
    for path, value in values_in(asked).items():
        actual = _value_at(in_force, path)
        if same_setting(value, actual):
            continue
        if actual is ABSENT:
            differences.append(f"ignored {label(path)}")
        elif (asked_text := _brief(value)) and (actual_text := _brief(actual)):
            differences.append(f"{label(path)} {asked_text} became {actual_text}")
        else:
            differences.append(f"{label(path)} differs")
    return list(dict.fromkeys(differences))


def _value_at(settings: Mapping[str, Any], path: SettingPath) -> object:
    value: object = settings
    for name in path:
        if not isinstance(value, Mapping) or name not in value:
            return ABSENT
        value = value[name]
    return value


def _brief(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if value is None:
        return "off"
    if isinstance(value, str):
        return excerpt(value) if len(value) <= _MOST_SHOWN else ""
    return str(value)[:_MOST_SHOWN] if isinstance(value, int | float) else ""
