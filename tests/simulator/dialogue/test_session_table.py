"""Every session field: its default, the accepted values and how they are shown, and its errors, by
api-version and model."""

from typing import Any

import pytest
from voicelive_simulator.api.errors import Refused
from voicelive_simulator.api.handshake import API_VERSIONS, Opening
from voicelive_simulator.api.session_rules import SessionProgress
from voicelive_simulator.dialogue.state.session import SessionConfig

from tests.simulator.support.session_values import (
    ALWAYS,
    ANSWERING,
    APRIL,
    AVATAR,
    AZURE,
    CANCELLED,
    CASCADED,
    ECHO,
    EOU,
    EOU_2025,
    EOU_2026,
    FIRST,
    FUNCTION,
    GA,
    HEARD,
    JSON,
    LLM,
    MCP,
    MULTILINGUAL,
    NEWEST,
    OLD_KNOBS,
    OLD_VAD_KNOBS,
    OPENAI,
    PHI,
    PREVIEW_2026,
    SAME,
    SEMANTIC,
    SERVER_VAD,
    SMART,
    TAKEN,
)


def session(api_version: str = NEWEST, model: str = CASCADED, **opening: Any) -> SessionConfig:
    return SessionConfig(Opening(api_version, model, **opening), "sess_1", 1_800_000_000)


def echoed(api_version: str, model: str, name: str, value: Any) -> tuple[Any, list[str]]:
    """The value that a session shows for a field after it was set, and the paths of unknown
    fields."""
    opened = session(api_version, model)
    unknown = opened.update({name: value}, SessionProgress()).unknown
    return opened.to_json().get(name), unknown


# --- defaults
# --------------------------------------------------------------------------------------------------

DEFAULTS: list[tuple[str, tuple[str, str], Any]] = [
    ("modalities", ALWAYS, ["text", "audio"]),
    ("animation", ALWAYS, None),
    ("instructions", ALWAYS, ""),
    ("input_audio", ("", GA), None),
    ("input_audio_sampling_rate", ALWAYS, 24000),
    ("input_audio_format", ALWAYS, "pcm16"),
    ("output_audio_format", ALWAYS, "pcm16"),
    ("turn_detection", ("", GA), SERVER_VAD | {"prefix_padding_ms": 300}),
    ("turn_detection", (GA, APRIL), SERVER_VAD | ANSWERING | {"prefix_padding_ms": 300}),
    ("turn_detection", (APRIL, "9999"), SERVER_VAD | ANSWERING),
    ("input_audio_noise_reduction", ALWAYS, None),
    ("input_audio_echo_cancellation", ALWAYS, None),
    ("avatar", ALWAYS, None),
    ("input_audio_transcription", ALWAYS, None),
    ("output_audio_timestamp_types", ALWAYS, None),
    ("tools", ALWAYS, []),
    ("tool_choice", ALWAYS, "auto"),
    ("parallel_tool_calls", ("2026-06-01", "9999"), True),
    ("temperature", ALWAYS, 0.8),
    ("max_response_output_tokens", ALWAYS, "inf"),
    ("reasoning_effort", ("2026-01-01", "9999"), None),
    ("interim_response", ("2026-01-01", "9999"), None),
    ("include", ("2026-04-10", "9999"), None),
    ("metadata", ("2026-04-10", "9999"), None),
    ("agent", ALWAYS, None),
    ("expires_at", ("2026-07-15", "9999"), 1_800_000_000),
    ("id", ALWAYS, "sess_1"),
    ("object", ALWAYS, "realtime.session"),
    ("model", ALWAYS, CASCADED),
    ("voice", ALWAYS, {"type": "azure-standard", "name": "en-US-AvaNeural"}),
]


@pytest.mark.parametrize("version", API_VERSIONS)
def test_a_new_session_shows_the_defaults_of_its_version_and_nothing_else(version: str) -> None:
    expected = {
        name: value for name, (since, until), value in DEFAULTS if since <= version[:10] < until
    }
    assert session(version).to_json() == expected


@pytest.mark.parametrize(
    ("version", "model", "voice"),
    [
        (NEWEST, OPENAI, {"type": "openai", "name": "alloy"}),
        (NEWEST, PHI, {"type": "azure-standard", "name": "en-US-AvaNeural"}),
        (APRIL, AZURE, {"type": "azure-standard", "name": "en-US-AvaNeural"}),
        (NEWEST, AZURE, {"type": "azure-realtime-native", "name": "ava"}),
    ],
)
def test_the_default_voice_is_one_that_the_model_has(version: str, model: str, voice: JSON) -> None:
    assert session(version, model)["voice"] == voice


@pytest.mark.parametrize("version", API_VERSIONS)
@pytest.mark.parametrize("model", [CASCADED, OPENAI, PHI, "azure-realtime"])
def test_what_a_session_shows_can_be_sent_back_and_changes_nothing(
    version: str, model: str
) -> None:
    opened = session(version, model)
    shown = opened.to_json()
    unknown = opened.update(shown, SessionProgress()).unknown
    assert set(unknown) == {
        f"session.{name}" for name in ("id", "object", "agent", "expires_at") if name in shown
    }
    assert opened.to_json() == shown


# --- values that are taken
# --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("version", "model", "name", "value", "effective"), TAKEN)
def test_a_value_is_taken_and_shown_with_its_defaults(
    version: str, model: str, name: str, value: Any, effective: Any
) -> None:
    shown, unknown = echoed(version, model, name, value)
    assert unknown == []
    assert shown == (value if effective is SAME else effective)


@pytest.mark.parametrize(
    "name", [name for name, (since, until), value in DEFAULTS if value is None and name != "agent"]
)
def test_null_switches_a_nullable_field_off(name: str) -> None:
    version = FIRST if name == "input_audio" else NEWEST
    assert echoed(version, CASCADED, name, None) == (None, [])


# --- fields that a version does not have
# --------------------------------------------------------------------------------------

UNKNOWN: list[tuple[str, str, Any, list[str]]] = [
    (GA, "input_audio", {"model": "azure-standard"}, [""]),
    (PREVIEW_2026, "include", [], [""]),
    (PREVIEW_2026, "metadata", {}, [""]),
    (APRIL, "parallel_tool_calls", True, [""]),
    (GA, "reasoning_effort", "low", [""]),
    (GA, "interim_response", None, [""]),
    (NEWEST, "id", "mine", [""]),
    (NEWEST, "expires_at", 1, [""]),
    (
        APRIL,
        ECHO,
        {"type": CANCELLED, "channels": 2, "reference_source": "client"},
        [".channels", ".reference_source"],
    ),
    (
        FIRST,
        HEARD,
        {"model": "azure-speech", "phrase_list": [], "custom_speech": {}},
        [".phrase_list", ".custom_speech"],
    ),
    (
        FIRST,
        "turn_detection",
        {"type": "server_vad", "create_response": False, "interrupt_response": False},
        [".create_response", ".interrupt_response"],
    ),
    (
        FIRST,
        "turn_detection",
        {EOU: EOU_2026},
        [".end_of_utterance_detection.threshold_level", ".end_of_utterance_detection.timeout_ms"],
    ),
    (
        GA,
        "turn_detection",
        {EOU: EOU_2025},
        [".end_of_utterance_detection.threshold", ".end_of_utterance_detection.timeout"],
    ),
    (
        GA,
        "turn_detection",
        {EOU: {"model": "semantic_detection_v1", **OLD_KNOBS}},
        [f".end_of_utterance_detection.{name}" for name in OLD_KNOBS],
    ),
    (
        GA,
        "turn_detection",
        {"type": SEMANTIC, **OLD_VAD_KNOBS},
        [f".{name}" for name in OLD_VAD_KNOBS],
    ),
    (
        NEWEST,
        "turn_detection",
        {"type": "server_vad", "remove_filler_words": True, "languages": ["en"]},
        [".remove_filler_words", ".languages"],
    ),
    (
        NEWEST,
        "turn_detection",
        {"type": "azure_semantic_vad_en", "languages": ["en"]},
        [".languages"],
    ),
    (
        FIRST,
        "avatar",
        AVATAR | {"video": {"background": {"color": "#fff"}, "gop_size": 5}},
        [".video.background", ".video.gop_size"],
    ),
    (NEWEST, "voice", {"type": "azure-standard", "name": "n", "mood": "glad"}, [".mood"]),
    (NEWEST, "tools", [FUNCTION | {"strict": True}], ["[0].strict"]),
]


@pytest.mark.parametrize(("version", "name", "value", "paths"), UNKNOWN)
def test_what_a_version_does_not_have_is_left_out_and_named(
    version: str, name: str, value: Any, paths: list[str]
) -> None:
    shown, unknown = echoed(version, CASCADED, name, value)
    assert unknown == [f"session.{name}{path}" for path in paths]
    if paths == [""]:
        assert shown == session(version).to_json().get(name)


# --- values that are refused
# --------------------------------------------------------------------------------------------------

BAD, TYPE, MISSING = "invalid_value", "invalid_type", "missing_required_parameter"
SCHEMA = "invalid_function_parameters"
REFUSED: list[tuple[str, str, str, Any, str, str]] = [
    # version, model, field, value, rest of the path, code
    (NEWEST, CASCADED, "model", "gpt-5", "", BAD),
    (NEWEST, CASCADED, "modalities", ["audio"], "", BAD),
    (NEWEST, CASCADED, "modalities", [], "", BAD),
    (NEWEST, CASCADED, "modalities", ["text", "smell"], "[1]", BAD),
    (NEWEST, CASCADED, "modalities", None, "", TYPE),
    (NEWEST, CASCADED, "animation", {"outputs": ["dance"]}, ".outputs[0]", BAD),
    (NEWEST, CASCADED, "instructions", 5, "", TYPE),
    (FIRST, CASCADED, "input_audio", {"model": "other"}, ".model", BAD),
    (NEWEST, CASCADED, "input_audio_format", "mp3", "", BAD),
    (NEWEST, CASCADED, "input_audio_format", None, "", BAD),
    (NEWEST, CASCADED, "input_audio_sampling_rate", 22050, "", BAD),
    (NEWEST, CASCADED, "input_audio_sampling_rate", "24000", "", TYPE),
    (NEWEST, CASCADED, "output_audio_format", "pcm16-8000hz", "", BAD),
    (NEWEST, CASCADED, "output_audio_format", "pcm16_96000hz", "", BAD),
    *(
        (NEWEST, OPENAI, "output_audio_format", f"pcm16_{rate}hz", "", BAD)
        for rate in (22050, 24000, 44100, 48000)
    ),
    # turn detection
    (NEWEST, CASCADED, "turn_detection", "server_vad", "", TYPE),
    (NEWEST, CASCADED, "turn_detection", {"type": "none"}, ".type", BAD),
    (GA, CASCADED, "turn_detection", {"type": "server_sd"}, ".type", BAD),
    (NEWEST, CASCADED, "turn_detection", {"type": "azure_multilingual_semantic_vad"}, ".type", BAD),
    (NEWEST, CASCADED, "turn_detection", {"threshold": 1.5}, ".threshold", BAD),
    (NEWEST, CASCADED, "turn_detection", {"threshold": "0.5"}, ".threshold", TYPE),
    (
        NEWEST,
        CASCADED,
        "turn_detection",
        {"silence_duration_ms": 60_001},
        ".silence_duration_ms",
        BAD,
    ),
    (
        NEWEST,
        CASCADED,
        "turn_detection",
        {"silence_duration_ms": 1.5},
        ".silence_duration_ms",
        TYPE,
    ),
    (NEWEST, CASCADED, "turn_detection", {"prefix_padding_ms": -1}, ".prefix_padding_ms", BAD),
    (NEWEST, CASCADED, "turn_detection", {"speech_duration_ms": -1}, ".speech_duration_ms", BAD),
    (NEWEST, CASCADED, "turn_detection", {"create_response": 1}, ".create_response", TYPE),
    (
        NEWEST,
        CASCADED,
        "turn_detection",
        {"interrupt_response": "yes"},
        ".interrupt_response",
        TYPE,
    ),
    (NEWEST, CASCADED, "turn_detection", {"auto_truncate": 0}, ".auto_truncate", TYPE),
    (
        NEWEST,
        CASCADED,
        "turn_detection",
        {"type": SEMANTIC, "remove_filler_words": "no"},
        ".remove_filler_words",
        TYPE,
    ),
    (
        NEWEST,
        CASCADED,
        "turn_detection",
        {"type": SEMANTIC, "languages": ["en"] * 11},
        ".languages",
        BAD,
    ),
    (
        NEWEST,
        CASCADED,
        "turn_detection",
        {"type": MULTILINGUAL, "languages": ["en", "sv"]},
        ".languages[1]",
        BAD,
    ),
    (NEWEST, CASCADED, "turn_detection", {EOU: {}}, f".{EOU}.model", MISSING),
    (NEWEST, CASCADED, "turn_detection", {EOU: {"model": "guess"}}, f".{EOU}.model", BAD),
    (NEWEST, CASCADED, "turn_detection", {EOU: SMART}, f".{EOU}.model", BAD),
    (APRIL, CASCADED, "turn_detection", {EOU: SMART}, f".{EOU}.model", BAD),
    (
        NEWEST,
        CASCADED,
        "turn_detection",
        {EOU: EOU_2026 | {"threshold_level": "0.1"}},
        f".{EOU}.threshold_level",
        BAD,
    ),
    *(
        (
            NEWEST,
            CASCADED,
            "turn_detection",
            {EOU: EOU_2026 | {"timeout_ms": ms}},
            f".{EOU}.timeout_ms",
            BAD,
        )
        for ms in (-1, 60_001, 10**400)
    ),
    (
        FIRST,
        CASCADED,
        "turn_detection",
        {EOU: EOU_2025 | {"timeout": 1.7e308}},
        f".{EOU}.timeout",
        BAD,
    ),
    (
        FIRST,
        CASCADED,
        "turn_detection",
        {EOU: EOU_2025 | {"threshold": "low"}},
        f".{EOU}.threshold",
        TYPE,
    ),
    (NEWEST, CASCADED, "turn_detection", {"type": "semantic_vad"}, ".type", BAD),
    (NEWEST, PHI, "turn_detection", {"type": "semantic_vad"}, ".type", BAD),
    (
        NEWEST,
        OPENAI,
        "turn_detection",
        {"type": "semantic_vad", "eagerness": "very"},
        ".eagerness",
        BAD,
    ),
    # noise and echo
    (NEWEST, CASCADED, "input_audio_noise_reduction", {}, ".type", MISSING),
    (NEWEST, CASCADED, "input_audio_noise_reduction", {"type": "magic"}, ".type", BAD),
    (NEWEST, CASCADED, "input_audio_noise_reduction", {"type": "near_field"}, ".type", BAD),
    (NEWEST, AZURE, "input_audio_noise_reduction", {"type": "far_field"}, ".type", BAD),
    (NEWEST, CASCADED, ECHO, {"type": "magic"}, ".type", BAD),
    (NEWEST, CASCADED, ECHO, {"type": CANCELLED, "channels": 3}, ".channels", BAD),
    (
        NEWEST,
        CASCADED,
        ECHO,
        {"type": CANCELLED, "reference_source": "me"},
        ".reference_source",
        BAD,
    ),
    (
        NEWEST,
        CASCADED,
        ECHO,
        {"type": CANCELLED, "channels": 2},
        ".channels",
        "invalid_ec_channels_requires_client",
    ),
    (
        NEWEST,
        CASCADED,
        ECHO,
        {"type": CANCELLED, "reference_source": "client"},
        ".channels",
        "invalid_ec_reference_channels",
    ),
    # transcription
    (NEWEST, CASCADED, HEARD, {}, ".model", MISSING),
    (NEWEST, CASCADED, HEARD, {"model": "whisper1"}, ".model", BAD),
    (NEWEST, CASCADED, HEARD, {"model": None}, ".model", TYPE),
    (NEWEST, CASCADED, HEARD, {"model": "azure-fast-transcription"}, ".model", BAD),
    *(
        (NEWEST, model, HEARD, {"model": m}, ".model", BAD)
        for model in (CASCADED, PHI)
        for m in (
            "whisper-1",
            "gpt-4o-transcribe",
            "gpt-4o-mini-transcribe",
            "gpt-4o-transcribe-diarize",
        )
    ),
    (NEWEST, CASCADED, HEARD, {"model": "azure-speech", "language": "english"}, ".language", BAD),
    (NEWEST, CASCADED, HEARD, {"model": "azure-speech", "language": "en,,de"}, ".language", BAD),
    (
        NEWEST,
        CASCADED,
        HEARD,
        {"model": "azure-speech", "language": ",".join(["en"] * 11)},
        ".language",
        BAD,
    ),
    (
        NEWEST,
        CASCADED,
        HEARD,
        {"model": "azure-speech", "phrase_list": ["a"] * 500},
        ".phrase_list",
        BAD,
    ),
    (
        NEWEST,
        CASCADED,
        HEARD,
        {"model": "azure-speech", "custom_speech": {"en": 5}},
        ".custom_speech.en",
        TYPE,
    ),
    (NEWEST, CASCADED, "output_audio_timestamp_types", ["letter"], "[0]", BAD),
    # tools
    (NEWEST, CASCADED, "tools", [{}], "[0].type", MISSING),
    (NEWEST, CASCADED, "tools", [{"type": "hammer"}], "[0].type", BAD),
    (NEWEST, CASCADED, "tools", [{"type": "function"}], "[0].name", MISSING),
    (NEWEST, CASCADED, "tools", [{"type": "function", "name": ""}], "[0].name", BAD),
    *(
        (NEWEST, CASCADED, "tools", [FUNCTION | {"name": name}], "[0].name", BAD)
        for name in ("get weather.now", "wetter_für_morgen", "a" * 65)
    ),
    (NEWEST, CASCADED, "tools", [FUNCTION, FUNCTION], "[1].name", BAD),
    *(
        (
            NEWEST,
            CASCADED,
            "tools",
            [FUNCTION | {"parameters": parameters}],
            "[0].parameters",
            SCHEMA,
        )
        for parameters in (
            {"type": "array"},
            {"type": "objekt"},
            {"type": "object", "required": "zone"},
            {"type": "object", "properties": {"zone": {"type": "text"}}},
        )
    ),
    (NEWEST, CASCADED, "tools", [FUNCTION | {"parameters": "{}"}], "[0].parameters", TYPE),
    (PREVIEW_2026, CASCADED, "tools", [MCP], "[0].type", BAD),
    (NEWEST, CASCADED, "tools", [{"type": "mcp", "server_label": "s"}], "[0].server_url", MISSING),
    (
        NEWEST,
        CASCADED,
        "tools",
        [MCP | {"require_approval": "sometimes"}],
        "[0].require_approval",
        BAD,
    ),
    (NEWEST, CASCADED, "tools", [MCP | {"headers": {"x": 1}}], "[0].headers.x", TYPE),
    (NEWEST, CASCADED, "tools", [MCP, MCP], "[1].server_label", BAD),
    (
        GA,
        CASCADED,
        "tools",
        [{"type": "foundry_agent", "agent_name": "a", "project_name": "p"}],
        "[0].type",
        BAD,
    ),
    (NEWEST, CASCADED, "tool_choice", {"type": "function"}, ".name", MISSING),
    (NEWEST, CASCADED, "tool_choice", {"type": "function", "name": "f"}, "", BAD),
    (NEWEST, CASCADED, "tool_choice", "f", "", BAD),
    (NEWEST, CASCADED, "parallel_tool_calls", "no", "", TYPE),
    (NEWEST, CASCADED, "temperature", True, "", TYPE),
    (NEWEST, CASCADED, "temperature", 1.3, "", BAD),
    (NEWEST, CASCADED, "max_response_output_tokens", 0, "", BAD),
    (NEWEST, CASCADED, "max_response_output_tokens", 4097, "", BAD),
    (NEWEST, CASCADED, "max_response_output_tokens", "infinite", "", TYPE),
    (NEWEST, CASCADED, "reasoning_effort", "extreme", "", BAD),
    (NEWEST, CASCADED, "interim_response", {"type": "static"}, ".type", BAD),
    (
        NEWEST,
        CASCADED,
        "interim_response",
        {"type": LLM, "triggers": ["boredom"]},
        ".triggers[0]",
        BAD,
    ),
    (
        NEWEST,
        CASCADED,
        "interim_response",
        {"type": LLM, "max_completion_tokens": 0},
        ".max_completion_tokens",
        BAD,
    ),
    (NEWEST, OPENAI, "interim_response", {"type": "llm_interim_response"}, "", BAD),
    (NEWEST, CASCADED, "include", ["everything"], "[0]", BAD),
    (NEWEST, CASCADED, "metadata", {str(n): "x" for n in range(17)}, "", BAD),
    (NEWEST, CASCADED, "metadata", {"k" * 65: "v"}, " key", BAD),
    (NEWEST, CASCADED, "metadata", {"k": "v" * 513}, ".k", BAD),
    (NEWEST, CASCADED, "metadata", {"k": 1}, ".k", TYPE),
    # avatar
    (NEWEST, CASCADED, "avatar", {}, ".character", MISSING),
    (NEWEST, CASCADED, "avatar", {"character": "lisa"}, ".customized", MISSING),
    (NEWEST, CASCADED, "avatar", AVATAR | {"type": "statue"}, ".type", BAD),
    (NEWEST, CASCADED, "avatar", AVATAR | {"type": "photo-avatar"}, ".model", MISSING),
    (NEWEST, CASCADED, "avatar", AVATAR | {"output_protocol": "smoke"}, ".output_protocol", BAD),
    (NEWEST, CASCADED, "avatar", AVATAR | {"video": {"codec": "av1"}}, ".video.codec", BAD),
    (
        NEWEST,
        CASCADED,
        "avatar",
        AVATAR | {"video": {"crop": {"top_left": [1], "bottom_right": [2, 2]}}},
        ".video.crop.top_left",
        BAD,
    ),
    (
        NEWEST,
        CASCADED,
        "avatar",
        AVATAR | {"ice_servers": [{"urls": []}]},
        ".ice_servers[0].urls",
        BAD,
    ),
    (NEWEST, CASCADED, "avatar", AVATAR | {"scene": {"zoom": "big"}}, ".scene.zoom", TYPE),
    # voices
    (NEWEST, CASCADED, "voice", None, "", TYPE),
    (NEWEST, CASCADED, "voice", 7, "", TYPE),
    (NEWEST, OPENAI, "voice", "nobody", "", BAD),
    (NEWEST, CASCADED, "voice", {"name": "en-US-AvaNeural"}, ".type", MISSING),
    (NEWEST, CASCADED, "voice", {"type": "azure-standard"}, ".name", MISSING),
    (NEWEST, CASCADED, "voice", {"type": "azure-standard", "name": ""}, ".name", BAD),
    (NEWEST, CASCADED, "voice", {"type": "azure-custom", "name": "n"}, ".endpoint_id", MISSING),
    (NEWEST, CASCADED, "voice", {"type": "azure-personal", "name": "n"}, ".model", MISSING),
    (
        NEWEST,
        CASCADED,
        "voice",
        {"type": "azure-personal", "name": "n", "model": "MyVoice"},
        ".model",
        BAD,
    ),
    (
        NEWEST,
        CASCADED,
        "voice",
        {"type": "azure-standard", "name": "n", "temperature": 1.1},
        ".temperature",
        BAD,
    ),
    (
        NEWEST,
        CASCADED,
        "voice",
        {"type": "azure-standard", "name": "n", "rate": 1.2},
        ".rate",
        TYPE,
    ),
    *(
        (
            NEWEST,
            CASCADED,
            "voice",
            {"type": "azure-standard", "name": "n", field: value},
            f".{field}",
            BAD,
        )
        for field, value in (
            ("rate", "fastest"),
            ("rate", "0.4"),
            ("rate", "1.6"),
            ("pitch", "very"),
            ("volume", "11 bels"),
        )
    ),
    *(
        (NEWEST, model, "voice", voice, "", BAD)
        for model in (CASCADED, PHI, AZURE)
        for voice in ("alloy", {"type": "openai", "name": "alloy"})
    ),
    (NEWEST, CASCADED, "voice", {"type": "azure-realtime-native", "name": "ava"}, ".type", BAD),
    (NEWEST, OPENAI, "voice", {"type": "azure-realtime-native", "name": "ava"}, ".type", BAD),
    (NEWEST, AZURE, "voice", {"type": "azure-realtime-native", "name": "nobody"}, ".name", BAD),
    (APRIL, AZURE, "voice", {"type": "azure-realtime-native", "name": "ava"}, ".type", BAD),
    (GA, CASCADED, "voice", {"type": "avatar-voice-sync", "model": "MAI-Voice-1"}, ".type", BAD),
]


@pytest.mark.parametrize(("version", "model", "name", "value", "path", "code"), REFUSED)
def test_a_bad_value_is_refused_with_its_path_and_changes_nothing(
    version: str, model: str, name: str, value: Any, path: str, code: str
) -> None:
    opened = session(version, model)
    before = opened.to_json()
    with pytest.raises(Refused) as refused:
        opened.update({"instructions": "changed", name: value}, SessionProgress())
    assert (refused.value.param, refused.value.code) == (f"session.{name}{path}", code)
    assert refused.value.error_type == "invalid_request_error"
    assert opened.to_json() == before


@pytest.mark.parametrize(
    "rate", ["0.5", "0.75", "1", "1.0", "1.49", "1.5", "1.50", "+10%", "-20.5%", "slow", "default"]
)
def test_every_form_of_a_rate(rate: str) -> None:
    voice = {"type": "azure-standard", "name": "n", "rate": rate}
    assert echoed(NEWEST, CASCADED, "voice", voice) == (voice, [])


@pytest.mark.parametrize(
    ("pitch", "volume"),
    [("+2st", "+6dB"), ("-50Hz", "100"), ("200Hz", "+10"), ("x-high", "silent")],
)
def test_every_form_of_pitch_and_volume(pitch: str, volume: str) -> None:
    voice = {"type": "azure-standard", "name": "n", "pitch": pitch, "volume": volume}
    assert echoed(NEWEST, CASCADED, "voice", voice) == (voice, [])


def test_the_tables_name_every_field() -> None:
    """Fails for a new field that lacks its default, a good value or a bad value here."""
    fields = {name for version in API_VERSIONS for name in session(version).to_json()} - {
        "id",
        "object",
        "model",
        "agent",
        "expires_at",
    }
    assert fields == {name for _, _, name, _, _ in TAKEN}
    assert fields == {name for _, _, name, _, _, _ in REFUSED} - {"model"}
