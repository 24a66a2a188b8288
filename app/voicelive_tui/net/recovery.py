"""Whether a failed or closed connection is worth another attempt."""

from enum import Enum


class Recovery(Enum):
    """What another attempt to connect can bring, as each sentence of `net/` is classified.

    RETRY: the same connection may work later: it broke, or the service is busy, restarts, or has
    ended the session at its time limit. RETRY_AFTER_SUCCESS: the same, but only where this session
    has been connected before; without that the address is wrong, such as a name that the DNS does
    not know, which a broken network looks like on some systems. GIVE_UP: nothing changes until the
    user changes something.
    """

    RETRY = "retry"
    RETRY_AFTER_SUCCESS = "retry_after_success"
    GIVE_UP = "give_up"

    def allows_retry(self, *, connected_before: bool) -> bool:
        """Whether another attempt may succeed. connected_before: this session has had an open
        socket to the same service."""
        return self is Recovery.RETRY or (self is Recovery.RETRY_AFTER_SUCCESS and connected_before)
