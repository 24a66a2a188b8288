"""Decides which calls a response makes: from the script's calls, the client's tools, and the
client's tool_choice (protocol.md 10).

The simulator has no model, so without a script it calls tools only when the client's tool_choice
forces it: "required" calls the first function among the tools or, without one, the first tool that
an MCP server has listed; a named choice calls that function; each with the minimal arguments for
its schema. "auto" and "none" call none. A name means a function: the documents have no such choice
for MCP tools.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from voicelive_simulator.api.errors import Refused, quote
from voicelive_simulator.api.schema import JSON
from voicelive_simulator.api.tools import refuse_unknown_choice
from voicelive_simulator.dialogue.state.mcp_target import Target
from voicelive_simulator.dialogue.state.script import Call
from voicelive_simulator.dialogue.tools.mcp_catalog import Offers
from voicelive_simulator.dialogue.tools.minimal_arguments import minimal_arguments


@dataclass(frozen=True, slots=True)
class ToolChoice:
    """The effective `tools` and `tool_choice` of a response. parallel: one response may hold
    several calls. offers: the MCP servers in `tools`."""

    tools: Sequence[JSON] = ()
    choice: object = "auto"
    parallel: bool = True
    offers: Offers = field(default_factory=dict)

    @property
    def forced_function(self) -> str | None:
        """The function that the client forces, given as an object or, as in one of the documents,
        as a bare name; None otherwise."""
        if isinstance(self.choice, dict):
            return str(self.choice["name"])
        return None if self.choice in ("auto", "none", "required", None) else str(self.choice)

    @property
    def is_forced(self) -> bool:
        return self.choice == "required" or self.forced_function is not None

    def check(self, param: str = "response.tool_choice") -> None:
        """Raise Refused for a choice that cannot be met."""
        refuse_unknown_choice(self.choice, self.tools, param)
        if self.choice == "required" and not self.tools:
            raise Refused("Tool choice 'required' needs 'tools'.", param=param)

    def calls(self, scripted: Sequence[Call]) -> tuple[Call, ...]:
        """The calls to make when the script has the calls `scripted`. Raises Refused for one that
        is not among the client's tools: a model cannot call a tool that it was not given."""
        if self.choice == "none":
            return ()
        calls = [
            call
            for call in scripted
            if self.forced_function is None
            or (call.name == self.forced_function and not call.server_label)
        ]
        for call in calls:
            self._check_offered(call)
        if not calls and self.is_forced:
            calls = self._forced_calls()
        return tuple(calls if self.parallel else calls[:1])

    def targets(self, calls: Iterable[Call]) -> Mapping[Call, Target]:
        """The tools of the MCP calls among `calls`, which must come from the method `calls`."""
        return {
            call: self.offers[call.server_label].target(call.name)
            for call in calls
            if call.server_label
        }

    def _check_offered(self, call: Call) -> None:
        if call.server_label in self.offers:
            self.offers[call.server_label].target(call.name)
        elif call.server_label or not self._has_function(call.name):
            where = f" on the MCP server {quote(call.server_label)}" if call.server_label else ""
            message = (
                f"The scenario calls {quote(call.name)}{where}, which the client does not "
                "offer: add it to 'tools'."
            )
            raise Refused(message, code="tool_not_offered")

    def _forced_calls(self) -> list[Call]:
        functions = [
            tool
            for tool in self.tools
            if tool["type"] == "function" and self.forced_function in (None, tool["name"])
        ]
        if functions or not self.offers:
            return [
                Call(tool["name"], minimal_arguments(tool.get("parameters")))
                for tool in functions[:1]
            ]
        for label, server in self.offers.items():
            for name, tool in server.listing.tools.items():
                return [Call(name, minimal_arguments(tool.input_schema), label)]
        raise Refused(
            "Tool choice 'required', but no MCP server has listed a tool.", code="tool_not_offered"
        )

    def _has_function(self, name: str) -> bool:
        return any(tool["type"] == "function" and tool["name"] == name for tool in self.tools)
