"""Sentences for the ends of an open socket, by close code and reason (protocol.md section 14)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from voicelive_tui.net.expiry_text import says_session_expired, says_token_expired
from voicelive_tui.net.recovery import Recovery
from voicelive_tui.net.server_text import clip

_Row = tuple[str, str, Recovery]

_BROKEN: Final[_Row] = (
    "The connection broke without a close frame",
    "check the network, then start again",
    Recovery.RETRY,
)
_ENDED: Final[_Row] = (
    "The service ended the session{detail}",
    "start a new one",
    Recovery.GIVE_UP,
)
_RESTARTS: Final[_Row] = (
    "The service restarts or is overloaded ({code}){detail}",
    "wait a moment, then start it again",
    Recovery.RETRY,
)
_PROTOCOL_ERROR: Final[_Row] = (
    "The connection ended with a protocol error ({code}){detail}",
    "start it again",
    Recovery.RETRY,
)
_UNKNOWN_CODE: Final[_Row] = (
    "The session ended with code {code}{detail}",
    "start it again",
    Recovery.GIVE_UP,
)
_BY_CODE: Final[Mapping[int | None, _Row]] = {
    None: _BROKEN,
    1000: _ENDED,
    1001: ("The service went away{detail}", "start a new session", Recovery.RETRY),
    1002: _PROTOCOL_ERROR,
    1005: _ENDED,
    1006: _BROKEN,
    1007: _PROTOCOL_ERROR,
    1008: (
        "The service ended the session because of its policy{detail}",
        "check the account's rights and limits",
        Recovery.GIVE_UP,
    ),
    1009: (
        "A message was too large{detail}",
        "the limit is 16 MiB; start it again",
        Recovery.GIVE_UP,
    ),
    1011: (
        "The service had an internal error (1011){detail}",
        "start it again",
        Recovery.RETRY,
    ),
    1012: _RESTARTS,
    1013: _RESTARTS,
    1014: _RESTARTS,
}
"""Cause, cure and recovery for each close code; None without a close frame."""


@dataclass(frozen=True, slots=True)
class CloseExplanation:
    """Why a socket was closed.

    cause: what happened, a clause without a full stop. cure: what to do about it; empty when there
    is nothing to do. needs_fresh_token: the token has expired, so the next attempt must not send
    the same one.
    """

    cause: str
    cure: str
    recovery: Recovery
    needs_fresh_token: bool = False

    @property
    def sentence(self) -> str:
        """Cause and cure as one sentence."""
        return f"{self.cause}; {self.cure}." if self.cure else f"{self.cause}."


def explain_silence(limit_s: float) -> CloseExplanation:
    """Return the explanation for a service that was given up after it had sent nothing for
    `limit_s` seconds."""
    return CloseExplanation(
        f"The service stopped answering: nothing came for {limit_s:g} s, not even the answer to a "
        "ping",
        "check the network, then start again",
        Recovery.RETRY,
    )


def explain_close(code: int | None, reason: str, *, by_us: bool) -> CloseExplanation:
    """Return the explanation of a close frame. code: None without one."""
    reason = clip(reason)
    if code == 1000 and by_us:
        return CloseExplanation("You ended the session", "", Recovery.GIVE_UP)
    return _expiry(code, reason) or _by_code(code, f" ({reason})" if reason else "")


def _expiry(code: int | None, reason: str) -> CloseExplanation | None:
    """Return the explanation if the reason names an expiry, whatever its close code: services use
    several."""
    if says_token_expired(reason):
        return CloseExplanation(
            f"The sign-in token expired, so the service ended the session ({reason})",
            "start it again with a fresh one",
            Recovery.RETRY,
            needs_fresh_token=True,
        )
    if says_session_expired(reason) or (code == 1001 and "expired" in reason):
        return CloseExplanation(
            f"The session reached the service's time limit ({reason})",
            "start a new one",
            Recovery.RETRY,
        )
    return None


def _by_code(code: int | None, detail: str) -> CloseExplanation:
    cause, cure, recovery = _BY_CODE.get(code, _UNKNOWN_CODE)
    return CloseExplanation(cause.format(code=code, detail=detail), cure, recovery)
