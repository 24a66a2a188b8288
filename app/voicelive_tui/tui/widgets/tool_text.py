"""A tool's call as a person would write it down."""

import json
from typing import Final

from voicelive_tui.model.transcript.line import ToolCall

_CALLED: Final = frozenset({"function_call", "mcp_call", "mcp_approval_request"})
_LONGEST_JSON: Final = 4_000
"""Characters of arguments that are taken apart; longer ones are shown as they came."""


def call_text(call: ToolCall) -> str:
    """`get_parcel(id="4471")`."""
    if not call.arguments and call.kind not in _CALLED:
        return call.name
    return f"{call.name}({_arguments(call.arguments)})"


def _arguments(text: str) -> str:
    if len(text) > _LONGEST_JSON:
        return text
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        return text
    if not isinstance(values, dict):
        return text
    return ", ".join(
        f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in values.items()
    )
