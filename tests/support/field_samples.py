"""For every setting of a profile, a value that is not its default, and a document in which the
service takes it."""

from collections.abc import Mapping
from typing import Any, Final

from voicelive_tui.model.profile.complete_changes import changes_for
from voicelive_tui.model.profile.fields.field import Field
from voicelive_tui.model.profile.fields.field_table import FIELDS_BY_KEY
from voicelive_tui.model.profile.fields.requirement import NO_NEEDS, ModelFamily, Requirement
from voicelive_tui.model.profile.settings import with_setting

_MODELS: Final[Mapping[ModelFamily, str]] = {
    "gpt-realtime": "gpt-realtime",
    "phi4-mm-realtime": "phi4-mm-realtime",
    "azure-realtime": "azure-realtime",
    "text": "gpt-4o",
}
_VALUES: Final[Mapping[str, Any]] = {
    "session.modalities": ["text"],
    "session.input_audio_sampling_rate": 16_000,
    "session.max_response_output_tokens": 900,
    "session.input_audio": {"model": "azure-standard", "phrase_list": ["parcel"]},
    "session.metadata": {"run": "7"},
    "session.voice.rate": "1.15",
    "session.voice.pitch": "+5%",
    "session.voice.volume": "loud",
    "session.input_audio_transcription.language": "de-DE",
    "session.input_audio_transcription.custom_speech": {"en-US": "model-of-ours"},
    "session.animation.outputs": ["viseme_id"],
    "session.avatar.customized": True,
    "session.avatar.video": {"bitrate": 1_000_000, "codec": "h264", "gop_size": 10},
    "session.avatar.scene": {"zoom": 1.1},
    "session.avatar.ice_servers": [{"urls": ["turn:relay.example"]}],
    "session.tool_choice": "required",
    "session.tools": [{"type": "function", "name": "clock"}],
    "session.tool_choice.type": "function",
    "session.tool_choice.name": "clock",
    "session.interim_response.model": "gpt-4.1-nano",
    "session.tools.*.type": "function",
    "session.tools.*.parameters": {"type": "object", "properties": {}},
    "session.tools.*.server_url": "https://mcp.example/tools",
    "session.tools.*.headers": {"x-run": "7"},
    "session.tools.*.require_approval": "never",
    "session.turn_detection.languages": ["de"],
}

_TABLES: Final[Mapping[str, Any]] = {
    "session.input_audio_echo_cancellation": {
        "type": "server_echo_cancellation",
        "reference_source": "client",
        "channels": 2,
    },
    "session.avatar": {"character": "lisa", "customized": False, "model": "vasa-1"},
    "session.tool_choice": {"type": "function", "name": "watch"},
    "session.interim_response": {"type": "static_interim_response"},
}
"""The tables whose fields the service takes only together with others."""

_TOOLS: Final[Mapping[str, Any]] = {
    "function": {"type": "function", "name": "alarm"},
    "mcp": {"type": "mcp", "server_label": "desk", "server_url": "https://mcp.example"},
    "foundry_agent": {"type": "foundry_agent", "agent_name": "desk", "project_name": "post"},
}


def sample_value(field: Field) -> Any:
    """Return a value of the field's first kind that is not its default."""
    default = field.default_in("")
    if field.key in _VALUES:
        return _VALUES[field.key]
    match field.kinds[0]:
        case "boolean":
            return not default
        case "integer" | "number":
            low, step = field.low or 0, field.step or 1
            return next(value for value in (low + step, low + 2 * step) if value != default)
        case "strings":
            return [*(field.values or ("en",))][-1:]
        case "map":
            return {}
        case _:
            known = [*field.values, *field.examples] or ["sample"]
            return next(value for value in known if value != default)


def document_for(field: Field) -> dict[str, Any]:
    """Return a document whose model, voice and tables have the field. The field has a value in it
    only where the service does not take the tables without one."""
    document: dict[str, Any] = {
        "service": {"model": _model_for(field)},
        "session": {
            "voice": {"type": "azure-standard", "name": "en-US-Ava:DragonHDLatestNeural"},
            "tools": [{"type": "function", "name": name} for name in ("clock", "watch")],
        },
    }
    for key, value in _TABLES.items():
        if field.key.startswith(f"{key}."):
            document = with_setting(document, key, value)
    if field.key.startswith("session.tools."):
        tool = _TOOLS[field.variants[0]] if field.variants else {"name": "alarm"}
        return with_setting(document, "session.tools.0", tool)
    by_key = _variant_key(field)
    for variant in field.variants[:1]:
        for key, value in changes_for(document, by_key, variant, ""):
            document = with_setting(document, key, value)
    return document


def requirements(field: Field) -> tuple[Requirement, ...]:
    """Return what a field with its sample needs: of its own, and for its tables, the variant of its
    table and the value."""
    parts = field.key.split(".")
    path = [".".join(parts[:count]) for count in range(1, len(parts))]
    around = [FIELDS_BY_KEY[key][0].needs for key in path]
    by = FIELDS_BY_KEY[_variant_key(field)][0] if field.variants else field
    value = field.variants[0] if field.variants else sample_value(field)
    of_value = by.value_needs.get(value, NO_NEEDS) if isinstance(value, str) else NO_NEEDS
    return (*around, field.needs, of_value)


def _variant_key(field: Field) -> str:
    table_key = field.key.rpartition(".")[0]
    tables = FIELDS_BY_KEY.get(table_key, ())
    return f"{table_key}.{tables[0].discriminator}" if tables else ""


def _model_for(field: Field) -> str:
    families = [family for needs in requirements(field) for family in needs.models[:1]]
    return _MODELS[families[-1] if families else "text"]
