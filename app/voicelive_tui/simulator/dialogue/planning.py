"""A response's plan from response.create, session and conversation: what is said, how, and what is echoed (protocol.md 13.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from voicelive_tui.simulator.api.schema import (
    JSON,
    Field,
    Reading,
    Refused,
    any_object,
    anything,
    boolean,
    list_of,
    nullable,
    one_of,
    record,
    text,
)
from voicelive_tui.simulator.api.session_fields import (
    ANIMATION,
    EFFORT,
    INTERIM_RESPONSE,
    METADATA,
    OUTPUT_FORMATS,
    TEMPERATURE,
    TOKENS,
    TOOL,
    TOOL_CHOICE,
    modalities,
    voice,
)
from voicelive_tui.simulator.dialogue import answers
from voicelive_tui.simulator.dialogue.answers import Told
from voicelive_tui.simulator.dialogue.items import Item
from voicelive_tui.simulator.dialogue.response import Plan, text_tokens
from voicelive_tui.simulator.dialogue.session import Session

AUDIO_TOKENS_PER_S = 10  # protocol.md 2
MOST_SPOKEN_CHARS = 4000  # about four minutes, 12 MB: what one session may hold of its voice

_CREATE: Mapping[str, Field] = {
    "commit": Field(nullable(boolean)),
    "cancel_previous": Field(nullable(boolean)),
    "append_input_items": Field(nullable(list_of(any_object))),
    "input_items": Field(nullable(list_of(any_object))),
    "modalities": Field(nullable(modalities)),
    "instructions": Field(nullable(text())),
    "voice": Field(nullable(voice)),
    "output_audio_format": Field(nullable(one_of(*OUTPUT_FORMATS))),
    "tools": Field(nullable(list_of(TOOL))),
    "tool_choice": Field(nullable(TOOL_CHOICE)),
    "temperature": Field(nullable(TEMPERATURE)),
    "max_output_tokens": Field(nullable(TOKENS)),
    "max_response_output_tokens": Field(nullable(TOKENS)),  # the documents' name of the same (protocol.md 18.2)
    "pre_generated_assistant_message": Field(nullable(any_object), since="2026-01-01"),
    "reasoning_effort": Field(nullable(EFFORT), since="2026-01-01"),
    "metadata": Field(nullable(METADATA)),
    "interim_response": Field(nullable(INTERIM_RESPONSE), since="2026-01-01"),
    "invoke_input": Field(anything, since="2026-06-01"),
    "conversation": Field(nullable(one_of("auto", "none"))),
    "animation": Field(nullable(ANIMATION)),
}


def check_params(event: JSON, reading: Reading) -> JSON:
    """The valid keys of response.create's `response`, and its `additional_instructions` beside them. Raises Refused."""
    asked = event.get("response")
    params: JSON = record(_CREATE)({} if asked is None else asked, "response", reading)
    additional = nullable(text())(event.get("additional_instructions"), "additional_instructions", reading)
    _verbatim(params)
    return {**params, "additional_instructions": additional}


def make_plan(params: JSON, session: Session, context: Sequence[Item], told: Told, conversation_id: str) -> Plan:
    """`context` is what the model would see, in order; `told` what the person knows by now."""

    def effective(name: str) -> object:
        value = params.get(name)
        return session[name] if value is None else value

    chosen = list(effective("modalities") or ["text", "audio"])  # type: ignore[call-overload]
    limit = (
        params.get("max_output_tokens")
        or params.get("max_response_output_tokens")
        or session["max_response_output_tokens"]
        or "inf"
    )
    out_of_band = params.get("conversation") == "none" or params.get("commit") is False
    audio_format = str(effective("output_audio_format"))
    instructions = f"{effective('instructions') or ''}{params.get('additional_instructions') or ''}"
    speaks = "audio" in chosen
    return Plan(
        text=_verbatim(params) or _answer(context, told if speaks else replace(told, remark="")),
        speaks=speaks,
        output_audio_format=audio_format,
        timestamps="word" in (session["output_audio_timestamp_types"] or []),
        out_of_band=out_of_band,
        max_tokens=None if limit == "inf" else int(limit),
        echoed={
            "conversation_id": None if out_of_band else conversation_id,
            "voice": effective("voice"),
            "modalities": chosen,
            "output_audio_format": audio_format,
            "temperature": effective("temperature"),
            "max_output_tokens": limit,
            "metadata": params.get("metadata"),
        },
        input_tokens=text_tokens(instructions) + sum(text_tokens(item.text) for item in context if not item.heard),
        input_audio_tokens=sum(-(-item.audio_ms * AUDIO_TOKENS_PER_S // 1000) for item in context if item.heard),
    )


def _verbatim(params: JSON) -> str:
    """The one text part of pre_generated_assistant_message, spoken as it stands."""
    message = params.get("pre_generated_assistant_message")
    if message is None:
        return ""
    param = "response.pre_generated_assistant_message"
    parts = message.get("content")
    if not isinstance(parts, list) or len(parts) != 1 or not isinstance(parts[0], dict) or parts[0].get("type") != "text":
        raise Refused("Expected exactly one content part of type 'text'.", param=f"{param}.content")
    spoken = parts[0].get("text")
    if not isinstance(spoken, str) or not spoken.strip():
        raise Refused("Expected a text that is not empty.", param=f"{param}.content[0].text")
    if len(spoken) > MOST_SPOKEN_CHARS:
        message = f"The simulator speaks at most {MOST_SPOKEN_CHARS} characters in one response, not {len(spoken)}."
        raise Refused(message, param=f"{param}.content[0].text")
    return spoken


def _answer(context: Sequence[Item], told: Told) -> str:
    """To the last thing that was put to the model."""
    for item in reversed(context):
        if item.heard:
            return answers.spoken(item.heard, told)
        if item.role == "user":
            return answers.typed(item.text, told)
        if item.wire["type"] == "function_call_output":
            return answers.tool_output(str(item.wire["output"]), told)
        if item.role == "assistant":
            break
    return answers.greeting(told)
