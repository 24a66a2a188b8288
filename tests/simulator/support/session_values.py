"""Good values of every session field, by api-version and model, and how each is shown."""

from typing import Any

from voicelive_simulator.api.handshake import API_VERSIONS

JSON = dict[str, Any]
FIRST, GA, PREVIEW_2026, APRIL, JUNE, NEWEST, LATER = API_VERSIONS
CASCADED, OPENAI, PHI, AZURE = "gpt-4o", "gpt-realtime", "phi4-mm-realtime", "azure-realtime"
ALWAYS = ("", "9999")
EOU, HEARD, ECHO = (
    "end_of_utterance_detection",
    "input_audio_transcription",
    "input_audio_echo_cancellation",
)
SMART = {"model": "smart_end_of_turn_detection"}
SEMANTIC, MULTILINGUAL = "azure_semantic_vad", "azure_semantic_vad_multilingual"
CANCELLED, LLM = "server_echo_cancellation", "llm_interim_response"
ANSWERING = {"create_response": True, "interrupt_response": True}
SERVER_VAD = {
    "type": "server_vad",
    "threshold": 0.5,
    "prefix_padding_ms": 400,
    "silence_duration_ms": 500,
    "end_of_utterance_detection": None,
    "auto_truncate": False,
}
EOU_2026 = {"model": "semantic_detection_v1", "threshold_level": "default", "timeout_ms": 1000}
EOU_2025 = {"model": "semantic_detection_v1", "threshold": 0.01, "timeout": 2}
OLD_KNOBS = {
    "secondary_threshold": 0.2,
    "secondary_timeout": 1.5,
    "disable_rules": True,
    "sr_boost": 2.0,
    "extra_imend_check": False,
}
OLD_VAD_KNOBS = {
    "neg_threshold": 0.2,
    "window_size": 2,
    "distinct_ci_phones": 1,
    "require_vowel": True,
}
AZURE_VAD = SERVER_VAD | ANSWERING | {"type": SEMANTIC, "prefix_padding_ms": 420}
AZURE_VAD |= {"speech_duration_ms": 80, "remove_filler_words": False, "languages": None}
TRIGGERS = {"triggers": ["latency"], "latency_threshold_ms": 2000}
AVATAR = {"character": "lisa", "customized": False}
AVATAR_DEFAULTS = {
    "type": "video-avatar",
    "ice_servers": None,
    "style": None,
    "video": None,
    "scene": None,
    "output_protocol": "webrtc",
    "output_audit_audio": False,
}
FUNCTION = {"type": "function", "name": "f", "description": "d", "parameters": {"type": "object"}}
MCP = {"type": "mcp", "server_label": "s", "server_url": "https://example.org/mcp"}
SAME = object()  # shown as it was sent

TAKEN: list[tuple[str, str, str, Any, Any]] = [
    # version, model, field, value, effective
    (NEWEST, CASCADED, "modalities", ["text"], SAME),
    (NEWEST, CASCADED, "modalities", ["text", "audio", "avatar"], SAME),
    (NEWEST, CASCADED, "modalities", ["audio", "text", "animation"], SAME),
    (
        NEWEST,
        CASCADED,
        "animation",
        {"outputs": ["viseme_id"]},
        {"model_name": None, "outputs": ["viseme_id"]},
    ),
    (NEWEST, CASCADED, "animation", {"model_name": "m", "outputs": ["blendshapes"]}, SAME),
    (NEWEST, CASCADED, "instructions", "be brief", SAME),
    (NEWEST, CASCADED, "instructions", "", SAME),
    (NEWEST, CASCADED, "instructions", None, SAME),
    (FIRST, CASCADED, "input_audio", {"model": "azure-standard", "phrase_list": ["Contoso"]}, SAME),
    *(
        (NEWEST, CASCADED, "input_audio_sampling_rate", rate, SAME)
        for rate in (8000, 16000, 24000, 44100)
    ),
    *(
        (NEWEST, CASCADED, "input_audio_format", codec, SAME)
        for codec in ("pcm16", "g711_ulaw", "g711_alaw")
    ),
    *(
        (version, CASCADED, "output_audio_format", name, SAME)
        for version in (FIRST, NEWEST)
        for name in (
            "pcm16",
            "pcm16_8000hz",
            "pcm16_16000hz",
            "g711_ulaw",
            "g711_alaw",
            "pcm16_22050hz",
            "pcm16_24000hz",
            "pcm16_44100hz",
            "pcm16_48000hz",
        )
    ),
    (NEWEST, OPENAI, "output_audio_format", "g711_alaw", SAME),
    # turn detection
    (NEWEST, CASCADED, "turn_detection", None, SAME),
    (NEWEST, CASCADED, "turn_detection", {}, SERVER_VAD | ANSWERING),
    (NEWEST, CASCADED, "turn_detection", {"type": SEMANTIC}, AZURE_VAD),
    (GA, CASCADED, "turn_detection", {"type": SEMANTIC}, AZURE_VAD | {"prefix_padding_ms": 300}),
    (GA, CASCADED, "turn_detection", AZURE_VAD | {"prefix_padding_ms": 7}, SAME),
    (FIRST, CASCADED, "turn_detection", {"type": "none"}, None),
    (
        FIRST,
        CASCADED,
        "turn_detection",
        {"type": "server_sd"},
        SERVER_VAD | {"prefix_padding_ms": 300},
    ),
    (
        NEWEST,
        CASCADED,
        "turn_detection",
        {"speech_duration_ms": 90},
        SERVER_VAD | ANSWERING | {"speech_duration_ms": 90},
    ),
    (
        NEWEST,
        CASCADED,
        "turn_detection",
        {
            "type": SEMANTIC,
            "appended_text_after_truncation": "...",
            "speech_duration_assistant_speaking_ms": 800,
        },
        AZURE_VAD
        | {"appended_text_after_truncation": "...", "speech_duration_assistant_speaking_ms": 800},
    ),
    (
        NEWEST,
        CASCADED,
        "turn_detection",
        {"type": "azure_semantic_vad_en"},
        {name: value for name, value in AZURE_VAD.items() if name != "languages"}
        | {"type": "azure_semantic_vad_en"},
    ),
    *(
        (
            NEWEST,
            CASCADED,
            "turn_detection",
            AZURE_VAD | {"type": MULTILINGUAL, "languages": [code]},
            SAME,
        )
        for code in ("en", "es", "fr", "it", "de", "ja", "pt", "zh", "ko", "hi")
    ),
    (NEWEST, CASCADED, "turn_detection", AZURE_VAD | {"languages": ["en-US", "sv"]}, SAME),
    (
        FIRST,
        CASCADED,
        "turn_detection",
        {"type": SEMANTIC, **OLD_VAD_KNOBS},
        {name: value for name, value in AZURE_VAD.items() if name not in ANSWERING}
        | OLD_VAD_KNOBS
        | {"prefix_padding_ms": 300},
    ),
    (
        NEWEST,
        OPENAI,
        "turn_detection",
        {"type": "semantic_vad"},
        {"type": "semantic_vad", "eagerness": "auto", "auto_truncate": False, **ANSWERING},
    ),
    *(
        (
            NEWEST,
            CASCADED,
            "turn_detection",
            SERVER_VAD | ANSWERING | {EOU: EOU_2026 | {"model": model}},
            SAME,
        )
        for model in (
            "semantic_detection_v1",
            "semantic_detection_v1_en",
            "semantic_detection_v1_multilingual",
        )
    ),
    *(
        (
            NEWEST,
            CASCADED,
            "turn_detection",
            {EOU: {"model": "semantic_detection_v1", "threshold_level": level}},
            SERVER_VAD | ANSWERING | {EOU: EOU_2026 | {"threshold_level": level}},
        )
        for level in ("low", "medium", "high", "default")
    ),
    (
        JUNE,
        CASCADED,
        "turn_detection",
        {EOU: SMART | {"timeout_ms": 5}},
        SERVER_VAD | ANSWERING | {EOU: EOU_2026 | SMART | {"timeout_ms": 5}},
    ),
    (
        FIRST,
        CASCADED,
        "turn_detection",
        {EOU: {"model": "semantic_detection_v1", **OLD_KNOBS}},
        SERVER_VAD | {"prefix_padding_ms": 300, EOU: EOU_2025 | OLD_KNOBS},
    ),
    # noise and echo
    (
        FIRST,
        CASCADED,
        "input_audio_noise_reduction",
        {"type": "azure_deep_noise_suppression"},
        SAME,
    ),
    (NEWEST, OPENAI, "input_audio_noise_reduction", {"type": "near_field"}, SAME),
    (NEWEST, OPENAI, "input_audio_noise_reduction", {"type": "far_field"}, SAME),
    (APRIL, CASCADED, ECHO, {"type": CANCELLED}, SAME),
    (
        JUNE,
        CASCADED,
        ECHO,
        {"type": CANCELLED},
        {"type": CANCELLED, "reference_source": "server", "channels": 1},
    ),
    (
        NEWEST,
        CASCADED,
        "input_audio_echo_cancellation",
        {"type": CANCELLED, "reference_source": "client", "channels": 2},
        SAME,
    ),
    # transcription
    *(
        (NEWEST, CASCADED, HEARD, {"model": m}, SAME)
        for m in ("azure-speech", "mai-transcribe-1", "mai-transcribe-2")
    ),
    (NEWEST, CASCADED, HEARD, {"model": "mai-transcribe"}, {"model": "mai-transcribe-2"}),
    *(
        (NEWEST, OPENAI, HEARD, {"model": m, "prompt": "names", "language": "en"}, SAME)
        for m in (
            "whisper-1",
            "gpt-4o-transcribe",
            "gpt-4o-mini-transcribe",
            "gpt-4o-transcribe-diarize",
            "azure-speech",
        )
    ),
    *(
        (FIRST, CASCADED, HEARD, {"model": m}, SAME)
        for m in ("azure-fast-transcription", "s2s-ingraph")
    ),
    (
        GA,
        CASCADED,
        "input_audio_transcription",
        {
            "model": "azure-speech",
            "phrase_list": ["a"],
            "custom_speech": {"en-US": "id"},
            "language": "en-US,zh,yue-Hans-CN",
        },
        SAME,
    ),
    (GA, CASCADED, HEARD, {"model": "azure-speech", "language": ""}, SAME),
    (NEWEST, CASCADED, "output_audio_timestamp_types", ["word"], SAME),
    # tools
    (NEWEST, CASCADED, "tools", [FUNCTION, {"type": "function", "name": "bare"}], SAME),
    (APRIL, CASCADED, "tools", [MCP], [MCP | {"require_approval": "always"}]),
    (APRIL, CASCADED, "tools", [MCP | {"require_approval": "never", "allowed_tools": ["a"]}], SAME),
    (
        APRIL,
        CASCADED,
        "tools",
        [MCP | {"require_approval": {"always": ["a"], "never": ["b"]}}],
        SAME,
    ),
    (
        APRIL,
        CASCADED,
        "tools",
        [MCP | {"authorization": "secret", "headers": {"x": "secret"}}],
        [
            MCP
            | {
                "authorization": "[hidden]",
                "headers": {"x": "[hidden]"},
                "require_approval": "always",
            }
        ],
    ),
    (
        PREVIEW_2026,
        CASCADED,
        "tools",
        [{"type": "foundry_agent", "agent_name": "a", "project_name": "p"}],
        SAME,
    ),
    *((NEWEST, CASCADED, "tool_choice", choice, SAME) for choice in ("auto", "none", "required")),
    (NEWEST, CASCADED, "parallel_tool_calls", False, SAME),
    *((NEWEST, CASCADED, "temperature", value, SAME) for value in (0, 0.6, 1.2)),
    *((NEWEST, CASCADED, "max_response_output_tokens", value, SAME) for value in (1, 4096, "inf")),
    *(
        (PREVIEW_2026, CASCADED, "reasoning_effort", value, SAME)
        for value in ("none", "minimal", "low", "medium", "high", "xhigh")
    ),
    # interim responses, in both spellings
    (
        NEWEST,
        CASCADED,
        "interim_response",
        {"type": "static_interim_response", "texts": ["Hm"]},
        {"type": "static_interim_response", "texts": ["Hm"], **TRIGGERS},
    ),
    (
        NEWEST,
        CASCADED,
        "interim_response",
        {"type": "static-interim-response"},
        {"type": "static_interim_response", "texts": None, **TRIGGERS},
    ),
    (
        NEWEST,
        CASCADED,
        "interim_response",
        {"type": "llm-interim-response", "triggers": ["tool", "latency"]},
        {
            "type": LLM,
            "model": "gpt-4.1-mini",
            "instructions": None,
            "max_completion_tokens": 50,
            "triggers": ["tool", "latency"],
            "latency_threshold_ms": 2000,
        },
    ),
    (
        APRIL,
        CASCADED,
        "include",
        ["item.input_audio_transcription.logprobs", "item.input_audio_transcription.phrases"],
        SAME,
    ),
    (APRIL, CASCADED, "include", ["file_search_call.results"], SAME),
    (APRIL, CASCADED, "metadata", {"k" * 64: "v" * 512}, SAME),
    (APRIL, CASCADED, "metadata", {str(n): "" for n in range(16)}, SAME),
    # avatar
    (NEWEST, CASCADED, "avatar", AVATAR, AVATAR_DEFAULTS | AVATAR),
    (
        NEWEST,
        CASCADED,
        "avatar",
        AVATAR | {"type": "photo-avatar", "model": "vasa-1"},
        AVATAR_DEFAULTS | AVATAR | {"type": "photo-avatar", "model": "vasa-1"},
    ),
    (
        NEWEST,
        CASCADED,
        "avatar",
        AVATAR
        | {
            "style": "casual",
            "output_protocol": "websocket",
            "output_audit_audio": True,
            "scene": {"zoom": 1.5, "amplitude": 0.5},
            "video": {
                "crop": {"top_left": [0, 0], "bottom_right": [9, 9]},
                "resolution": {"width": 1280, "height": 720},
                "background": {"color": "#fff"},
            },
            "ice_servers": [
                {"urls": ["turn:example.org"], "username": "u", "credential": "secret"}
            ],
        },
        AVATAR_DEFAULTS
        | AVATAR
        | {
            "style": "casual",
            "output_protocol": "websocket",
            "output_audit_audio": True,
            "scene": {"zoom": 1.5, "amplitude": 0.5},
            "video": {
                "crop": {"top_left": [0, 0], "bottom_right": [9, 9]},
                "resolution": {"width": 1280, "height": 720},
                "background": {"color": "#fff"},
                "bitrate": 2_000_000,
                "codec": "h264",
                "gop_size": 10,
            },
            "ice_servers": [
                {"urls": ["turn:example.org"], "username": "u", "credential": "[hidden]"}
            ],
        },
    ),
    # voices
    *(
        (NEWEST, OPENAI, "voice", name, SAME)
        for name in (
            "alloy",
            "ash",
            "ballad",
            "coral",
            "echo",
            "sage",
            "shimmer",
            "verse",
            "marin",
            "cedar",
        )
    ),
    (NEWEST, OPENAI, "voice", {"type": "openai", "name": "cedar"}, SAME),
    (NEWEST, OPENAI, "voice", {"type": "azure-standard", "name": "en-US-AvaNeural"}, SAME),
    (
        NEWEST,
        CASCADED,
        "voice",
        {
            "type": "azure-standard",
            "name": "en-US-Ava:DragonHDLatestNeural",
            "temperature": 0.5,
            "locale": "en-US",
            "style": "chat",
            "prefer_locales": ["en-GB"],
            "custom_lexicon_url": "https://example.org/l",
            "rate": "1.2",
            "pitch": "+10%",
            "volume": "80",
            "custom_text_normalization_url": "https://example.org/n",
        },
        SAME,
    ),
    (NEWEST, CASCADED, "voice", {"type": "azure-custom", "name": "n", "endpoint_id": "e"}, SAME),
    (
        NEWEST,
        CASCADED,
        "voice",
        {"type": "azure-personal", "name": "n", "model": "DragonLatestNeural"},
        SAME,
    ),
    (APRIL, CASCADED, "voice", {"type": "avatar-voice-sync", "model": "MAI-Voice-1"}, SAME),
    (NEWEST, AZURE, "voice", {"type": "azure-realtime-native", "name": "xiaoxiao"}, SAME),
]
