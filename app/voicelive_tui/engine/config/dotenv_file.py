"""Reads a `.env` file, which may have come with a repository: what it costs is bounded."""

import errno
import io
import re
from pathlib import Path
from typing import Final

from dotenv.parser import Binding, parse_stream
from voicelive_common.text_file import read_text_file

MOST_CHARACTERS: Final = 2**17
_MOST_BLANKS: Final = 64
_LONG_BLANKS: Final = re.compile(rf"[^\S\n]{{{_MOST_BLANKS + 1},}}")


def read_dotenv(path: Path) -> list[Binding]:
    """What the file says, line by line. Raises OSError, also for a file that is too large, and
    whatever the parser raises.

    The parser takes time with the square of a run of blanks, so a long run counts as a short one.
    """
    text = read_text_file(path)
    if len(text) > MOST_CHARACTERS:
        raise OSError(errno.EFBIG, f"it is larger than {MOST_CHARACTERS // 1024} KiB")
    return list(parse_stream(io.StringIO(_LONG_BLANKS.sub(" " * _MOST_BLANKS, text))))
