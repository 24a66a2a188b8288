"""Reads a text file that anyone may have written. Only ordinary files of bounded size are read; for
others an OSError says what they are."""

import errno
import os
import stat
from pathlib import Path
from typing import Final

MOST_BYTES: Final = 2**20


def open_ordinary(path: str | Path, *, follow_links: bool = True) -> int:
    """Open an ordinary file for reading and return its descriptor. Raises OSError for a folder, a
    pipe or a device."""
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
    fd = os.open(path, flags if follow_links else flags | getattr(os, "O_NOFOLLOW", 0))
    mode = os.fstat(fd).st_mode
    if stat.S_ISREG(mode):
        return fd
    os.close(fd)
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    raise OSError(errno.EINVAL, "it is no ordinary file")


def read_text_file(path: Path, errors: str = "strict") -> str:
    """Return the text of a UTF-8 file, without a leading byte order mark and with line ends as
    `\\n`. Raises OSError, UnicodeDecodeError.

    A pipe or a device is refused, because reading it might never end, and so is a file of more than
    `MOST_BYTES`. errors: how to handle bytes that are not UTF-8, as for `bytes.decode`.
    """
    with open(open_ordinary(path), "rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise OSError(errno.EFBIG, "it is larger than 1 MiB")
    return data.decode("utf-8-sig", errors).replace("\r\n", "\n").replace("\r", "\n")
