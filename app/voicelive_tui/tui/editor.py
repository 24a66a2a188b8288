"""Runs the user's own editor on a file while the console is suspended."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

_KNOWN = ("nano", "vim", "vi", "emacs", "notepad")
_TAKES_LINE = {"vi", "vim", "nvim", "nano", "emacs", "micro", "hx", "kak"}


class NoEditor(Exception):
    """No editor can be run. The text is one sentence with the cure."""


def editor_command() -> list[str]:
    """The command in `$VISUAL` or `$EDITOR`, else the first well-known editor that is installed.
    Raises NoEditor."""
    for name in ("VISUAL", "EDITOR"):
        if command := shlex.split(os.environ.get(name, "")):
            if shutil.which(command[0]) is None:
                raise NoEditor(
                    f"${name} names {command[0]!r}, which is not installed; set it to an editor "
                    "that is."
                )
            return command
    found = next((name for name in _KNOWN if shutil.which(name)), None)
    if found is None:
        raise NoEditor("There is no editor: set EDITOR, for example EDITOR=nano.")
    return [found]


def edit(command: list[str], path: Path, line: int | None = None) -> None:
    """Run the editor until the user leaves it. line: where it starts, if it supports that. Raises
    NoEditor when it cannot run."""
    start = [f"+{line}"] if line and Path(command[0]).name in _TAKES_LINE else []
    try:
        subprocess.run([*command, *start, str(path)], check=False, stderr=sys.__stderr__)
    except OSError as error:
        raise NoEditor(
            f"{command[0]} does not run ({error.strerror or error}); set EDITOR to another editor."
        ) from error
