"""The console's part of the user's config file: keys, theme and glyphs. A broken file costs
one message."""

from dataclasses import dataclass, field
from pathlib import Path

import platformdirs
from voicelive_common.text_file import read_text_file
from voicelive_common.toml.read import TomlProblem, read_toml

from voicelive_tui.engine.config.settings import APP
from voicelive_tui.tui.glyphs import Glyphs, glyphs_fault
from voicelive_tui.tui.keymap import check_keymap


def config_path() -> Path:
    """The path of the config file."""
    return Path(platformdirs.user_config_dir(APP, appauthor=False)) / "config.toml"


@dataclass(frozen=True, slots=True)
class ConsoleConfig:
    """The settings of the console. keys: Textual's key names by command id. theme: its name, empty
    for the default. glyphs: the characters that are drawn. problems: one sentence for each entry
    that cannot be used."""

    keys: dict[str, str] = field(default_factory=dict)
    theme: str = ""
    glyphs: Glyphs = "auto"
    problems: tuple[str, ...] = ()


def read_config(path: Path) -> ConsoleConfig:
    """Read the file's `[keys]` table, its `theme` and its `glyphs`. Without a file, everything has
    its default."""
    try:
        document = read_toml(read_text_file(path))
    except FileNotFoundError:
        return ConsoleConfig()
    except OSError as error:
        return ConsoleConfig(
            problems=(f"{path} cannot be read ({error.strerror}); the default keys are used.",)
        )
    except UnicodeDecodeError:
        return ConsoleConfig(problems=(f"{path} is not UTF-8 text; the default keys are used.",))
    if isinstance(document, TomlProblem):
        return ConsoleConfig(
            problems=(f"{path} cannot be used ({document}); the default keys are used.",)
        )
    keys, problems = check_keymap(document.get("keys"))
    theme, glyphs = document.get("theme", ""), document.get("glyphs", "auto")
    if fault := glyphs_fault(glyphs):
        glyphs, problems = "auto", (*problems, f"{path}: {fault}.")
    return ConsoleConfig(keys, theme if isinstance(theme, str) else "", glyphs, problems)
