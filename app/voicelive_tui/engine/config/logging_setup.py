"""Sets up the program's log file for diagnosis. Nothing is logged to the screen, and no secret to
the file."""

import logging
import os
from pathlib import Path

from voicelive_common.redaction.redact import redact

from voicelive_tui.engine.config.settings import SettingsError

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


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
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
        handler = logging.FileHandler(path, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise SettingsError(
            f"The log {path} cannot be written ({error.strerror}); name another file with --log."
        ) from None
    handler.setFormatter(_Redacted(_FORMAT))
    root.addHandler(handler)
    root.setLevel(logging.INFO)
