"""Reads a text file that anyone may have written: an ordinary file of bounded size, or an OSError that says what it is."""

import errno
import os
import stat
from pathlib import Path
from typing import Final

MOST_BYTES: Final = 2**20


def read_text_file(path: Path, errors: str = "strict") -> str:
    """The text of a UTF-8 file, a leading byte order mark left out and line ends as `\\n`. Raises OSError, UnicodeDecodeError.

    A pipe or a device is refused, because reading it might never end, and so is a file of more than `MOST_BYTES`.
    errors: what to do with bytes that are no UTF-8, as for `bytes.decode`.
    """
    fd = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))
    try:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise OSError(errno.EINVAL, "it is no ordinary file")
        with open(fd, "rb", closefd=False) as file:
            data = file.read(MOST_BYTES + 1)
    finally:
        os.close(fd)
    if len(data) > MOST_BYTES:
        raise OSError(errno.EFBIG, "it is larger than 1 MiB")
    return data.decode("utf-8-sig", errors).replace("\r\n", "\n").replace("\r", "\n")
