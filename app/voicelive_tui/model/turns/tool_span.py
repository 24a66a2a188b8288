"""The use of a tool within a turn, as a span of time."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ToolSpan:
    """One use of a tool: a function, an MCP call, a request to approve one, an agent or a search.

    name: as the service gives it, such as `get_parcel` or `weather.forecast`. called_s: when its
    arguments were complete, in seconds since the session's start. ended_s: when its result was
    there: that of a function when the client sent it, an approval when the user gave it; None while
    there is none. failed: the service reported an error in place of a result. approval: whether it
    is a request that waits for the user.
    """

    name: str
    called_s: float
    ended_s: float | None = None
    failed: bool = False
    approval: bool = False

    @property
    def took_ms(self) -> float | None:
        """Milliseconds from the call to its result."""
        return None if self.ended_s is None else max(0.0, self.ended_s - self.called_s) * 1000
