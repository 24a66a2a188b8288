"""The fields outside `[session]`: the profile's name, `[service]`, `[audio]` and `[inspector]`.

Source: protocol.md section 1.
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

PROFILE_FIELDS: Final = (
    Field("name", ("string",), "the name of the profile"),
    Field("description", ("string",), "the purpose of the profile in one sentence"),
    Field("service", ("table",), "the settings that are fixed when the socket opens"),
    Field(
        "service.target",
        ("string",),
        "the service that answers",
        values=("azure", "simulator", "url"),
    ),
    Field("service.url", ("string",), 'the endpoint, used with target = "url"'),
    Field("service.model", ("string",), "the model, or the name of a deployment"),
    Field(
        "service.api_version",
        ("string",),
        "the version of the API; the environment decides when it is left out",
        values=API_VERSIONS,
    ),
    Field(
        "service.auth",
        ("string",),
        "auto: the key if the environment has one, else Entra",
        values=("auto", "entra", "key"),
    ),
    Field("service.query", ("map",), "further query parameters, such as agent-name"),
    Field("session", ("table",), "the fields that session.update sends, name for name"),
    Field("audio", ("table",), "the devices of this machine"),
    Field("audio.input", ("string",), "the beginning of a device's name, device, null or none"),
    Field("audio.output", ("string",), "the beginning of a device's name, device, null or none"),
    Field("inspector", ("table",), "the display of events in the tab"),
    Field("inspector.filter", ("string",), "the event filter of the tab"),
)
