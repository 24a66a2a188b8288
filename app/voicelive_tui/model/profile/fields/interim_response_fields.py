"""The fields of `[session.interim_response]`, which fills the wait for a late answer.

Source: protocol.md section 12.
"""

from typing import Final

from voicelive_tui.model.profile.fields.field import Field
from voicelive_tui.model.profile.fields.requirement import Requirement
from voicelive_tui.model.profile.fields.voice_fields import AZURE_VOICES

_STATIC, _LLM = "static_interim_response", "llm_interim_response"
INTERIM_RESPONSE_FIELDS: Final = (
    Field(
        "session.interim_response",
        ("table",),
        "what is said while an answer is late",
        nullable=True,
        discriminator="type",
        needs=Requirement(
            models=("text", "agent"),
            voices=AZURE_VOICES,
            since="2026-01-01-preview",
            refused=True,
        ),
    ),
    Field(
        "session.interim_response.type",
        ("string",),
        "how the words are chosen",
        values=(_STATIC, _LLM),
        required=True,
        label="interim",
    ),
    Field(
        "session.interim_response.triggers",
        ("strings",),
        "what starts an interim response",
        values=("latency", "tool"),
        label="interim when",
        defaults={"": ["latency"]},
    ),
    Field(
        "session.interim_response.latency_threshold_ms",
        ("integer",),
        "the delay that counts as late, in ms",
        low=0,
        step=100,
        label="interim late ms",
        defaults={"": 2_000},
        effect="Lower: the filling words come sooner, and also before an answer that was near.",
    ),
    Field(
        "session.interim_response.texts",
        ("strings",),
        "the texts of which one is said",
        variants=(_STATIC,),
        label="interim texts",
    ),
    Field(
        "session.interim_response.model",
        ("string",),
        "the model that writes the words",
        variants=(_LLM,),
        label="interim model",
        examples=("gpt-4.1-mini",),
        defaults={"": "gpt-4.1-mini"},
    ),
    Field(
        "session.interim_response.instructions",
        ("string",),
        "the instructions for that model",
        variants=(_LLM,),
        label="interim prompt",
    ),
    Field(
        "session.interim_response.max_completion_tokens",
        ("integer",),
        "the longest text of that model in tokens",
        low=1,
        variants=(_LLM,),
        step=10,
        label="interim tokens",
        defaults={"": 50},
    ),
)
