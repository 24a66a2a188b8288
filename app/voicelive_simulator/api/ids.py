"""Makes identifiers in the service's format: a prefix and 22 base62 characters (protocol.md 5)."""

from __future__ import annotations

import random
import string
from collections.abc import Container

_BASE62 = string.digits + string.ascii_letters


class Ids:
    """Makes identifiers; the same seed makes the same sequence, except for identifiers that are
    taken."""

    def __init__(self, seed: int | None = None) -> None:
        self._random = random.Random(seed)
        self._taken: Container[str] = ()

    def avoid(self, taken: Container[str]) -> None:
        """Make no identifier that is in `taken` at that time: a client may recreate an item under
        the id that it had in an earlier session with the same seed."""
        self._taken = taken

    def new(self, prefix: str) -> str:
        while (new_id := f"{prefix}_{''.join(self._random.choices(_BASE62, k=22))}") in self._taken:
            pass
        return new_id
