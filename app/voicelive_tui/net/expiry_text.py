"""Recognises the texts with which services say that a session or a token has expired, which have
no code of their own (protocol.md section 14)."""

import re

_TOKEN = re.compile(
    r"token[\s_-]*expired|token\s(?:has|have|is|was)(?:\salready)?\sexpired"
    r"|expired[\s_-]*(?:\w+[\s_-]+)?token|expiredauthenticationtoken",
    re.IGNORECASE,
)
_SESSION = re.compile(
    r"session[\s_-]*(?:has |is |was )?expired|maximum (?:session )?duration", re.IGNORECASE
)


def says_token_expired(text: str) -> bool:
    """Whether the text says that the token has expired. A text that names it as one of several
    reasons, such as "missing, invalid or have expired", does not."""
    return _TOKEN.search(text) is not None


def says_session_expired(text: str) -> bool:
    """Whether the text says that the session has reached its time limit."""
    return _SESSION.search(text) is not None
