"""Sentences name commands and no keys, because a user can remap keys and a pipeline has none. Below
the front ends only cures name commands; the console replaces each by its key."""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
from voicelive_tui.tui.commands import BY_ID

APP = Path(__file__).parents[1] / "app"
FRONT_ENDS = ("tui", "headless", "cli.py", "subcommands.py", "options.py", "__main__.py")
COMMAND = re.compile(r"\{([a-z]+\.[a-z_0-9]+)\}")
VERBS = (
    "asks closes collapses copies edits ends filters follows gives interrupts lists mutes opens "
    "puts selects sends shows speaks starts stops types writes"
)
COMMAND_KEY = re.compile(
    rf"(?<![\w'\"/-])[A-Za-z/?+](?= ({VERBS.replace(' ', '|')})\b|: [a-z])|\^[A-Za-z]\b"
)
"""The key of a command, written into a sentence: "w writes", "i: type", "^e"."""
ANY_KEY = re.compile(
    rf"{COMMAND_KEY.pattern}|(?i:\bpress(es|ed)?\s)|(?i:\b(ctrl|shift|alt)\s?[-+]\s?\w)"
    r"|\b(Esc|Enter|PgUp|PgDn|F[0-9]{1,2})\b"
)
OWN_KEYS = ("picker.py", "profile.py", "quit.py", "text_modal.py", "trust.py", "unsaved.py")
"""Windows with keys of their own, which cannot be remapped."""


@cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of a module."""
    return ast.parse(path.read_text("utf-8"))


def below() -> Iterator[Path]:
    """Every module of the console below the front ends, and those shared with the simulator."""
    for path in (APP / "voicelive_tui").rglob("*.py"):
        if path.relative_to(APP / "voicelive_tui").parts[0] not in FRONT_ENDS:
            yield path
    yield from (APP / "voicelive_common").rglob("*.py")


def documented(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and value of every string that is not a docstring."""
    docs = {id(node.value) for node in ast.walk(tree) if documented(node)}  # type: ignore[attr-defined]  # an Expr
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.lineno, node.value


def naming(key: re.Pattern[str], modules: Iterable[Path]) -> list[str]:
    """Every string of more than one word that names such a key."""
    return [
        f"{path.name}:{line}: {text}"
        for path in modules
        for line, text in texts(parsed(path))
        if " " in text.strip() and key.search(text)
    ]


@pytest.mark.parametrize("text", ["; w writes it", " + opens one", "a gives it", "^e", "i: type"])
def test_a_key_that_is_written_out_is_seen(text: str) -> None:
    assert COMMAND_KEY.search(text)


@pytest.mark.parametrize("text", ["Press s to start it.", "Stopped with Ctrl+C.", "Esc goes back"])
def test_a_key_of_any_kind_is_seen(text: str) -> None:
    assert ANY_KEY.search(text)


def test_no_sentence_below_the_front_ends_names_a_key() -> None:
    modules = list(below())
    assert len(modules) > 100
    assert naming(ANY_KEY, modules) == []


def test_the_console_writes_out_no_key_of_a_command() -> None:
    modules = [
        path
        for path in (APP / "voicelive_tui/tui").rglob("*.py")
        if path.parent.name != "screens" or path.name not in OWN_KEYS
    ]
    assert len(modules) > 40
    assert naming(COMMAND_KEY, modules) == []


def cures(tree: ast.AST) -> Iterator[ast.expr]:
    """Every expression that is passed as a cure."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        yield from (keyword.value for keyword in node.keywords if keyword.arg == "cure")
        if isinstance(node.func, ast.Name) and node.func.id == "Notice":
            yield from node.args[2:]


def test_a_cure_is_a_constant_so_that_nothing_foreign_can_name_a_command() -> None:
    found = [
        (path.name, cure)
        for path in APP.rglob("voicelive_tui/**/*.py")
        for cure in cures(parsed(path))
    ]
    assert len(found) > 4
    passed_on = (ast.Constant, ast.Name, ast.Attribute)
    assert [name for name, cure in found if not isinstance(cure, passed_on)] == []


def named_cures(tree: ast.AST) -> Iterator[ast.expr]:
    """Every value that is assigned to a name that ends in _CURE."""
    for node in ast.walk(tree):
        match node:
            case ast.Assign([ast.Name(name)], value) if name.endswith("_CURE"):
                yield value


def test_below_the_front_ends_only_cures_name_commands_so_that_the_texts_read_alone() -> None:
    counts = {"cures": 0, "all": 0}
    for path in below():
        tree = parsed(path)
        for expression in (*cures(tree), *named_cures(tree)):
            counts["cures"] += any(COMMAND.search(text) for _, text in texts(expression))
        counts["all"] += sum(bool(COMMAND.search(text)) for _, text in texts(tree))
    assert counts["cures"] == counts["all"] > 4


def test_every_command_that_a_sentence_names_exists() -> None:
    named = [
        (path.name, command)
        for path in APP.rglob("voicelive_tui/**/*.py")
        for _, text in texts(parsed(path))
        for command in COMMAND.findall(text)
    ]
    assert len(named) > 4
    assert [pair for pair in named if pair[1] not in BY_ID] == []
