"""The fields of `[greeting]`: what the agent says first (protocol.md sections 13.3 and 15.4)."""

from typing import Final

from voicelive_tui.model.profile.fields.field import Field

VERBATIM_SINCE: Final = "2026-01-01-preview"
"""The first API version with `pre_generated_assistant_message`."""

GREETING_FIELDS: Final = (
    Field("greeting", ("table",), "what the agent says before you have said anything"),
    Field(
        "greeting.text",
        ("string",),
        "the first words of the agent, as they stand",
        label="greeting",
        effect="Said once, when a session begins; not after a reconnection.",
    ),
    Field(
        "greeting.prompt",
        ("string",),
        "what the model is told for its first words; in place of a text",
        label="greeting prompt",
        effect="Said once, when a session begins; not after a reconnection.",
    ),
)
