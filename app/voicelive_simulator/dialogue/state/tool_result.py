"""The result of a tool as the model gets it: the output of a client's function or of an MCP call,
or its denial."""

from __future__ import annotations

from collections.abc import Sequence

from voicelive_simulator.dialogue.state.items import Item

DENIED = "The call was not approved."


def tool_result(item: Item) -> str | None:
    """The output, or the message of an error; None for an item that is not a result, such as an MCP
    call that is still running."""
    wire = item.wire
    match wire["type"]:
        case "function_call_output":
            return str(wire["output"])
        case "mcp_call" if wire["error"]:
            return str(wire["error"]["message"])
        case "mcp_call" if wire["output"] is not None:
            return str(wire["output"])
        case "mcp_approval_response" if not wire["approve"]:
            return f"{DENIED} {wire.get('reason') or ''}".rstrip()
        case _:
            return None


def tool_name(context: Sequence[Item]) -> str | None:
    """The name of the tool whose result the last item is; None when the context has no such
    call."""
    last = context[-1].wire
    if last["type"] == "mcp_call":
        return str(last["name"])
    before = (item.wire for item in reversed(context))
    if last["type"] == "mcp_approval_response":
        return next(
            (
                str(wire["name"])
                for wire in before
                if wire["id"] == last["approval_request_id"] and "name" in wire
            ),
            None,
        )
    return next(
        (
            str(wire["name"])
            for wire in before
            if wire["type"] == "function_call" and wire["call_id"] == last["call_id"]
        ),
        None,
    )
