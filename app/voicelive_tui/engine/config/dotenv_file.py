"""Reads `.env` files. One may have come with a repository, so its cost is bounded; it may hold the
key, so no error message holds its text."""

import errno
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from voicelive_common.text_file import read_text_file

from voicelive_tui.engine.config.settings import SettingsError

if TYPE_CHECKING:
    from dotenv.parser import Binding

MAX_CHARACTERS: Final = 2**17
_MAX_BLANKS: Final = 64
_LONG_BLANKS: Final = re.compile(rf"[^\S\n]{{{_MAX_BLANKS + 1},}}")
_OWN_NAME_PARTS = ("VOICELIVE_", "VOICE_LIVE_")
"""The name of every variable that this program reads holds one of these."""


def read_dotenv(path: Path) -> dict[str, str]:
    """Return the variables of a `.env` file; none when there is no such file.

    Raises SettingsError when the file cannot be read, or a line for this program is malformed.
    """
    if not path.is_file():
        return {}
    bindings = _parse_or_refuse(path)
    for binding in bindings:
        _check_binding(path, binding)
    return {binding.key: binding.value for binding in bindings if binding.key and binding.value}


def malformed_lines(path: Path) -> tuple[int, ...]:
    """Return the numbers of the lines that are not NAME=value; none for an unreadable file, which
    `read_dotenv` refuses."""
    try:
        bindings = _parse(path)
    except (OSError, ValueError):
        return ()
    return tuple(binding.original.line for binding in bindings if binding.error)


def _parse(path: Path) -> "Sequence[Binding]":
    """Parse the file line by line. Raises OSError, also for a file that is too large, and whatever
    the parser raises.

    The parser takes time with the square of a run of blanks, so a long run counts as a short one.
    """
    from dotenv.parser import parse_stream

    text = read_text_file(path)
    if len(text) > MAX_CHARACTERS:
        raise OSError(errno.EFBIG, f"it is larger than {MAX_CHARACTERS // 1024} KiB")
    return list(parse_stream(io.StringIO(_LONG_BLANKS.sub(" " * _MAX_BLANKS, text))))


def _parse_or_refuse(path: Path) -> "Sequence[Binding]":
    try:
        return _parse(path)
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be read ({error.strerror}); make it a readable text file of NAME=value "
            "lines, or remove it."
        ) from None
    # The parser's errors are not documented, and the file comes from outside.
    except Exception:
        raise SettingsError(
            f"{path} cannot be read; check that it is a text file of NAME=value lines."
        ) from None


def _check_binding(path: Path, binding: "Binding") -> None:
    """Refuse a malformed line for this program; lines for other programs are ignored."""
    line = binding.original.line
    if binding.error and any(part in binding.original.string for part in _OWN_NAME_PARTS):
        raise SettingsError(f"{path} line {line} is not NAME=value; check its quotes.")
    if any(part in (binding.key or "") for part in _OWN_NAME_PARTS) and any(
        char < " " for char in binding.value or ""
    ):
        # No system takes such a value as a path or a name, and no server as a key.
        raise SettingsError(f"{path} line {line} holds a control character; write the value again.")
