"""The interface of a tool of an MCP server, for code that calls it or waits for its approval."""

from __future__ import annotations

from typing import Protocol

from voicelive_simulator.api.schema import JSON


class Target(Protocol):
    """A tool that a response calls. `needs_approval` is whether the client has to approve the call
    first."""

    @property
    def needs_approval(self) -> bool: ...

    def call(self, arguments: str) -> JSON:
        """Call the tool; return the result as fields of the mcp_call item."""
        ...
