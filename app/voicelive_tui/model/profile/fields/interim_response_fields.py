"""The fields of `[session.interim_response]`, which fills the wait for a late answer.

Source: protocol.md section 12.
"""

from typing import Final

from voicelive_tui.model.profile.fields.field import Field

_STATIC, _LLM = "static_interim_response", "llm_interim_response"
INTERIM_RESPONSE_FIELDS: Final = (
    Field(
        "session.interim_response",
        ("table",),
        "what is said while an answer is late",
        nullable=True,
        discriminator="type",
    ),
    Field(
        "session.interim_response.type",
        ("string",),
        "how the words are chosen",
        values=(_STATIC, _LLM),
        required=True,
    ),
    Field(
        "session.interim_response.triggers",
        ("strings",),
        "what starts an interim response",
        values=("latency", "tool"),
    ),
    Field(
        "session.interim_response.latency_threshold_ms",
        ("integer",),
        "the delay that counts as late, in ms",
        low=0,
        high=60_000,
    ),
    Field(
        "session.interim_response.texts",
        ("strings",),
        "the texts of which one is said",
        variants=(_STATIC,),
    ),
    Field(
        "session.interim_response.model",
        ("string",),
        "the model that writes the words",
        variants=(_LLM,),
    ),
    Field(
        "session.interim_response.instructions",
        ("string",),
        "the instructions for that model",
        variants=(_LLM,),
    ),
    Field(
        "session.interim_response.max_completion_tokens",
        ("integer",),
        "the longest text of that model in tokens",
        low=1,
        variants=(_LLM,),
    ),
)
