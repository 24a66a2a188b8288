"""Where the simulator differs from the official SDK's models (1.3.1) and from protocol-events.json,
and why."""

from tests.simulator.support.session_values import ANSWERING

_FIRST = "2025-05-01-preview's shape, which the SDK dropped (protocol.md 6.3)"
_SEEN = "undocumented, seen in use with Azure's voices (protocol.md 6)"
# Every difference that the conversations of the repertoire show. One that no longer occurs must be
# removed.
EXCEPTIONS = {
    "rate_limits.updated: unknown event": (
        "in the body text of every reference version, in neither event index (protocol.md 5)"
    ),
    "ResponseSession.object: unknown": (
        "on the wire in every documented example (protocol.md 6 and 19)"
    ),
    "ResponseSession.input_audio: unknown": _FIRST,
    **{
        f"ResponseSession.output_audio_format: 'pcm16_{rate_hz}hz' is no OutputAudioFormat": _SEEN
        for rate_hz in (22050, 24000, 44100, 48000)
    },
    "ServerVad.speech_duration_ms: unknown": (
        "documented for server_vad from 2026-07-15; echoed only when sent (protocol.md 6.1)"
    ),
    "AzureSemanticVad.appended_text_after_truncation: unknown": (
        "how-to only; echoed only when sent (protocol.md 6.1)"
    ),
    "AzureSemanticVad.speech_duration_assistant_speaking_ms: unknown": (
        "seen in use; echoed only when sent (protocol.md 6.1)"
    ),
    **{
        f"AzureSemanticVad.{name}: unknown": _FIRST
        for name in ("neg_threshold", "window_size", "distinct_ci_phones", "require_vowel")
    },
    **{
        f"AzureSemanticDetection.{name}: unknown": _FIRST
        for name in (
            "threshold",
            "timeout",
            "secondary_threshold",
            "secondary_timeout",
            "disable_rules",
            "sr_boost",
            "extra_imend_check",
        )
    },
    "EouDetection.model: 'smart_end_of_turn_detection' is unknown": (
        "2026-06-01-preview only (protocol.md 6.2)"
    ),
    **{
        f"EouDetection.{name}: unknown": "of smart_end_of_turn_detection"
        for name in ("threshold_level", "timeout_ms")
    },
    "TurnDetection.type: 'semantic_vad' is unknown": (
        "OpenAI's, in the documents only (protocol.md 6.1)"
    ),
    **{
        f"TurnDetection.{name}: unknown": "of semantic_vad"
        for name in ("eagerness", "auto_truncate", *ANSWERING)
    },
    "AudioInputTranscriptionOptions.prompt: unknown": (
        "documented for OpenAI's models; echoed only when sent (protocol.md 9)"
    ),
    "Tool.type: 'foundry_agent' is unknown": "documented, removed from the SDK (protocol.md 10)",
    **{f"Tool.{name}: unknown": "of foundry_agent" for name in ("agent_name", "project_name")},
    "ResponseSession.tool_choice: 'f' is no ToolChoiceLiteral": (
        "an example has a bare function name (protocol.md 10)"
    ),
    "RequestAudioContentPart.audio: null": (
        "the documented user item has audio null (protocol.md 13.2 and 19)"
    ),
    "RequestImageContentPart.url: unknown": (
        "the name of image_url before 2026-06-01-preview (protocol.md 13.1)"
    ),
}
TABLE_EXCEPTIONS = {
    "rate_limits.updated: unknown event": EXCEPTIONS["rate_limits.updated: unknown event"]
}

_NO_AVATAR = "there is no avatar"
_NO_SEARCH = (
    "needs a cloud tool that a client cannot ask for with these api-versions' documented tools"
)
# The server events of protocol-events.json that the simulator never sends.
NEVER_SENT = {
    "output_audio_buffer.cleared": _NO_AVATAR,
    "session.avatar.connecting": _NO_AVATAR,
    "session.avatar.switch_to_idle": _NO_AVATAR,
    "session.avatar.switch_to_speaking": _NO_AVATAR,
    "response.video.delta": _NO_AVATAR,
    "response.animation_blendshapes.delta": (
        "blendshapes need a face model; the setting is taken and named as without effect"
    ),
    "response.animation_blendshapes.done": "as its delta",
    "response.audio_transcript.annotation.added": (
        "citations come from searches, of which there are none"
    ),
    "response.invocation.delta": "hosted agents only (protocol.md 16)",
    **{
        f"response.{search}_search_call.{state}": _NO_SEARCH
        for search in ("web", "file")
        for state in ("in_progress", "searching", "completed")
    },
}

# The parts of the SDK's models for events that the simulator sends but never fills.
NEVER_SHOWN = {
    "AgentConfig.description": "an agent's own description is not known here; null",
    "RequestAudioContentPart.audio": (
        "a user's audio is not kept; null, as documented (protocol.md 13.2)"
    ),
    "ServerEventResponseMcpCallArgumentsDelta.obfuscation": "optional padding, without meaning",
    "TranscriptionPhrase.confidence": (
        "nobody recognised anything that one could be more or less sure of"
    ),
    "VoiceLiveErrorDetails.event_id": "a failed transcription was no client event's fault",
    "VoiceLiveErrorDetails.param": "a failed transcription is about no parameter",
    **{
        f"ResponseWebSearchCallItem.{name}": _NO_SEARCH
        for name in ("id", "object", "status", "type")
    },
    **{
        f"ResponseFileSearchCallItem.{name}": _NO_SEARCH
        for name in ("id", "object", "status", "type", "queries", "results")
    },
    **{
        f"FileSearchResult.{name}": _NO_SEARCH
        for name in ("attributes", "file_id", "filename", "score", "text")
    },
}

# Events that an api-version introduced; all others are sent in every version.
SINCE = dict.fromkeys(
    (
        "warning",
        "mcp_list_tools.in_progress",
        "mcp_list_tools.completed",
        "mcp_list_tools.failed",
        "response.mcp_call_arguments.delta",
        "response.mcp_call_arguments.done",
        "response.mcp_call.in_progress",
        "response.mcp_call.completed",
        "response.mcp_call.failed",
    ),
    "2026-04-10",
)
