"""When to say that the service will end a session (protocol.md sections 3 and 14)."""

_AHEAD_S = (300, 60)


def warnings(expires_at_unix_s: float, now_unix_s: float) -> list[tuple[float, str]]:
    """(delay in seconds, sentence) for each warning that is still ahead."""
    left_s = expires_at_unix_s - now_unix_s
    return [(left_s - ahead_s, _sentence(ahead_s)) for ahead_s in _AHEAD_S if left_s > ahead_s]


def _sentence(ahead_s: int) -> str:
    minutes = ahead_s // 60
    return f"The service ends this session in {minutes} minute{'s' if minutes > 1 else ''}; start a new one to go on longer."
