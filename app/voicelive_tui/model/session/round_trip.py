"""When a round trip has changed so much that it is told again."""

_SHARE = 0.2
_LEAST_MS = 1.0


def differs_noticeably(before_ms: float | None, now_ms: float | None) -> bool:
    """Whether it differs by more than a fifth and a millisecond, or was not measured before."""
    if before_ms is None or now_ms is None:
        return before_ms is not now_ms
    return abs(now_ms - before_ms) > max(_LEAST_MS, before_ms * _SHARE)
