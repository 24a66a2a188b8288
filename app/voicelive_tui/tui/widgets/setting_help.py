"""The help of one setting: in a column beside the settings, and in a few rows below them. Pure
functions of the facts and a size in cells."""

from collections.abc import Mapping, Sequence
from typing import Final

from voicelive_common.printable import printable

from voicelive_tui.model.profile.fields.field import Field
from voicelive_tui.tui.formatting import plural
from voicelive_tui.tui.keymap import key_of
from voicelive_tui.tui.problem_words import SEVERITY_LOOKS, problem_text
from voicelive_tui.tui.setting_facts import SettingFacts
from voicelive_tui.tui.setting_words import shown_value
from voicelive_tui.tui.widgets.spans import Span, Spans, cells, fit, wrap

_KEY_CELLS: Final = 12
_CHANGES: Final = {
    "at once": "changes at once, also in a turn",
    "before an answer": "changes until an answer was spoken",
    "new connection": "changes with a new connection",
}
_STATUS: Final = {
    "waits": ("not sent yet", "warn"),
    "sent": ("sent, and not answered yet", "dim"),
    "restart": ("takes effect with a new connection", "warn"),
    "applied": ("taken over by the service", "good"),
    "changed": ("! the service took another value", "warn"),
    "ignored": ("! ignored by the service", "warn"),
    "refused": ("✗ refused by the service", "bad"),
}
_MOST_KNOWN: Final = 12


def help_column(
    facts: SettingFacts | None,
    api_version: str,
    width: int,
    height: int,
    keymap: Mapping[str, str],
) -> list[Spans]:
    """The help in a column: the field, what it does, its limits, its values; the keys of the page
    at the end, if there is room for them."""
    lines: list[Spans] = []
    if facts is not None:
        lines = _about(facts, api_version, width - 2)
    keys = _page_keys(keymap, width - 2)
    lines = lines[: height - 1]
    blank = height - len(lines) - len(keys)
    if blank >= 1:
        lines += [[]] * blank + keys
    return [[(" ", ""), *line] for line in lines]


def _about(facts: SettingFacts, api_version: str, width: int) -> list[Spans]:
    field = facts.setting.field
    name = facts.key.removeprefix("session.")
    return [
        [(fit(name, width), "strong")],
        [],
        *wrap([(_about_words(field), "")], width),
        [],
        *(line for text in _limits(facts, api_version) for line in wrap([(text, "dim")], width)),
        *_wrapped(printable(_judgement(facts)), _judgement_look(facts), width),
        [],
        *_values(facts, width),
        *_outcome(facts, width),
        *_wrapped(_warning(facts), "warn", width),
        *_effect(facts, width),
    ]


def _about_words(field: Field) -> str:
    """What the field is, and what a higher or lower value does."""
    return " ".join(filter(None, (_sentence(field.help), field.effect)))


def _sentence(text: str) -> str:
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _wrapped(text: str, look: str, width: int) -> list[Spans]:
    return list(wrap([(text, look)], width)) if text else []


def _limits(facts: SettingFacts, api_version: str) -> list[str]:
    """Range or known values, default, and when a change takes effect."""
    field = facts.setting.field
    limits = [words for words in (_range(facts), _default(field, api_version)) if words]
    if field.since:
        limits.append(f"from {field.since}")
    return [*limits, _CHANGES[field.changes]]


def _range(facts: SettingFacts) -> str:
    field = facts.setting.field
    step = f" in steps of {field.step:g}" if field.step is not None else ""
    if field.low is not None and field.high is not None:
        return f"{_bound(field.low, field)} to {_bound(field.high, field)}{step}"
    if known := [each.value for each in facts.choices] or field.values:
        more = ", ..." if len(known) > _MOST_KNOWN else ""
        return f"known: {', '.join(known[:_MOST_KNOWN])}{more}"
    return f"at least {_bound(field.low, field)}{step}" if field.low is not None else ""


def _bound(value: float, field: Field) -> str:
    return f"{value:.0f}" if "integer" in field.kinds else f"{float(value)}"


def _default(field: Field, api_version: str) -> str:
    default = field.default_in(api_version)
    if default is None:
        return ""
    return f"default {shown_value(default)}" + (f" ({api_version})" if api_version else "")


def _values(facts: SettingFacts, width: int) -> list[Spans]:
    """The value in the file, as it was asked for, and in force."""
    at = _clock(facts.at_s) if facts.at_s is not None else ""
    reply = f"{at}, {facts.reply_ms:.0f} ms" if at and facts.reply_ms is not None else at
    rows = [
        ("file", facts.in_file, ""),
        ("asked", facts.setting.value, at),
        ("in force", facts.in_force, reply),
    ]
    out: list[Spans] = []
    for name, value, when in rows:
        text = fit(shown_value(value, facts.key), width - _KEY_CELLS)
        row: list[Span] = [(f"{name:<{_KEY_CELLS}}", "dim"), (text, "")]
        if when and cells(row) + len(when) + 2 <= width:
            row.append((f"{' ' * max(2, 8 - cells([(text, '')]))}{when}", "dim"))
        out.append(row)
    return out


def _clock(at_s: float) -> str:
    tenths = int(at_s * 10)
    return f"{tenths // 600}:{tenths // 10 % 60:02d}.{tenths % 10}"


def _outcome(facts: SettingFacts, width: int) -> list[Spans]:
    if facts.status not in _STATUS:
        return []
    text, look = _STATUS[facts.status]
    return [[], *_wrapped(text, look, width), *_wrapped(printable(facts.reason), "", width)]


def _warning(facts: SettingFacts) -> str:
    """What the service warns of; empty for nothing."""
    return f"! the service warns: {printable(facts.warning)}" if facts.warning else ""


def _judgement(facts: SettingFacts) -> str:
    """What is wrong with the value, or else why the setting has no effect."""
    return problem_text(facts.problem) if facts.problem else facts.setting.availability


def _judgement_look(facts: SettingFacts) -> str:
    return SEVERITY_LOOKS[facts.problem.severity] if facts.problem else "warn"


def _effect(facts: SettingFacts, width: int) -> list[Spans]:
    """`Since 0:47.1: 2 turns, 0 false starts (before: 3 turns, 2)`."""
    effect = facts.effect
    if effect is None:
        return []
    counted = f"{plural(effect.turns, 'turn')}, {plural(effect.false_starts, 'false start')}"
    before = f" (before: {plural(effect.turns_before, 'turn')}, {effect.false_starts_before})"
    had_any = effect.turns_before or effect.false_starts_before
    text = f"Since {_clock(effect.since_s)}: {counted}{before if had_any else ''}"
    return [[], *_wrapped(text, "", width)]


def _page_keys(keymap: Mapping[str, str], width: int) -> list[Spans]:
    title, find = "── this page ", key_of("events.filter", keymap)
    rows: Sequence[tuple[tuple[str, str], tuple[str, str]]] = (
        (("Left Right", "change"), ("Enter", "type")),
        (("Esc", "take back"), (key_of("tune.undo", keymap), "undo")),
        ((key_of("profile.edit", keymap), "the whole file"), (find, "find")),
        (("≠", "differs from the file"), ("", "")),
    )  # fmt: skip
    out: list[Spans] = [[(title + "─" * max(0, width - len(title)), "rule")]]
    for (key, word), (second, other) in rows:
        left: list[Span] = [(f"{key} ", "keycap"), (word, "dim")]
        gap = " " * max(2, 20 - cells(left))
        right: list[Span] = [(gap, ""), (f"{second} ", "keycap"), (other, "dim")] if second else []
        out.append([*left, *right])
    return out


def help_rows(facts: SettingFacts | None, api_version: str, width: int) -> list[Spans]:
    """The help in two rows of this width, each with a cell of the page at its ends."""
    if facts is None:
        return []
    field = facts.setting.field
    bounds = "" if facts.choices else _range(facts)
    limits = [each for each in (bounds, _default(field, "")) if each]
    about = facts.setting.availability or _CHANGES[field.changes]
    words: list[Span] = [
        (_about_words(field), ""),
        (f"   {', '.join([*limits, printable(about)])}", "dim"),
    ]
    if facts.status in _STATUS and facts.status != "applied":
        text, look = _STATUS[facts.status]
        reason = f"{text}: {printable(facts.reason)}" if facts.reason else text
        words = [(f"{reason}  ", look), *words]
    elif facts.problem:
        words = [(f"{printable(_judgement(facts))}  ", _judgement_look(facts)), *words]
    if warning := _warning(facts):
        words = [(f"{warning}  ", "warn"), *words]
    first, *rest = wrap(words, width - 2)
    second = [(fit(_text(rest), width - 3), rest[0][0][1] if rest and rest[0] else "dim")]
    return [[(" ", ""), *line] for line in (first, second)]


def _text(lines: Sequence[Spans]) -> str:
    return " ".join("".join(text for text, _ in line).strip() for line in lines)


def values_row(facts: SettingFacts, width: int) -> list[Span]:
    """Asked and in force in one row, for a column that is too narrow for both."""
    asked, force = (
        shown_value(facts.setting.value, facts.key),
        shown_value(facts.in_force, facts.key),
    )
    words = f"asked {asked or 'nothing'}" + (f", in force {force}" if force else "")
    return [("   ", ""), (fit(words, width - 4), "dim")]
