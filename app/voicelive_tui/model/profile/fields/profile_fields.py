"""The fields outside `[session]`: the profile's name, `[service]`, `[audio]` and `[inspector]`.

Source: protocol.md sections 1 and 2.
"""

from typing import Final

from voicelive_tui.model.profile.fields.field import Field
from voicelive_tui.model.profile.fields.requirement import Requirement
from voicelive_tui.model.profile.service_query import AGENTS_SINCE, BYOM_PROFILES

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

_AGENT_NEEDS: Final = Requirement(since=AGENTS_SINCE)
AGENT_FIELDS: Final = (
    Field(
        "service.agent",
        ("table",),
        "an existing agent of the Foundry Agent Service, in place of a model",
        changes="new connection",
    ),
    *(
        Field(
            f"service.agent.{name}",
            ("string",),
            help_text,
            label=label,
            changes="new connection",
            needs=_AGENT_NEEDS,
        )
        for name, label, help_text in (
            ("name", "agent", "the name of the agent, in place of a model"),
            ("project", "agent project", "the Foundry project that the agent is in"),
            ("version", "agent version", "the version of the agent; left out, the newest"),
            ("conversation_id", "conversation", "the conversation to go on with"),
            ("client_id", "agent identity", "the client id of the identity that the agent uses"),
            ("resource", "agent resource", "the Foundry resource of the agent, if it is another"),
        )
    ),
)
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
        "service.byom",
        ("string",),
        "a model of your own: model is then the name of its deployment",
        label="own model",
        values=BYOM_PROFILES,
        changes="new connection",
    ),
    Field(
        "service.query",
        ("map",),
        'further query parameters; "${NAME}" is taken from the environment',
        changes="new connection",
    ),
    Field(
        "service.headers",
        ("map",),
        'further headers; "${NAME}" is taken from the environment',
        changes="new connection",
    ),
    *AGENT_FIELDS,
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
