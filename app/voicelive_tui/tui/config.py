"""The console's part of the person's config file: keys and theme. A broken file costs nothing but a sentence."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs

from voicelive_tui.engine.settings import APP
from voicelive_tui.tui.commands import check_keymap


def config_path() -> Path:
    """Where the file is looked for."""
    return Path(platformdirs.user_config_dir(APP, appauthor=False)) / "config.toml"


@dataclass(frozen=True, slots=True)
class ConsoleConfig:
    """keys: command id to Textual's key names; problems: a sentence for each entry that cannot be used."""

    keys: dict[str, str] = field(default_factory=dict)
    theme: str = ""
    problems: tuple[str, ...] = ()


def read_config(path: Path) -> ConsoleConfig:
    """The file's `[keys]` table and its `theme`; all defaults when there is no file."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ConsoleConfig()
    except (OSError, UnicodeDecodeError) as error:
        return ConsoleConfig(problems=(f"{path} cannot be read ({error.__class__.__name__}); the default keys are used.",))
    except tomllib.TOMLDecodeError as error:
        return ConsoleConfig(problems=(f"{path} is not TOML: {error}; the default keys are used.",))
    keys, problems = check_keymap(document.get("keys"))
    theme = document.get("theme", "")
    return ConsoleConfig(keys, theme if isinstance(theme, str) else "", problems)
