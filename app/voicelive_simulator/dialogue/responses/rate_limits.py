"""The token budget per minute, as rate_limits.updated reports it (protocol.md 3 and 5: documented,
absent from the SDK's models)."""

from __future__ import annotations

from collections import deque

from voicelive_simulator.api.schema import JSON

TOKENS_PER_MINUTE = 120_000
_WINDOW_S = 60.0


class RateLimits:
    """Counts one session's tokens over a sliding minute. The simulator reports the budget but does
    not enforce it."""

    def __init__(self) -> None:
        self._spent: deque[tuple[float, int]] = deque()
        self._tokens = 0

    def used(self, tokens: int, now_s: float) -> JSON:
        """Count a response that cost `tokens` and return the event to send. `reset_seconds` is the
        time until the whole budget is free again."""
        self._spent.append((now_s, tokens))
        self._tokens += tokens
        while self._spent[0][0] <= now_s - _WINDOW_S:
            self._tokens -= self._spent.popleft()[1]
        remaining = max(0, TOKENS_PER_MINUTE - self._tokens)
        limit = {
            "name": "tokens",
            "limit": TOKENS_PER_MINUTE,
            "remaining": remaining,
            "reset_seconds": _WINDOW_S,
        }
        return {"type": "rate_limits.updated", "rate_limits": [limit]}
