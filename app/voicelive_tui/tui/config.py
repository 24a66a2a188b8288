"""The console's part of the user's config file: keys, theme, glyphs and limits. Each entry that
cannot be used costs one sentence."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import platformdirs
from voicelive_common.printable import printable
from voicelive_common.text_file import read_text_file
from voicelive_common.toml.positions import key_positions, nearest_position
from voicelive_common.toml.read import TomlProblem, read_toml

from voicelive_tui.engine.config.prices_file import UnusablePrices, read_prices
from voicelive_tui.engine.config.settings import APP
from voicelive_tui.model.turns.prices import PriceTable
from voicelive_tui.tui.glyphs import Glyphs, glyphs_fault
from voicelive_tui.tui.keymap import check_keymap
from voicelive_tui.tui.limits import Limits, check_limits
from voicelive_tui.tui.theme import is_theme

_DEFAULTS = "; the defaults are used"


def config_path() -> Path:
    """The path of the config file."""
    return Path(platformdirs.user_config_dir(APP, appauthor=False)) / "config.toml"


@dataclass(frozen=True, slots=True)
class ConsoleConfig:
    """The settings of the console. keys: Textual's key names by command id. theme: its name, empty
    for the default. glyphs: the characters that are drawn. limits: what is marked when it is over
    one. problems: one sentence for each entry that cannot be used, with its line. prices: the
    user's price table, from a file of its own."""

    keys: dict[str, str] = field(default_factory=dict)
    theme: str = ""
    glyphs: Glyphs = "auto"
    problems: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    prices: PriceTable | None = None


def read_config(path: Path) -> ConsoleConfig:
    """Read the file's `[keys]` and `[limits]`, its `theme` and its `glyphs`. Without a file,
    everything has its default."""
    try:
        text = read_text_file(path)
    except FileNotFoundError:
        return ConsoleConfig()
    except OSError as error:
        return _unusable(f"{path.name} cannot be read ({error.strerror})")
    except UnicodeDecodeError:
        return _unusable(f"{path.name} is not UTF-8 text")
    document = read_toml(text)
    if isinstance(document, TomlProblem):
        line, column = document.at or (0, 0)
        where = f"{path.name}, line {line}, column {column}: " if line else f"{path.name}: "
        return _unusable(f"{where}{printable(document.message)}")
    return _checked(document, text, path.name)


def with_prices(config: ConsoleConfig, path: Path) -> ConsoleConfig:
    """Add the price table in this file, or the sentence that says why it cannot be used."""
    match read_prices(path):
        case PriceTable() as prices:
            return replace(config, prices=prices)
        case UnusablePrices(problem=problem):
            return replace(config, problems=(*config.problems, problem))
        case None:
            return config


def _unusable(fault: str) -> ConsoleConfig:
    return ConsoleConfig(problems=(f"{fault}{_DEFAULTS}.",))


def _checked(document: dict[str, Any], text: str, name: str) -> ConsoleConfig:
    """The settings of a document, and a sentence for each entry that cannot be used, in the order
    of the file."""
    keys, key_faults = check_keymap(document.get("keys"))
    faults = [(f"keys.{fault.command_id}".rstrip("."), fault.text) for fault in key_faults]
    limits, limit_faults = check_limits(document.get("limits"))
    faults += [(f"limits.{fault.key}".rstrip("."), fault.text) for fault in limit_faults]
    for entry, value in document.items():
        check = _ENTRIES.get(entry, _unknown)
        if fault := check(entry, value):
            faults.append((entry, fault))
    theme = document.get("theme", "")
    usable = isinstance(theme, str) and is_theme(theme)
    glyphs = document.get("glyphs", "auto")
    return ConsoleConfig(
        keys,
        theme if usable else "",
        "auto" if glyphs_fault(glyphs) else glyphs,
        _sentences(faults, text, name),
        limits,
    )


def _sentences(faults: list[tuple[str, str]], text: str, name: str) -> tuple[str, ...]:
    if not faults:
        return ()
    positions = key_positions(text)
    placed = [(nearest_position(entry, positions), fault) for entry, fault in faults]
    placed.sort(key=lambda each: each[0] or (0, 0))
    return tuple(
        f"{name}, line {at[0]}: {fault}." if at else f"{name}: {fault}." for at, fault in placed
    )


def _unknown(entry: str, value: object) -> str:
    *others, last = sorted(_ENTRIES)
    known = f"{', '.join(others)} and {last}"
    return f'there is no setting "{printable(entry)}"; {known} are known'


def _theme_fault(entry: str, value: object) -> str:
    if not isinstance(value, str):
        return 'theme must be a name such as "voicelive-dark"'
    return "" if is_theme(value) else f'there is no theme "{printable(value)}"; the default is used'


_ENTRIES: Mapping[str, Callable[[str, object], str]] = {
    "keys": lambda entry, value: "",  # `check_keymap` checks it
    "theme": _theme_fault,
    "glyphs": lambda entry, value: glyphs_fault(value),
    "limits": lambda entry, value: "",  # `check_limits` checks it
}
"""The entries of the file, each with a function from its name and value to a clause that says why
it cannot be used, empty if it can."""
