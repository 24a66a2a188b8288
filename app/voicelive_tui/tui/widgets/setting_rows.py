"""The rows of the settings page: a heading for each section, a row for each setting, and below a
refused one the reason. Pure functions of the facts and a width in cells."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from voicelive_common.printable import printable

from voicelive_tui.model.profile.fields.field import Field
from voicelive_tui.model.profile.settings import REMOVED
from voicelive_tui.tui.keymap import with_keys
from voicelive_tui.tui.setting_facts import SettingFacts, SettingsFacts
from voicelive_tui.tui.setting_input import as_number
from voicelive_tui.tui.setting_words import shown_value
from voicelive_tui.tui.widgets.spans import Span, Spans, cells, fit, wrap

LABEL_AT: Final = 3
VALUE_AT: Final = 19
_MARK_CELLS: Final = 10
_WIDE_MARK_CELLS: Final = 11
_NARROW_BELOW: Final = 60
"""Narrower rows have no column for what is in force."""
_NUMBER_CELLS: Final = 5
_SLIDER_CELLS: Final = 10
_REASON_AT: Final = 5
_MOST_REASON_ROWS: Final = 3
_SLIDER_DEFAULTS: Final = 4
"""The slider of a field with a far limit ends at this many times the field's default."""


@dataclass(frozen=True, slots=True)
class SettingColumns:
    """The cells of a row's columns. in_force: 0 for a row without that column."""

    value: int
    in_force: int
    mark: int


@dataclass(frozen=True, slots=True)
class PageLine:
    """A line of the page. make: its spans. setting: the position of its setting; -1 for a heading.
    first: whether the setting's own row, not a line below it."""

    make: Callable[[], Spans]
    setting: int = -1
    first: bool = False

    @property
    def spans(self) -> Spans:
        """What the line shows. It is made when it is painted, as only few lines are in sight."""
        return self.make()


def setting_columns(width: int) -> SettingColumns:
    """The columns of a page of this width."""
    room = max(0, width - VALUE_AT)
    if width < _NARROW_BELOW:
        return SettingColumns(max(1, room - _MARK_CELLS), 0, min(room, _MARK_CELLS))
    mark = _WIDE_MARK_CELLS if width >= 76 else _MARK_CELLS
    value = (room - mark) // 2 + 2
    return SettingColumns(value, room - mark - value, mark)


def page_lines(
    facts: SettingsFacts,
    width: int,
    keymap: Mapping[str, str],
    below: Mapping[int, tuple[Spans, ...]],
) -> list[PageLine]:
    """All lines of the page. below: lines to show below the settings at these positions."""
    columns = setting_columns(width)
    lines: list[PageLine] = []
    at = 0
    for section, settings in facts.sections:
        heading = partial(_heading, section.title, columns, first=not lines)
        lines.append(PageLine(heading))
        for each in settings:
            row = partial(setting_spans, each, facts.api_version, columns)
            lines.append(PageLine(row, at, True))
            more = [*_reason_lines(each, width, keymap), *below.get(at, ())]
            lines += [PageLine(partial(tuple, spans), at) for spans in more]
            at += 1
    return lines


def _heading(title: str, columns: SettingColumns, *, first: bool) -> Spans:
    heading: list[Span] = [(f" {title.upper()}", "title")]
    if first and columns.in_force:
        gap = VALUE_AT + columns.value - cells(heading)
        heading.append((" " * gap + "in force", "dim"))
    return heading


def setting_spans(facts: SettingFacts, api_version: str, columns: SettingColumns) -> list[Span]:
    """The row of a setting, from its label to its mark."""
    room = VALUE_AT - LABEL_AT
    label = f"{' ' * LABEL_AT}{fit(facts.setting.field.title, room - 1):<{room}}"
    setting = facts.setting
    if setting.availability and setting.value is REMOVED:
        width = columns.value + columns.in_force + columns.mark
        return [(label, "dim"), (fit(printable(setting.availability), width - 1), "dim")]
    mark = mark_of(facts)
    return [
        (label, ""),
        *_value_spans(facts, api_version, columns),
        *_force_and_mark(facts, mark, columns),
    ]


def _value_spans(facts: SettingFacts, api_version: str, columns: SettingColumns) -> list[Span]:
    """The value; of one that is not set, the service's: that in force where it has no column of
    its own, else the default."""
    field, value, width = facts.setting.field, facts.setting.value, columns.value
    default = field.default_in(api_version)
    unset = value is REMOVED
    used = facts.in_force if not columns.in_force else REMOVED
    if used is REMOVED and default is not None:
        used = default
    text = shown_value(used if unset else value, facts.key)
    if setting_unfit(facts):
        words = f"{text}, {printable(facts.setting.availability)}"
        return _padded([(fit(words, width - 1), "warn")], width)
    spans: list[Span] = [(fit(text, width - 1), "dim" if unset else "")]
    number = None if unset else as_number(value)
    if number is not None and field.low is not None and field.high is not None:
        text = f"{text:<{_NUMBER_CELLS}}" if len(text) < _NUMBER_CELLS else f"{text} "
        if len(text) + _SLIDER_CELLS + 2 < width:
            spans = [(text, ""), *slider(field, number, as_number(default))]
    return _padded(spans, width)


def setting_unfit(facts: SettingFacts) -> bool:
    """Whether the profile sets what model, voice or version do not have."""
    return bool(facts.setting.availability) and facts.setting.value is not REMOVED


def slider(field: Field, number: float, default: float | None) -> list[Span]:
    """The place of a number in its range: `├──●───────┤`. A range whose end is far from the default
    is drawn only as far as values are usual."""
    assert field.low is not None and field.high is not None
    end = field.high
    if default and field.low < number <= (usual := default * _SLIDER_DEFAULTS) < end:
        end = usual
    inside = min(max(number, field.low), end)
    share = (inside - field.low) / (end - field.low) if end > field.low else 0.0
    at = int(share * (_SLIDER_CELLS - 1))
    return [
        (f"├{'─' * at}", "rule"),
        ("●", "accent"),
        (f"{'─' * (_SLIDER_CELLS - 1 - at)}┤", "rule"),
    ]


def mark_of(facts: SettingFacts) -> Span:
    """The mark at the end of a setting's row; empty for one without any."""
    match facts.status:
        case "refused":
            return ("✗ refused", "bad")
        case "ignored":
            return ("! ignored", "warn")
        case "changed":
            return ("! changed", "warn")
        case "waits":
            return ("waits", "warn")
        case "sent":
            return ("sent", "dim")
        case "restart":
            return ("! restart", "warn")
        case "applied" | "" if facts.warning:
            return ("! warning", "warn")
        case "applied" if facts.reply_ms is not None:
            return (f"✓ in {_brief(facts.reply_ms)}", "good")
        case "applied":
            return ("✓ applied", "good")
    if facts.differs:
        return (f"≠ file {shown_value(facts.in_file, facts.key) or 'none'}", "accent")
    restarts = facts.setting.field.changes == "new connection"
    return ("restart", "dim") if restarts else ("", "")


def _brief(ms: float) -> str:
    return f"{ms:.0f} ms" if ms < 1000 else f"{ms / 1000:.1f} s"


def _force_and_mark(facts: SettingFacts, mark: Span, columns: SettingColumns) -> list[Span]:
    """What is in force and the mark. A mark that is wider than its column takes blanks of the
    column before."""
    width = columns.in_force + columns.mark
    text = (
        fit(shown_value(facts.in_force, facts.key), columns.in_force - 1)
        if columns.in_force
        else ""
    )
    start = columns.in_force
    if cells([mark]) > columns.mark:
        start = max(cells([(text, "")]) + 2 if text else 0, width - cells([mark]))
        start = min(start, columns.in_force)
    look = "warn" if facts.status in ("ignored", "changed", "refused") else ""
    return [*_padded([(text, look)], start), (fit(mark[0], width - start), mark[1])]


def _reason_lines(facts: SettingFacts, width: int, keymap: Mapping[str, str]) -> list[Spans]:
    """Why the value was refused, cut before the ways out of it, or what the service warns of."""
    refused = facts.status == "refused"
    if not refused and not facts.warning:
        return []
    cure = with_keys(_cure(facts), keymap) if refused else ""
    room = width - _REASON_AT - 3
    said = facts.reason if refused else facts.warning
    reason = printable(said).rstrip(".") or "the service refused it"
    reason = fit(reason, (_MOST_REASON_ROWS - 1) * room - len(cure))
    mark: Span = ("✗ ", "bad") if refused else ("! ", "warn")
    words: list[Span] = [mark, (reason, ""), (cure, "dim")]
    return [
        [(" " * (_REASON_AT + (2 if number else 0)), ""), *line]
        for number, line in enumerate(wrap(words, room))
    ]


def _cure(facts: SettingFacts) -> str:
    """A new connection takes what only an open one refuses."""
    takes_back = "Esc takes it back"
    if facts.setting.field.changes == "at once":
        return f". {takes_back}"
    return f". {{session.restart}} restarts with it, {takes_back}"


def _padded(spans: Spans, width: int) -> list[Span]:
    return [*spans, (" " * max(0, width - cells(spans)), "")]
