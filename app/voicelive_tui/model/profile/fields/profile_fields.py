"""The fields outside `[session]`: the profile's name, `[service]`, `[audio]` and `[inspector]`.

Source: protocol.md sections 1 and 2.
"""

from typing import Final

from voicelive_tui.model.profile.fields.field import Field

API_VERSIONS: Final = (
    "2025-05-01-preview",
    "2025-10-01",
    "2026-01-01-preview",
    "2026-04-10",
    "2026-06-01-preview",
    "2026-07-15",
    "2026-07-31-preview",
)
FIRST_PREVIEW: Final = "2025-05-01-preview"
MODELS: Final = (
    "gpt-realtime-2.1",
    "gpt-realtime-2.1-datazone",
    "gpt-realtime-1.5",
    "gpt-realtime-1.5-datazone",
    "gpt-realtime",
    "gpt-realtime-datazone",
    "gpt-4o",
    "gpt-4.1",
    "gpt-5",
    "gpt-5-chat",
    "gpt-5.1",
    "gpt-5.2",
    "gpt-5.4",
    "gpt-5.6-terra",
    "azure-realtime",
    "gpt-realtime-2.1-mini",
    "gpt-realtime-mini",
    "gpt-4o-mini",
    "gpt-4.1-mini",
    "gpt-5-mini",
    "gpt-5.6-luna",
    "gpt-4.1-nano",
    "gpt-5-nano",
    "phi4-mm-realtime",
    "phi4-mini",
)
"""The models of protocol.md section 2, dearest first."""

PROFILE_FIELDS: Final = (
    Field("name", ("string",), "the name of the profile", label="profile name"),
    Field("description", ("string",), "the purpose of the profile in one sentence"),
    Field(
        "service",
        ("table",),
        "the settings that are fixed when the socket opens",
        changes="new connection",
    ),
    Field(
        "service.target",
        ("string",),
        "the service that answers",
        values=("azure", "simulator", "url"),
        defaults={"": "azure"},
        changes="new connection",
    ),
    Field(
        "service.url",
        ("string",),
        'the endpoint, used with target = "url"',
        label="address",
        changes="new connection",
    ),
    Field(
        "service.model",
        ("string",),
        "the model, or the name of a deployment",
        examples=MODELS,
        defaults={"": "gpt-4o"},
        changes="new connection",
    ),
    Field(
        "service.api_version",
        ("string",),
        "the version of the API; the environment decides when it is left out",
        values=API_VERSIONS,
        defaults={"": "2026-07-15"},
        changes="new connection",
    ),
    Field(
        "service.auth",
        ("string",),
        "auto: the key if the environment has one, else Entra",
        values=("auto", "entra", "key"),
        defaults={"": "auto"},
        changes="new connection",
    ),
    Field(
        "service.query",
        ("map",),
        "further query parameters, such as agent-name",
        changes="new connection",
    ),
    Field("session", ("table",), "the fields that session.update sends, name for name"),
    Field("audio", ("table",), "the devices of this machine"),
    Field(
        "audio.input",
        ("string",),
        "the beginning of a device's name, device, null or none",
        label="microphone",
        examples=("device", "null", "none"),
        changes="new connection",
    ),
    Field(
        "audio.output",
        ("string",),
        "the beginning of a device's name, device, null or none",
        label="speaker",
        examples=("device", "null", "none"),
        changes="new connection",
    ),
    Field("inspector", ("table",), "the display of events in the tab"),
    Field("inspector.filter", ("string",), "the event filter of the tab", label="event filter"),
)
