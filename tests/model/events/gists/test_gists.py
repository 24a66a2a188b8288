"""The gist of every event by itself, with what the service really sends."""

from typing import Any

import pytest
from voicelive_tui.model.events.event_types import summarize
from voicelive_tui.model.events.gists.table import CLIENT_GISTS, LOCAL_GISTS, SERVER_GISTS

ID = "item_9Gh2kXPq"
STREAM = {"response_id": "resp_7Q2f", "item_id": ID, "output_index": 0, "content_index": 0}
AUDIO = {"$wav": "agent.wav", "offset": 44, "bytes": 9600, "ms": 200.0}
BASE64 = "UklGRiQAAABXQVZF" * 100
VOICE = {"type": "azure-standard", "name": "en-US-Ava:DragonHDLatestNeural"}
SESSION = {
    "id": "sess_1",
    "model": "gpt-4o",
    "voice": VOICE,
    "turn_detection": {"type": "azure_semantic_vad", "silence_duration_ms": 500},
    "expires_at": 1_800_000_000,
}
SPOKEN = {
    "id": ID,
    "type": "message",
    "role": "user",
    "content": [{"type": "input_audio", "audio": None, "transcript": "Where is my parcel?"}],
}
TYPED = {
    "id": ID,
    "type": "message",
    "role": "user",
    "content": [{"type": "input_text", "text": "Can a\nneighbour take it?"}],
}
ANSWER = {
    "id": ID,
    "type": "message",
    "role": "assistant",
    "status": "completed",
    "content": [{"type": "audio", "transcript": "Done. The driver will ring."}],
}
CALL = {
    "id": ID,
    "type": "function_call",
    "call_id": "call_77aaXX",
    "name": "get_parcel",
    "arguments": '{"id": "4471"}',
}
OUTPUT = {
    "id": ID,
    "type": "function_call_output",
    "call_id": "call_77aaXX",
    "output": '{"state": "out for delivery"}',
}
MCP_CALL = {
    "id": ID,
    "type": "mcp_call",
    "name": "clock",
    "server_label": "sim",
    "arguments": "{}",
    "approval_request_id": "mcpr_55bbYY",
}
APPROVAL = {**MCP_CALL, "type": "mcp_approval_request"}
TOOLS = {
    "id": ID,
    "type": "mcp_list_tools",
    "server_label": "sim",
    "tools": [{"name": name} for name in ("add", "clock", "fail", "word_count")],
}
USAGE = {
    "total_tokens": 335,
    "input_tokens": 171,
    "output_tokens": 164,
    "input_token_details": {"cached_tokens": 32},
}


def done(status: str, **more: Any) -> dict[str, Any]:
    return {"response": {"id": "resp_7Q2f", "status": status, **more}}


Case = tuple[str, dict[str, Any], str]
CLIENT: list[Case] = [
    ("conversation.item.create", {"item": TYPED}, "you: Can a neighbour take it?"),
    (
        "conversation.item.create",
        {"item": {**TYPED, "role": "system"}},
        "system: Can a neighbour take it?",
    ),
    ("conversation.item.create", {"item": ANSWER}, "agent: Done. The driver will ring."),
    ("conversation.item.create", {"item": OUTPUT}, 'output: {"state": "out for delivery"}'),
    ("conversation.item.create", {"item": CALL}, 'call get_parcel(id="4471")'),
    (
        "conversation.item.create",
        {
            "item": {
                "type": "mcp_approval_response",
                "approval_request_id": "mcpr_55bbYY",
                "approve": True,
            }
        },
        "call allowed",
    ),
    (
        "conversation.item.create",
        {
            "item": {
                **TYPED,
                "content": [
                    {"type": "input_image", "image_url": f"data:image/png;base64,{BASE64}"},
                    {"type": "input_text", "text": "this one"},
                ],
            }
        },
        "you: image 1.2 kB this one",
    ),
    (
        "conversation.item.create",
        {"item": {**TYPED, "content": [{"type": "input_audio", "audio": BASE64}]}},
        "you: sound, 1.2 kB",
    ),
    ("conversation.item.delete", {"item_id": ID}, ""),
    ("conversation.item.retrieve", {"item_id": ID}, ""),
    (
        "conversation.item.truncate",
        {"item_id": ID, "content_index": 0, "audio_end_ms": 2100},
        "keep 2 100 ms",
    ),
    ("input_audio.clear", {}, "undocumented"),
    ("input_audio.turn.append", {"turn_id": "turn_1", "audio": AUDIO}, "200 ms, 9.6 kB"),
    ("input_audio.turn.cancel", {"turn_id": "turn_1"}, "undocumented"),
    ("input_audio.turn.end", {"turn_id": "turn_1"}, "undocumented"),
    ("input_audio.turn.start", {"turn_id": "turn_1"}, "undocumented"),
    ("input_audio_buffer.append", {"audio": {**AUDIO, "bytes": 960, "ms": 20}}, "20 ms, 960 bytes"),
    ("input_audio_buffer.append", {"audio": BASE64}, "1.2 kB"),
    ("input_audio_buffer.clear", {}, ""),
    ("input_audio_buffer.commit", {}, ""),
    ("input_text.delta", {"id": ID, "delta": "Can a neighbour"}, '"Can a neighbour"'),
    ("input_text.done", {"id": ID}, ""),
    ("output_audio_buffer.clear", {}, "the avatar's sound"),
    ("response.cancel", {"response_id": "resp_7Q2f"}, "the running answer"),
    ("response.create", {}, "as the session"),
    (
        "response.create",
        {"response": {"modalities": ["text"], "instructions": "Be short"}},
        'text only, "Be short"',
    ),
    ("response.create", {"additional_instructions": "Be short"}, '"Be short"'),
    (
        "response.create",
        {"response": {"pre_generated_assistant_message": {**ANSWER, "role": "assistant"}}},
        "agent: Done. The driver will ring.",
    ),
    ("response.create", {"response": {"tool_choice": "none"}}, "tool choice"),
    ("rtc.call.sdp.create", {"sdp_offer": BASE64}, "offer, 1.2 kB"),
    ("session.avatar.connect", {"client_sdp": BASE64}, "offer, 1.2 kB"),
    ("session.update", {"session": {"voice": VOICE, "temperature": 0.8}}, "first: 3 keys"),
    ("transcription_session.update", {"session": {"language": "en"}}, "first: 1 key"),
]
SERVER: list[Case] = [
    ("conversation.created", {"conversation": {"id": "conv_1"}}, ""),
    ("conversation.item.created", {"item": {**ANSWER, "content": []}}, "agent, message"),
    ("conversation.item.created", {"item": SPOKEN}, "you, spoken"),
    ("conversation.item.created", {"item": TYPED}, "you, typed"),
    ("conversation.item.created", {"item": CALL}, "call get_parcel"),
    ("conversation.item.created", {"item": OUTPUT}, "output"),
    ("conversation.item.created", {"item": MCP_CALL}, "call clock of sim"),
    ("conversation.item.created", {"item": APPROVAL}, "approval asked: clock of sim"),
    ("conversation.item.created", {"item": TOOLS}, "tools of sim: 4"),
    ("conversation.item.deleted", {"item_id": ID}, ""),
    ("conversation.item.done", {"item": ANSWER}, "agent, message"),
    (
        "conversation.item.input_audio_transcription.completed",
        {"item_id": ID, "content_index": 0, "transcript": "Where is my parcel?"},
        "Where is my parcel?",
    ),
    (
        "conversation.item.input_audio_transcription.delta",
        {"item_id": ID, "delta": "Where is my"},
        "Where is my",
    ),
    (
        "conversation.item.input_audio_transcription.failed",
        {"item_id": ID, "error": {"code": "audio_unintelligible", "message": "too short"}},
        "audio_unintelligible: too short",
    ),
    ("conversation.item.retrieved", {"item": SPOKEN}, "you, spoken, Where is my parcel?"),
    ("conversation.item.truncated", {"item_id": ID, "audio_end_ms": 2100}, "2 100 ms kept"),
    (
        "error",
        {"error": {"type": "invalid_request_error", "code": "bad", "message": "No item."}},
        "bad: No item.",
    ),
    ("input_audio_buffer.cleared", {}, ""),
    ("input_audio_buffer.committed", {"item_id": ID, "previous_item_id": ID}, "user item made"),
    (
        "input_audio_buffer.speech_started",
        {"item_id": ID, "audio_start_ms": 41_290},
        "voice since 41.2 s into the sound",
    ),
    (
        "input_audio_buffer.speech_stopped",
        {"item_id": ID, "audio_end_ms": 43_590},
        "43.5 s into the sound",
    ),
    ("mcp_list_tools.completed", {"item_id": ID}, ""),
    ("mcp_list_tools.failed", {"item_id": ID}, ""),
    ("mcp_list_tools.in_progress", {"item_id": ID}, ""),
    ("output_audio_buffer.cleared", {}, "the avatar's sound"),
    ("output_audio_buffer.started", {"response_id": "resp_7Q2f"}, "the avatar's sound"),
    ("output_audio_buffer.stopped", {"response_id": "resp_7Q2f"}, "the avatar's sound"),
    (
        "rate_limits.updated",
        {
            "rate_limits": [
                {"name": "requests", "limit": 100, "remaining": 99, "reset_seconds": 0},
                {"name": "tokens", "limit": 120_000, "remaining": 119_217, "reset_seconds": 60.2},
            ]
        },
        "119 217 tokens left, full in 60 s, 99 requests left",
    ),
    (
        "response.animation_blendshapes.delta",
        {**STREAM, "frames": [[0.1] * 55] * 20, "frame_index": 166},
        "20 frames from 166",
    ),
    ("response.animation_blendshapes.done", STREAM, ""),
    (
        "response.animation_viseme.delta",
        {**STREAM, "viseme_id": 12, "audio_offset_ms": 1900},
        "shape 12 at 1.9 s",
    ),
    ("response.animation_viseme.done", STREAM, ""),
    ("response.audio.delta", {**STREAM, "delta": AUDIO}, "200 ms, 9.6 kB"),
    ("response.audio.delta", {**STREAM, "delta": BASE64}, "1.2 kB"),
    ("response.audio.done", STREAM, ""),
    (
        "response.audio_timestamp.delta",
        {**STREAM, "text": "driver", "audio_offset_ms": 1999, "audio_duration_ms": 300},
        '"driver" at 1.9 s',
    ),
    ("response.audio_timestamp.done", STREAM, ""),
    (
        "response.audio_transcript.annotation.added",
        {**STREAM, "annotation": {"type": "file_citation", "filename": "opening-hours.pdf"}},
        "cites opening-hours.pdf",
    ),
    ("response.audio_transcript.delta", {**STREAM, "delta": " The driver"}, "The driver"),
    ("response.audio_transcript.done", {**STREAM, "transcript": "Done. The…"}, "Done. The…"),
    ("response.content_part.added", {**STREAM, "part": {"type": "audio"}}, "audio"),
    ("response.content_part.done", {**STREAM, "part": {"type": "text", "text": "Hi"}}, "text"),
    ("response.created", done("in_progress"), ""),
    (
        "response.done",
        done("completed", output=[ANSWER], usage=USAGE),
        "171 in (32 cached) 164 out",
    ),
    (
        "response.done",
        done("completed", output=[CALL], usage={"input_tokens": 96, "output_tokens": 21}),
        "call, 96 in 21 out",
    ),
    ("response.done", done("completed", output=[]), "EMPTY"),
    ("response.done", done("completed", output=[CALL, MCP_CALL]), "2 calls"),
    (
        "response.done",
        done("cancelled", status_details={"type": "cancelled", "reason": "turn_detected"}),
        "cut: turn_detected",
    ),
    (
        "response.done",
        done("incomplete", status_details={"reason": "max_output_tokens"}),
        "incomplete: max tokens",
    ),
    (
        "response.done",
        done("failed", status_details={"error": {"code": "server_error", "message": "Down."}}),
        "failed: server_error: Down.",
    ),
    ("response.file_search_call.completed", {**STREAM, "sequence_number": 3}, ""),
    ("response.file_search_call.in_progress", {**STREAM, "sequence_number": 1}, ""),
    ("response.file_search_call.searching", {**STREAM, "sequence_number": 2}, ""),
    ("response.foundry_agent_call.completed", {"item_id": ID, "output_index": 0}, ""),
    ("response.foundry_agent_call.failed", {"item_id": ID, "output_index": 0}, ""),
    ("response.foundry_agent_call.in_progress", {"item_id": ID, "output_index": 0}, ""),
    ("response.foundry_agent_call_arguments.delta", {**STREAM, "delta": '{"q": '}, '{"q":'),
    (
        "response.foundry_agent_call_arguments.done",
        {**STREAM, "arguments": '{"q": "rain"}'},
        '(q="rain")',
    ),
    ("response.function_call_arguments.delta", {**STREAM, "delta": '{"pla'}, '{"pla'),
    (
        "response.function_call_arguments.done",
        {
            **STREAM,
            "call_id": "call_77aaXX",
            "name": "set",
            "arguments": '{"place": "home", "n": 2}',
        },
        'set(place="home", n=2)',
    ),
    (
        "response.function_call_arguments.done",
        {**STREAM, "name": "set", "arguments": '{"place": "ho'},
        'set({"place": "ho) ✗ is no JSON object',
    ),
    (
        "response.invocation.delta",
        {"delta": {"subagent": "billing", "steps": [1, None, True]}},
        '{"subagent": "billing", "steps": [1, null, true]}',
    ),
    ("response.mcp_call.completed", {"item_id": ID, "output_index": 0}, ""),
    ("response.mcp_call.failed", {"item_id": ID, "output_index": 0}, ""),
    ("response.mcp_call.in_progress", {"item_id": ID, "output_index": 0}, ""),
    ("response.mcp_call_arguments.delta", {**STREAM, "delta": '{"zone"'}, '{"zone"'),
    (
        "response.mcp_call_arguments.done",
        {**STREAM, "arguments": '{"zone": "Oslo"}'},
        '(zone="Oslo")',
    ),
    ("response.output_item.added", {**STREAM, "item": {**ANSWER, "content": []}}, "agent, message"),
    ("response.output_item.done", {**STREAM, "item": CALL}, "call get_parcel"),
    ("response.text.delta", {**STREAM, "delta": "Done."}, "Done."),
    ("response.text.done", {**STREAM, "text": "Done. The driver."}, "Done. The driver."),
    ("response.video.delta", {"codec": "h264", "delta": BASE64}, "h264, 1.2 kB"),
    ("response.web_search_call.completed", {**STREAM, "sequence_number": 3}, ""),
    ("response.web_search_call.in_progress", {**STREAM, "sequence_number": 1}, ""),
    ("response.web_search_call.searching", {**STREAM, "sequence_number": 2}, ""),
    (
        "rtc.call.error",
        {"operation": "create", "error": {"code": "missing_sdp", "message": "No offer."}},
        "create: missing_sdp: No offer.",
    ),
    ("rtc.call.sdp.created", {"rtc_call_id": ID, "sdp_answer": BASE64}, "answer, 1.2 kB"),
    ("session.avatar.connecting", {"server_sdp": BASE64}, "answer, 1.2 kB"),
    ("session.avatar.switch_to_idle", {"turn_id": ID}, ""),
    ("session.avatar.switch_to_speaking", {"turn_id": ID}, ""),
    (
        "session.created",
        {"session": SESSION},
        "gpt-4o, Ava, azure_semantic_vad, defaults, expires 08:00:00 UTC",
    ),
    ("session.updated", {"session": SESSION}, "gpt-4o, Ava, azure_semantic_vad"),
    ("session.updated", {"session": {"turn_detection": None}}, "manual turns"),
    ("transcription_session.updated", {"session": {"model": "whisper-1"}}, "whisper-1"),
    (
        "warning",
        {"warning": {"code": "unsupported_field", "message": "rate was ignored"}},
        "! unsupported_field: rate was ignored",
    ),
]
LOCAL: list[Case] = [
    (
        "console.connected",
        {"service": "azure", "host": "contoso.azure.com", "request_id": ID},
        "azure, contoso.azure.com",
    ),
    ("console.connected", {"service": "simulator", "host": "SIMULATOR"}, "simulator"),
    (
        "console.connected",
        {"service": "azure", "host": "h", "connection": 2, "away_ms": 4200, "tries": 3},
        "azure, h, connection 2, away 4.2 s, 3 tries",
    ),
    (
        "console.carried_over",
        {"carried": 14, "left_out": 3, "not_carried": {"no_transcript": 2}},
        "14 items carried over, 3 older left out; not carried over: 2 without a transcript",
    ),
    (
        "console.goes_on",
        {"folder": "/s/x", "started": "2026-11-29T14:03:07+01:00", "title": "support"},
        "from the session of 2026-11-29 14:03",
    ),
    ("console.goes_on", {"started": "", "title": "support"}, "from the session support"),
    (
        "console.closed",
        {"code": 1011, "reason": "x", "sentence": "The service ended it."},
        "1011 The service ended it.",
    ),
    ("console.closed", {"code": None, "reason": "gone", "sentence": ""}, "gone"),
    (
        "console.retry",
        {"attempt": 2, "wait_ms": 4200, "sentence": "Nothing listens."},
        "4.2 s, try 2: Nothing listens.",
    ),
    ("console.muted", {"on": True}, "on"),
    ("console.muted", {"on": False}, "off"),
    ("console.muted", {"on": True, "machine": "laptop"}, "on, at laptop"),
    (
        "console.device",
        {"side": "microphone", "state": "lost", "name": "headset"},
        "microphone lost: headset",
    ),
    (
        "console.device",
        {"side": "microphone", "state": "back", "name": "headset", "away_ms": 1400},
        "microphone back after 1.4 s: headset",
    ),
    (
        "console.device",
        {"side": "loudspeaker", "state": "switched", "name": "monitor", "was": "headset"},
        "loudspeaker switched: headset to monitor",
    ),
    (
        "console.link",
        {
            "machine": "laptop",
            "way": "ssh",
            "state": "up",
            "round_trip_ms": 23.4,
            "clock_error_ms": 11.7,
        },
        "laptop (ssh, 23 ms), clock ± 12 ms",
    ),
    ("console.link", {"machine": "laptop", "way": "ssh", "state": "lost"}, "laptop (ssh) lost"),
    (
        "console.link",
        {
            "machine": "laptop",
            "way": "socket",
            "state": "back",
            "away_ms": 3200,
            "round_trip_ms": 23,
            "clock_error_ms": 4,
        },
        "laptop (socket, 23 ms) back after 3.2 s, clock ± 4 ms",
    ),
    ("console.on_air", {"on": True}, "on"),
    ("console.talk", {"on": False}, "closed"),
    ("console.speech", {"on": True}, "begins"),
    ("console.speech", {"on": False}, "ended"),
    (
        "console.speech",
        {"on": True, "level_dbfs": -23.8, "echo": 0.824, "echo_delay_ms": 140},
        "begins, -24 dBFS, echo 0.82 after 140 ms",
    ),
    (
        "console.cut",
        {"item_id": ID, "mic_dbfs": -24.2, "voiced_ms": 180, "before_ms": 220},
        "cut by your voice, -24 dBFS, 180 ms voiced of 220 ms",
    ),
    (
        "console.cut",
        {"item_id": ID, "mic_dbfs": -30, "before_ms": 220, "echo": 0.82, "echo_delay_ms": 140},
        "cut by its own echo, -30 dBFS, echo 0.82 after 140 ms",
    ),
    (
        "console.cut",
        {"item_id": ID, "mic_dbfs": -71.0},
        "cut by the service, without a sound, -71 dBFS",
    ),
    ("console.playback_started", {"item_id": ID, "content_index": 0}, ""),
    (
        "console.playback_stopped",
        {
            "item_id": ID,
            "played_ms": 2100,
            "received_ms": 6800,
            "reason": "user",
            "link_ms": 81,
            "device_ms": 15,
        },
        "2.1 of 6.8 s heard, you interrupted it, silent after 96 ms: link 81, device 15",
    ),
    (
        "console.playback_stopped",
        {"item_id": ID, "played_ms": 2100, "received_ms": 6800, "reason": "barge_in"},
        "2.1 of 6.8 s heard, the service detected speech",
    ),
    (
        "console.playback_stopped",
        {"item_id": ID, "played_ms": 6800, "received_ms": 6800, "reason": "drained"},
        "6.8 s heard, all of it",
    ),
    ("console.underrun", {"item_id": ID, "gap_ms": 120}, "gap of 120 ms"),
    ("console.dropped", {"blocks": 3, "what": "microphone"}, "3 blocks not sent"),
    ("console.notice", {"level": "info", "text": "Muted."}, "Muted."),
    ("console.notice", {"level": "warning", "text": "No sound."}, "! No sound."),
    ("console.mark", {"note": "sounds tired"}, 'note: "sounds tired"'),
    ("console.mark", {"note": ""}, "by you"),
    ("console.replay", {"on": True, "what": "turn 4"}, "turn 4, silence is sent"),
    ("console.replay", {"on": False, "what": "turn 4"}, "turn 4, is over"),
    ("(not recorded)", {}, "could not be written"),
]


@pytest.mark.parametrize(("type_name", "fields", "gist"), [*CLIENT, *SERVER, *LOCAL])
def test_the_gist_of_an_event_by_itself(type_name: str, fields: dict[str, Any], gist: str) -> None:
    assert summarize({"type": type_name, "event_id": "event_PTL34Y", **fields}) == gist


@pytest.mark.parametrize(
    ("table", "cases"), [(CLIENT_GISTS, CLIENT), (SERVER_GISTS, SERVER), (LOCAL_GISTS, LOCAL)]
)
def test_every_known_event_has_its_case(table: dict[str, object], cases: list[Case]) -> None:
    assert {type_name for type_name, _, _ in cases} == set(table)


def test_an_event_that_is_not_known_names_its_first_fields() -> None:
    event = {"type": "brand.new", "event_id": "e", "shine": 1, "gloss": 2, "hue": 3, "grain": 4}
    assert summarize(event) == "new: shine, gloss, hue"
    assert summarize({"type": "brand.new"}) == "new"


def test_a_malformed_frame_shows_its_bytes() -> None:
    assert summarize({}, raw='{"type": "resp\x00…') == '18 bytes: {"type": "resp\\x00…'
    assert summarize({}) == "no JSON object with a type"


def test_a_record_that_was_not_kept_says_so() -> None:
    assert summarize({"type": "error", "lost": "it is damaged"}) == "not kept: it is damaged"
