"""Says who acts in an event, from which the row's name has its colour."""

from collections.abc import Mapping
from typing import Any, Final, Literal

from voicelive_tui.model.events.canonical import canonical
from voicelive_tui.model.events.fields import get_object, get_str
from voicelive_tui.model.events.record import Direction

Actor = Literal["you", "agent", "tool", "service", "machine"]

_TOOL_TYPES: Final = (
    "response.function_call_arguments.",
    "response.mcp_call",
    "response.web_search_call.",
    "response.file_search_call.",
    "response.foundry_agent_call",
    "mcp_list_tools.",
)
_YOUR_TYPES: Final = (
    "input_audio_buffer.speech_",
    "conversation.item.input_audio_transcription.",
)
_AGENT_TYPES: Final = (
    "response.",
    "session.avatar.switch_to_",
    "output_audio_buffer.started",
    "output_audio_buffer.stopped",
)
_ROLES: Final[Mapping[str, Actor]] = {"user": "you", "assistant": "agent", "system": "you"}


def acting(direction: Direction, event: Mapping[str, Any]) -> Actor:
    """Who acts: the person, the agent, a tool, the service itself, or this machine."""
    if direction == "local":
        return "machine"
    item = get_object(event, "item")
    if get_str(item, "type") not in ("", "message"):
        return "tool"
    if direction == "sent":
        return "you"
    role = _ROLES.get(get_str(item, "role"))
    return role or _acting_by_type(canonical(get_str(event, "type")))


def _acting_by_type(type_name: str) -> Actor:
    if type_name.startswith(_TOOL_TYPES):
        return "tool"
    if type_name.startswith(_YOUR_TYPES):
        return "you"
    return "agent" if type_name.startswith(_AGENT_TYPES) else "service"
