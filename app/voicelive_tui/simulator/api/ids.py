"""Identifiers as the service writes them: a prefix and 22 base62 characters (protocol.md 5)."""

from __future__ import annotations

import random
import string

_BASE62 = string.digits + string.ascii_letters


class Ids:
    """Makes identifiers; the same seed makes the same sequence."""

    def __init__(self, seed: int | None = None) -> None:
        self._random = random.Random(seed)

    def new(self, prefix: str) -> str:
        return f"{prefix}_{''.join(self._random.choices(_BASE62, k=22))}"
