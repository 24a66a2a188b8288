"""The rows of the page that compares what was asked for with what is in force. Pure functions of
values."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from voicelive_common.printable import printable
from voicelive_common.redaction.redact import redact

from voicelive_tui.model.events.gists.phrases import moment
from voicelive_tui.model.events.session_settings import SettingPath
from voicelive_tui.model.session.outcome import SessionConfiguration, SettingsInForce
from voicelive_tui.tui.formatting import amount, plural
from voicelive_tui.tui.setting_comparison import (
    ComparedSetting,
    Deviation,
    by_object,
    shown_setting,
)
from voicelive_tui.tui.widgets.spans import Span, Spans, fit, fit_middle, wrap

_KEY_AT: Final = 3
_DEVIATION_CELLS: Final = 12
_NARROW_BELOW: Final = 99
_WIDE_FROM: Final = 140
_MOST_CHANGES: Final = 3
_HEADED_FROM: Final = 3
"""An object with this many rows has one for its name."""
_ONLY_REPORTED: Final = ("id", "object", "expires_at")
_PREFIX: Final = "input_audio_"
_KEEP_PREFIX: Final = ("input_audio_format", "input_audio_sampling_rate")
_MARKS: Final[Mapping[Deviation, tuple[str, str, str]]] = {
    "": ("", "", ""),
    "applied": ("", "", ""),
    "differs": ("≠", "≠ file", "warn"),
    "added": ("+", "+ added", "dim"),
    "ignored": ("!", "! ignored", "warn"),
    "changed": ("!", "! changed", "warn"),
    "refused": ("✗", "✗ refused", "bad"),
    "waiting": ("", "waits", "dim"),
}
"""The mark at the left, the one at the right, and their look."""


class Inaction(Protocol):
    """Why a setting that was accepted does not act, with its cure; of the setting with this key."""

    @property
    def key(self) -> str:
        """The setting's key in a profile."""

    @property
    def sentence(self) -> str:
        """What was seen."""

    @property
    def cure(self) -> str:
        """What helps."""


@dataclass(frozen=True, slots=True)
class InForceRow:
    """A row. key: the setting that it is about, empty for none. n: the record that it is about,
    None for none."""

    spans: Spans
    key: str = ""
    n: int | None = None

    @property
    def leads_on(self) -> bool:
        """Whether the cursor stops here."""
        return bool(self.key) or self.n is not None


@dataclass(frozen=True, slots=True)
class InForceColumns:
    """The cells of the columns in a page of some width."""

    key: int
    file: int
    asked: int
    in_force: int


def columns_for(width: int) -> InForceColumns:
    """Divide a page of this width: the state at the right end and the names keep their cells."""
    key = 40 if width >= _WIDE_FROM else 27 if width >= _NARROW_BELOW else 25
    room = max(0, width - _KEY_AT - key - _DEVIATION_CELLS)
    each = min(42, room // 3 if width < _NARROW_BELOW else room * 37 // 100)
    return InForceColumns(key, each, each, max(0, min(42, room - 2 * each)))


def heading_row(settings: SettingsInForce, width: int) -> InForceRow:
    """The names of the columns, with the times of the last update and of the last report."""
    columns = columns_for(width)
    asked_s, in_force_s = settings.asked_s, settings.in_force_s
    asked = "asked" if asked_s is None else f"asked {moment(asked_s, 1)}"
    in_force = "in force" if in_force_s is None else f"in force {moment(in_force_s, 1)}"
    texts = (
        (f"{'':{_KEY_AT}}key", _KEY_AT + columns.key),
        ("file", columns.file),
        (asked, columns.asked),
        # What follows this column needs no heading.
        (in_force, columns.in_force + _DEVIATION_CELLS),
    )
    return InForceRow([("".join(_padded(text, cells) for text, cells in texts), "dim")])


def setting_rows(compared: Sequence[ComparedSetting], width: int) -> Iterator[InForceRow]:
    """Yield the rows of the settings, those of one object below its name."""
    columns = columns_for(width)
    for _, settings in by_object(compared):
        above = () if _needs_heading(settings, columns) else settings[0].path[:-1]
        for each in settings:
            objects = each.path[:-1]
            for depth in range(len(objects)):
                if objects[: depth + 1] != above[: depth + 1]:
                    yield InForceRow([(_indented(objects[: depth + 1]), "")])
            first = each is settings[0] and above == objects
            name = ".".join(_whole_name(each)) if first else _indented(each.path)
            above = objects
            yield _setting_row(each, name.lstrip() if first else name[_KEY_AT:], columns)


def _needs_heading(settings: Sequence[ComparedSetting], columns: InForceColumns) -> bool:
    """Whether the name of an object has a row of its own, because that of its first setting cannot
    stand in front of the setting's own name."""
    whole = ".".join(_whole_name(settings[0]))
    deep = any(len(each.path) > 2 for each in settings)
    return deep or len(settings) >= _HEADED_FROM or len(whole) >= columns.key


def _indented(path: SettingPath) -> str:
    """The last name of a path, as far to the right as it is deep."""
    name = printable(path[-1] if len(path) > 1 else _short(path[0]))
    return " " * (_KEY_AT + 2 * (len(path) - 1)) + ("." if len(path) > 1 else "") + name


def _setting_row(each: ComparedSetting, name: str, columns: InForceColumns) -> InForceRow:
    mark, state, look = _MARKS[each.deviation]
    name = fit_middle(printable(name), columns.key - 1)
    values = (
        (shown_setting(each.path, value), width)
        for value, width in (
            (each.file, columns.file),
            (each.asked, columns.asked),
            (each.in_force, columns.in_force),
        )
    )
    texts = "".join(_padded(printable(redact(text)), width) for text, width in values)
    spans: list[Span] = [
        (f" {mark:<2}", look),
        (_padded(name, columns.key), ""),
        (texts, ""),
        (state, look),
    ]
    return InForceRow(spans, each.key)


def _whole_name(each: ComparedSetting) -> list[str]:
    """The names of a setting on a row of its own."""
    first, *rest = each.path
    if first in _ONLY_REPORTED and not rest:
        return ["session", first]
    return [_short(first), *([] if rest == ["type"] else rest)]


def _short(name: str) -> str:
    return name if name in _KEEP_PREFIX else name.removeprefix(_PREFIX)


def _padded(text: str, width: int) -> str:
    """The text in exactly `width` cells, at least one of them blank."""
    from rich.cells import cell_len

    shown = fit(text, max(0, width - 1))
    return shown + " " * max(0, width - cell_len(shown))


def rule_row(title: str, width: int) -> InForceRow:
    """A rule with a title in it."""
    start = f" ── {title} "
    return InForceRow([(start + "─" * max(0, width - len(start)), "dim")])


def inaction_rows(inactions: Sequence[Inaction], width: int) -> Iterator[InForceRow]:
    """Yield the rows of what was accepted and does not act: what was seen, and what helps."""
    for each in inactions:
        for at, line in enumerate(_wrapped(each.sentence, width - 5)):
            spans: list[Span] = [(" !  " if not at else "    ", "warn"), *line]
            yield InForceRow(spans, each.key)
        for line in _wrapped(each.cure, width - 5):
            yield InForceRow([("    ", ""), *line], each.key)


def _wrapped(text: str, width: int) -> list[list[Span]]:
    return wrap([(printable(redact(text)), "")], width) if text else []


def configuration_rows(
    configurations: Sequence[SessionConfiguration], turns: Mapping[int, str], width: int
) -> Iterator[InForceRow]:
    """Yield a row for each configuration. turns: by its number, which turns had it."""
    for each in configurations:
        texts, look = _told(each)
        had = turns.get(each.number, "")
        head = f"    {moment(each.t_s, 1):<8}{each.origin:<19}"
        room = width - len(head) - (len(had) + 3 if had else 1)
        told = fit(printable(redact("   ".join(filter(None, texts)))), room)
        spans: list[Span] = [(head, "dim"), (told, look)]
        if had:
            spans.append((f"   {had}", "dim"))
        yield InForceRow(spans, n=each.n)


def _told(each: SessionConfiguration) -> tuple[tuple[str, ...], str]:
    """What is told of a configuration, and its look."""
    if each.origin == "session.created":
        return ("defaults of the service",), ""
    changes = f"{amount(each.keys)} keys" if each.first else _changes(each)
    if each.origin == "session.updated":
        return (changes, "by the service"), ""
    match each.state:
        case "waiting":
            return (changes, "no answer"), "dim"
        case "refused":
            return (changes, f"refused: {each.code or each.reason}"), "bad"
        case _:
            return (changes, _took(each), _result(each)), "warn" if _deviates(each) else ""


def _changes(each: SessionConfiguration) -> str:
    texts = list(dict.fromkeys(change.text for change in each.changes))
    more = len(texts) - _MOST_CHANGES
    shown = ", ".join(texts[:_MOST_CHANGES]) + (f" and {more} more" if more > 0 else "")
    return shown or "changes nothing"


def _took(each: SessionConfiguration) -> str:
    took_ms = each.reply_ms
    return "" if took_ms is None else f"{amount(int(took_ms))} ms"


def _deviates(each: SessionConfiguration) -> bool:
    return bool(each.ignored or each.changed)


def _result(each: SessionConfiguration) -> str:
    parts = (
        f"{amount(each.ignored)} ignored" * bool(each.ignored),
        f"{amount(each.changed)} changed" * bool(each.changed),
    )
    return ", ".join(filter(None, parts)) or "applied"


def hidden_row(hidden: int, key: str) -> InForceRow:
    """What is said of the settings that are not shown. key: the key that shows them."""
    verb = "is" if hidden == 1 else "are"
    return InForceRow(
        [(f"   {amount(hidden)} more {verb} the same in all three: {key} shows them", "dim")]
    )


def turns_of(numbers: Sequence[int]) -> str:
    """`turn 4`, `turns 1 to 3`, `turns 1, 3 and more`: numbers of turns, ascending."""
    first, last = numbers[0], numbers[-1]
    if first == last:
        return f"turn {first}"
    if last - first == len(numbers) - 1:
        return f"turns {first} to {last}"
    return f"{plural(len(numbers), 'turn')}, {first} to {last}"
