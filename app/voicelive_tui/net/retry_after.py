"""The wait that an HTTP answer asks for in its `Retry-After` header (RFC 9110, 10.2.3)."""

import email.utils
import math
import time
from collections.abc import Mapping

MAX_RETRY_AFTER_S = 600.0
"""A longer wait is shortened to this: a wrong clock or header must not stop a session for days."""


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Return the wait in seconds, from 0 to `MAX_RETRY_AFTER_S`; None without a valid header.

    A date is compared with the answer's own `Date`, so that a wrong clock of this machine does not
    matter, and with this machine's clock only without that.
    """
    value = headers.get("Retry-After") or ""
    try:
        wait_s = float(value)
    except ValueError:
        at_s, now_s = _unix_s(value), _unix_s(headers.get("Date") or "")
        if at_s is None:
            return None
        wait_s = max(0.0, at_s - (time.time() if now_s is None else now_s))
    if math.isnan(wait_s) or wait_s < 0:
        return None
    return min(wait_s, MAX_RETRY_AFTER_S)


def _unix_s(date: str) -> float | None:
    try:
        return email.utils.parsedate_to_datetime(date).timestamp()
    except (ValueError, OverflowError, OSError):
        return None
