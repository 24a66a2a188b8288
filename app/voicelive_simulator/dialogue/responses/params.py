"""The parameters of response.create: their checks, and their effective values, which override the
session's (protocol.md 13.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from voicelive_simulator.api.errors import Refused
from voicelive_simulator.api.schema import (
    JSON,
    Field,
    Reading,
    any_object,
    boolean,
    list_of,
    nullable,
    one_of,
    record,
    text,
)
from voicelive_simulator.api.session_fields import (
    ANIMATION,
    EFFORT,
    METADATA,
    OUTPUT_FORMATS,
    TEMPERATURE,
    interim_response,
    modalities,
    tokens,
)
from voicelive_simulator.api.tools import TOOL_CHOICE, tools
from voicelive_simulator.api.voices import is_azure, voice
from voicelive_simulator.dialogue.state.items import MOST_ITEMS
from voicelive_simulator.dialogue.state.script import MOST_SPOKEN_CHARS
from voicelive_simulator.dialogue.state.session import SessionConfig
from voicelive_simulator.dialogue.tools.tool_choice import ToolChoice

_FIELDS: Mapping[str, Field] = {
    "commit": Field(nullable(boolean)),
    "cancel_previous": Field(nullable(boolean)),
    "append_input_items": Field(nullable(list_of(any_object, most=MOST_ITEMS))),
    "input_items": Field(nullable(list_of(any_object, most=MOST_ITEMS))),
    "modalities": Field(nullable(modalities)),
    "instructions": Field(nullable(text())),
    "voice": Field(nullable(voice)),
    "output_audio_format": Field(nullable(one_of(*OUTPUT_FORMATS))),
    "tools": Field(nullable(tools)),
    "tool_choice": Field(nullable(TOOL_CHOICE)),
    "temperature": Field(nullable(TEMPERATURE)),
    "max_output_tokens": Field(nullable(tokens)),
    "max_response_output_tokens": Field(
        nullable(tokens)
    ),  # the documents' name for the same limit (protocol.md 18.2)
    "pre_generated_assistant_message": Field(nullable(any_object), since="2026-01-01"),
    "reasoning_effort": Field(nullable(EFFORT), since="2026-01-01"),
    "metadata": Field(nullable(METADATA)),
    "interim_response": Field(
        nullable(interim_response), since="2026-01-01", also="interim-response"
    ),
    "invoke_input": Field(nullable(any_object), since="2026-06-01"),
    "conversation": Field(nullable(one_of("auto", "none"))),
    "animation": Field(nullable(ANIMATION)),
}


def read_params(event: JSON, session: SessionConfig, reading: Reading) -> ResponseParams:
    """Check the parameters of a response.create. Raises Refused: first for a value that is wrong by
    itself, then for one that does not fit the session's model or the tools."""
    requested = event.get("response")
    fields: JSON = record(_FIELDS)({} if requested is None else requested, "response", reading)
    additional = nullable(text())(
        event.get("additional_instructions"), "additional_instructions", reading
    )
    _check_verbatim(fields.get("pre_generated_assistant_message"))
    session.check_output(fields.get("voice"), fields.get("output_audio_format"))
    if session.opening.agent and fields.get("instructions"):
        raise Refused(
            "Instructions cannot be set in agent mode; the agent brings its own.",
            param="response.instructions",
        )
    if session.opening.is_native and fields.get("interim_response"):
        raise Refused(
            "An interim response needs a cascaded text model or an agent.",
            param="response.interim_response",
        )
    params = ResponseParams({**fields, "additional_instructions": additional}, session)
    if not params.verbatim:
        params.tool_choice.check()
    return params


def _check_verbatim(message: JSON | None) -> None:
    if message is None:
        return
    param = "response.pre_generated_assistant_message"
    for name, value in (("type", "message"), ("role", "assistant")):
        if message.get(name, value) != value:
            raise Refused(f"Expected '{value}'.", param=f"{param}.{name}")
    parts = message.get("content")
    if (
        not isinstance(parts, list)
        or len(parts) != 1
        or not isinstance(parts[0], dict)
        or parts[0].get("type") != "text"
    ):
        raise Refused("Expected exactly one content part of type 'text'.", param=f"{param}.content")
    spoken = parts[0].get("text")
    if not isinstance(spoken, str) or not spoken.strip():
        raise Refused("Expected a text that is not empty.", param=f"{param}.content[0].text")
    if len(spoken) > MOST_SPOKEN_CHARS:
        refusal = (
            f"The simulator speaks at most {MOST_SPOKEN_CHARS} characters in one response, "
            f"not {len(spoken)}."
        )
        raise Refused(refusal, param=f"{param}.content[0].text")


class ResponseParams:
    """Checked parameters of a response. A parameter that is absent or null has the session's
    value."""

    def __init__(self, given: JSON, session: SessionConfig) -> None:
        self._params = given
        self._session = session

    def _effective(self, name: str) -> Any:
        value = self._params.get(name)
        return self._session[name] if value is None else value

    def items(self, name: str) -> list[JSON] | None:
        """The client's `input_items` or `append_input_items`, unchanged."""
        return self._params.get(name)

    @property
    def cancels_previous(self) -> bool:
        return bool(self._params.get("cancel_previous"))

    @property
    def out_of_band(self) -> bool:
        """Whether the response stays out of the conversation: `conversation: "none"`, or `commit:
        false`."""
        return self._params.get("conversation") == "none" or self._params.get("commit") is False

    @property
    def verbatim(self) -> str:
        """The text of pre_generated_assistant_message, "" without one."""
        message = self._params.get("pre_generated_assistant_message")
        return str(message["content"][0]["text"]) if message else ""

    @property
    def instructions(self) -> str:
        effective = self._effective("instructions") or ""
        additional = self._params.get("additional_instructions") or ""
        return f"{effective}{additional}"

    @property
    def tool_choice(self) -> ToolChoice:
        return ToolChoice(
            self._effective("tools") or (),
            self._effective("tool_choice") or "auto",
            self._session["parallel_tool_calls"] is not False,
        )

    @property
    def modalities(self) -> list[str]:
        return list(self._effective("modalities") or ("text", "audio"))

    @property
    def output_audio_format(self) -> str:
        return str(self._effective("output_audio_format"))

    @property
    def token_limit(self) -> int | str:
        """The most tokens that the response may have, or "inf"."""
        given: int | str | None = self._params.get("max_output_tokens") or self._params.get(
            "max_response_output_tokens"
        )
        return given or self._session["max_response_output_tokens"] or "inf"

    @property
    def voice(self) -> object:
        return self._effective("voice")

    @property
    def timestamps(self) -> bool:
        """Whether to send word times: for Azure's voices only (protocol.md 6)."""
        return is_azure(self.voice) and "word" in (
            self._session["output_audio_timestamp_types"] or ()
        )

    @property
    def visemes(self) -> bool:
        """Whether to send visemes: for Azure's voices only (protocol.md 5)."""
        return is_azure(self.voice) and "viseme_id" in (
            (self._effective("animation") or {}).get("outputs") or ()
        )

    def echoed(self, conversation_id: str) -> JSON:
        """The effective parameters that a Response object contains (protocol.md 13.4)."""
        return {
            "conversation_id": None if self.out_of_band else conversation_id,
            "voice": self.voice,
            "modalities": self.modalities,
            "output_audio_format": self.output_audio_format,
            "temperature": self._effective("temperature"),
            "max_output_tokens": self.token_limit,
            "metadata": self._params.get("metadata"),
        }
