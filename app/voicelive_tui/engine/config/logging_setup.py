"""Sets up the program's log file for diagnosis. Nothing is logged to the screen, and no secret to
the file.

Invariant: only a new file, an empty one or an earlier log is appended to, and no link is followed:
a service has a say in the lines, and a link may lead to a file that a shell or this program reads.
"""

import errno
import io
import logging
import os
import re
import stat
from pathlib import Path

from voicelive_common.redaction.redact import redact

from voicelive_tui.engine.config.settings import SettingsError

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_BEGINNING = re.compile(rb"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d")
_APPEND = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0)
_OF_THE_SYSTEM = ("/dev/", "/proc/self/fd/")
"""Where links such as `/dev/stderr` lead to what the user chose for this process."""


class _Redacted(logging.Formatter):
    """Formats a record with its traceback and redacts the secrets."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


def start_log(path: Path | None) -> None:
    """Log into this file, or nowhere when path is None. Raises SettingsError when the file cannot
    be written."""
    root = logging.getLogger()
    if path is None:
        # Python prints warnings on standard error when there is no handler.
        root.addHandler(logging.NullHandler())
        return
    try:
        stream = _open_log(path)
    except OSError as error:
        raise SettingsError(
            f"The log {path} cannot be written ({error.strerror}); name another file with --log."
        ) from None
    handler = logging.FileHandler(path, delay=True)
    handler.stream = stream
    handler.setFormatter(_Redacted(_FORMAT))
    root.addHandler(handler)
    root.setLevel(logging.INFO)


def _open_log(path: Path) -> io.TextIOWrapper:
    """The log, open for appending. Raises OSError."""
    if os.path.abspath(path).startswith(_OF_THE_SYSTEM):
        fd = os.open(path, os.O_WRONLY | os.O_APPEND)
    elif path.is_symlink():
        raise OSError(errno.ELOOP, "it is a link")
    else:
        fd = os.open(path, _APPEND | getattr(os, "O_NOFOLLOW", 0), 0o600)
        if stat.S_ISREG(os.fstat(fd).st_mode) and not _may_grow(fd):
            os.close(fd)
            raise OSError(errno.EEXIST, "it holds something else than a log")
    return io.TextIOWrapper(
        io.FileIO(fd, "a"), encoding="utf-8", errors="backslashreplace", write_through=True
    )


def _may_grow(fd: int) -> bool:
    os.lseek(fd, 0, os.SEEK_SET)
    beginning = os.read(fd, 32)
    return not beginning or _BEGINNING.match(beginning) is not None
