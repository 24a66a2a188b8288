"""Sentences for the ends of an open socket, by close code and reason (protocol.md section 14)."""

from dataclasses import dataclass

from voicelive_tui.net.expiry_text import says_session_expired, says_token_expired
from voicelive_tui.net.recovery import Recovery
from voicelive_tui.net.server_text import clip


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
    """The explanation if the reason names an expiry, whatever its close code: services use
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
    retry, give_up = Recovery.RETRY, Recovery.GIVE_UP
    match code:
        case 1000 | 1005:
            return CloseExplanation(
                f"The service ended the session{detail}", "start a new one", give_up
            )
        case 1001:
            return CloseExplanation(f"The service went away{detail}", "start a new session", retry)
        case None | 1006:
            return CloseExplanation(
                "The connection broke without a close frame",
                "check the network, then start again",
                retry,
            )
        case 1008:
            return CloseExplanation(
                f"The service ended the session because of its policy{detail}",
                "check the account's rights and limits",
                give_up,
            )
        case 1009:
            return CloseExplanation(
                f"A message was too large{detail}", "the limit is 16 MiB; start it again", give_up
            )
        case 1011:
            return CloseExplanation(
                f"The service had an internal error (1011){detail}", "start it again", retry
            )
        case 1012 | 1013 | 1014:
            return CloseExplanation(
                f"The service restarts or is overloaded ({code}){detail}",
                "wait a moment, then start it again",
                retry,
            )
        case 1002 | 1007:
            return CloseExplanation(
                f"The connection ended with a protocol error ({code}){detail}",
                "start it again",
                retry,
            )
        case _:
            return CloseExplanation(
                f"The session ended with code {code}{detail}", "start it again", give_up
            )
