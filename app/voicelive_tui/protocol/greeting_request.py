"""The request that lets the agent speak first (protocol.md sections 13.3 and 15.4)."""

from collections.abc import Mapping
from typing import Any

from voicelive_tui.model.profile.fields.greeting_fields import VERBATIM_SINCE
from voicelive_tui.model.profile.greeting import Greeting

_WORD_FOR_WORD = "Say exactly these words and nothing else:"


def greeting_request(
    greeting: Greeting, *, instructions: str, api_version: str, agent: bool
) -> Mapping[str, Any] | None:
    """Return the fields of the `response.create` for a greeting; None for an empty one.

    instructions: the session's, which a prompt adds to. agent: an agent is in place of the model.
    It brings its own instructions and takes no others, so the prompt is added to them.
    """
    if not greeting:
        return None
    if greeting.text and api_version >= VERBATIM_SINCE:
        content = [{"type": "text", "text": greeting.text}]
        message = {"type": "message", "role": "assistant", "content": content}
        return {"response": {"pre_generated_assistant_message": message}}
    prompt = greeting.prompt or f"{_WORD_FOR_WORD} {greeting.text}"
    if agent:
        return {"additional_instructions": prompt}
    together = f"{instructions.rstrip()}\n\n{prompt}".lstrip()
    return {"response": {"instructions": together}}
