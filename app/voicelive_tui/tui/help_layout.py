"""The lines of the help: keys in columns, what signs and words mean, and every command by name.
Pure functions of keymap, width and height."""

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Final

from voicelive_tui.tui.command_words import NUMBERED, in_groups, words_of
from voicelive_tui.tui.commands import COMMANDS, Command
from voicelive_tui.tui.keymap import key_of, keys_of
from voicelive_tui.tui.widgets.spans import Span, Spans, cells, fit, wrap

COLUMN_CELLS: Final = 31
"""The narrowest column."""
_KEY_CELLS: Final = 4
_MOST_KEY_CELLS: Final = 16
_SIGN_GAP: Final = "   "

_SIGNS: Final[tuple[tuple[Span, str], ...]] = (
    ((">", "sent"), "sent"),
    (("<", "received"), "received"),
    (("=", "local"), "this machine"),
    (("●", "bad"), "on air"),
    (("▶", ""), "running"),
    (("~", ""), "connects"),
    (("✗", "bad"), "failed, cut"),
    (("■", ""), "a recording"),
    (("▸", "mark"), "under the cursor, slowest, first sound heard"),
    (("▌", "warn"), "heard up to here"),
    (("░", "dim"), "nobody heard it"),
    (("··", "dim"), "silence waited"),
    (("≈", "warn"), "like what was playing"),
    (("╰╯", "call"), "a tool"),
    (("i", "sent"), "a text sent"),
    (("◆", "call"), "your mark"),
    (("◇", "bad"), "an error"),
    (("╎", "dim"), "no connection, no sound link"),
    (("!", "warn"), "slow, ignored, over a limit"),
)
_WORDS: Final = (
    ("heard after", "ms from your last voiced sample to the first sample that left the speaker"),
    ("p50 p95", "half of the answers were heard within p50, 95 of 100 within p95"),
    ("tok est", "tokens of text and sound as the service counts them; est: an estimate, of ours"),
    ("expires", "time until the service ends this connection; a new one follows by itself"),
    ("dBFS", "level: 0 is the loudest, speech lies between -30 and -12, -60 is silence"),
    ("drops gaps", "blocks of sound that were not sent; times an answer had nothing to play"),
    ("sound", "machine with microphone and speaker, round trip of the link; LOST: nothing comes"),
    ("rec", "what this session has recorded so far; NOT RECORDING: the disk takes nothing"),
)
"""The words of the status and meter rows, and what they mean."""
_NOTES: Final = (
    ("filter", 'words of a type, -word leaves out, > < = a direction, error, item:ID, "any text"'),
    ("echo", "the echo cancellation that the service confirmed"),
)
"""What is explained behind the names of the commands."""


def help_lines(
    keymap: Mapping[str, str], config: str, width: int, height: int
) -> tuple[list[Spans], int]:
    """All lines of the help, none wider than `width` cells, and the number of the line at which the
    names of the commands begin. They begin at the top of a page of `height` lines if all before
    them is on one. config: the path of the config file."""
    first = [*key_columns(keymap, width), *sign_lines(width)]
    if len(first) < height:
        first += [[]] * (height - len(first))
    return [*first, *name_lines(keymap, config, width)], len(first)


def key_columns(keymap: Mapping[str, str], width: int) -> list[Spans]:
    """The groups of commands in as many columns as fit, a heading above each group."""
    columns: list[list[Spans]] = [[] for _ in range(max(1, (width - 1) // COLUMN_CELLS))]
    blocks = [
        [[(group.upper(), "title")], *rows]
        for group, commands in in_groups().items()
        if (rows := _key_rows(commands, keymap))
    ]
    for block in blocks:
        shortest = min(columns, key=len)
        shortest += [[], *block] if shortest else block
    used = [column for column in columns if column]
    each = (width - 1) // len(used)
    return [
        [(" ", ""), *(span for cell in row for span in _padded(cell, each))]
        for row in zip_longest(*used, fillvalue=())
    ]


def _key_rows(commands: Sequence[Command], keymap: Mapping[str, str]) -> list[Spans]:
    """One row for all commands of one word: their keys and the word."""
    by_word: dict[str, list[Command]] = {}
    for command in commands:
        if word := words_of(command).short:
            by_word.setdefault(word, []).append(command)
    keys = {word: _row_keys(members, keymap) for word, members in by_word.items()}
    wide = min(_MOST_KEY_CELLS, max((_KEY_CELLS, *(cells([(key, "")]) for key in keys.values()))))
    return [[(fit(key, wide).ljust(wide + 1), "keycap"), (word, "")] for word, key in keys.items()]


def _row_keys(commands: Sequence[Command], keymap: Mapping[str, str]) -> str:
    """The first key of each command, as many as there is room for; one range for the tabs by
    number."""
    names = [command.id for command in commands]
    ranged = set(NUMBERED) <= set(names) and not any(each in keymap for each in NUMBERED)
    shown = [key_of(name, keymap) for name in names if not (ranged and name in NUMBERED)]
    first, *more = [*shown, "1-9"] if ranged else shown
    for key in more:
        if len(first) + 1 + len(key) <= _MOST_KEY_CELLS:
            first += f" {key}"
    return first


def _padded(spans: Spans, width: int) -> list[Span]:
    """The spans cut or filled to `width` cells, a blank cell at their end."""
    out: list[Span] = []
    room = width - 1
    for text, look in spans:
        out.append((fit(text, room), look))
        room -= cells(out[-1:])
    return [*out, (" " * (room + 1), "")]


def sign_lines(width: int) -> list[Spans]:
    """What the glyphs mean, as many as fit on a line, then the words, one a line."""
    lines: list[list[Span]] = [[]]
    for (glyph, look), meaning in _SIGNS:
        pair: list[Span] = [(f" {glyph}", look), (f" {meaning}{_SIGN_GAP}", "dim")]
        if cells(lines[-1]) + cells(pair) - len(_SIGN_GAP) > width:
            lines.append([])
        lines[-1] += pair
    for line in lines:
        text, look = line[-1]
        line[-1] = (text.rstrip(), look)
    return [
        rule("signs", width),
        *(_cut(line, width) for line in lines),
        *_explained(_WORDS, width),
    ]


def _explained(words: Sequence[tuple[str, str]], width: int) -> list[Spans]:
    """Each word and what it means, the meanings below one another."""
    indent = max(len(word) for word, _ in words) + 3
    out: list[Spans] = []
    for word, meaning in words:
        first, *rest = wrap([(meaning, "dim")], max(8, width - indent))
        out.append([(f" {word}".ljust(indent), "accent"), *first])
        out += [[(" " * indent, ""), *line] for line in rest]
    return out


def rule(name: str, width: int) -> list[Span]:
    """A heading within a rule of `width` cells."""
    text = f"── {name} "
    return [(fit(text + "─" * max(0, width - len(text) - 1), width), "rule")]


def name_lines(keymap: Mapping[str, str], config: str, width: int) -> list[Spans]:
    """Every command: its keys, its name in the config file, its sentence where there is room."""
    rows = [(" ".join(keys_of(each.id, keymap)), each) for each in COMMANDS]
    wide = min(24, max(len(keys) for keys, _ in rows))
    longest = max(len(each.id) for each in COMMANDS)
    out: list[Spans] = [rule("commands by name", width)]
    for keys, command in rows:
        label: list[Span] = [
            (f" {fit(keys, wide):<{wide}}  ", "keycap"),
            (f"{command.id:<{longest}}  ", "accent"),
        ]
        out.append(_cut([*label, (command.help, "")], width))
    return [*out, [], *_explained(_NOTES, width), *_about_config(config, width)]


def _about_config(config: str, width: int) -> list[Spans]:
    about = f'Every key can be changed: "session.mute" = "f5" below [keys] in {config}'
    return [[(" ", ""), *line] for line in wrap([(about, "dim")], width - 2)]


def _cut(spans: Spans, width: int) -> list[Span]:
    """The spans cut to `width` cells."""
    out: list[Span] = []
    room = width
    for text, look in spans:
        if room <= 0:
            break
        out.append((fit(text, room), look))
        room -= cells(out[-1:])
    return out
