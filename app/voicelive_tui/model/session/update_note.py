"""The line of the transcript about an update that the service accepted."""

from collections.abc import Mapping
from typing import Any, Final

from voicelive_tui.model.events.gists.phrases import group_digits
from voicelive_tui.model.events.gists.setting_changes import label
from voicelive_tui.model.events.session_settings import same_setting, setting_value, settings_in
from voicelive_tui.model.session.outcome import SessionConfiguration
from voicelive_tui.model.session.setting_outcomes import describe_setting, was_kept

_MOST_TOLD: Final = 6


def describe_answer(
    asked: Mapping[str, Any],
    before: Mapping[str, Any],
    in_force: Mapping[str, Any],
    configuration: SessionConfiguration,
) -> str:
    """Return `silence 1200 to 500, in force after 41 ms`, and what was ignored or came otherwise;
    empty if nothing was to change."""
    applied, ignored, changed = [], [], []
    for path, value in settings_in(asked).items():
        old, got = setting_value(before, path), setting_value(in_force, path)
        if same_setting(value, got):
            if not same_setting(value, old):
                applied.append(describe_setting(path, got, old))
        elif was_kept(got, old):
            ignored.append(label(path))
        else:
            changed.append(describe_setting(path, got, value, " became "))
    after = _after(configuration)
    told = [
        f"{_list(applied)}, in force{after}" if applied else "",
        f"{_list(changed)}{after}" if changed else "",
        f"{_list(ignored)}: ignored by the service{after}" if ignored else "",
    ]
    return "; ".join(part for part in told if part)


def _after(configuration: SessionConfiguration) -> str:
    took_ms = configuration.reply_ms
    return "" if took_ms is None else f" after {group_digits(int(took_ms))} ms"


def _list(parts: list[str]) -> str:
    parts = list(dict.fromkeys(parts))
    more = len(parts) - _MOST_TOLD
    return ", ".join(parts[:_MOST_TOLD]) + (f" and {more} more" if more > 0 else "")
