"""The short names of event types in the rows of the event list."""

import json
from pathlib import Path

import pytest
from voicelive_tui.model.events.canonical import canonical
from voicelive_tui.model.events.gists.table import CLIENT_GISTS, LOCAL_GISTS, SERVER_GISTS
from voicelive_tui.model.events.short_names import short_name

REFERENCE = json.loads(
    (Path(__file__).parents[2] / "data" / "protocol-events.json").read_text(encoding="utf-8")
)
NAMES = {
    "conversation.created": "conversation.created",
    "conversation.item.create": "item.create",
    "conversation.item.created": "item.created",
    "conversation.item.delete": "item.delete",
    "conversation.item.deleted": "item.deleted",
    "conversation.item.done": "item.done",
    "conversation.item.input_audio_transcription.completed": "transcription.done",
    "conversation.item.input_audio_transcription.delta": "transcription.delta",
    "conversation.item.input_audio_transcription.failed": "transcription.failed",
    "conversation.item.retrieve": "item.retrieve",
    "conversation.item.retrieved": "item.retrieved",
    "conversation.item.truncate": "item.truncate",
    "conversation.item.truncated": "item.truncated",
    "error": "error",
    "input_audio.clear": "input.clear",
    "input_audio.turn.append": "turn.append",
    "input_audio.turn.cancel": "turn.cancel",
    "input_audio.turn.end": "turn.end",
    "input_audio.turn.start": "turn.start",
    "input_audio_buffer.append": "buffer.append",
    "input_audio_buffer.clear": "buffer.clear",
    "input_audio_buffer.cleared": "buffer.cleared",
    "input_audio_buffer.commit": "buffer.commit",
    "input_audio_buffer.committed": "buffer.committed",
    "input_audio_buffer.speech_started": "speech_started",
    "input_audio_buffer.speech_stopped": "speech_stopped",
    "input_text.delta": "input_text.delta",
    "input_text.done": "input_text.done",
    "mcp_list_tools.completed": "mcp_tools.completed",
    "mcp_list_tools.failed": "mcp_tools.failed",
    "mcp_list_tools.in_progress": "mcp_tools.in_progress",
    "output_audio_buffer.clear": "output_buffer.clear",
    "output_audio_buffer.cleared": "output_buffer.cleared",
    "output_audio_buffer.started": "output_buffer.started",
    "output_audio_buffer.stopped": "output_buffer.stopped",
    "rate_limits.updated": "rate_limits.updated",
    "response.animation_blendshapes.delta": "blendshapes.delta",
    "response.animation_blendshapes.done": "blendshapes.done",
    "response.animation_viseme.delta": "viseme.delta",
    "response.animation_viseme.done": "viseme.done",
    "response.audio.delta": "audio.delta",
    "response.audio.done": "audio.done",
    "response.audio_timestamp.delta": "word_times.delta",
    "response.audio_timestamp.done": "word_times.done",
    "response.audio_transcript.annotation.added": "annotation.added",
    "response.audio_transcript.delta": "transcript.delta",
    "response.audio_transcript.done": "transcript.done",
    "response.cancel": "response.cancel",
    "response.content_part.added": "content_part.added",
    "response.content_part.done": "content_part.done",
    "response.create": "response.create",
    "response.created": "response.created",
    "response.done": "response.done",
    "response.file_search_call.completed": "file_search.completed",
    "response.file_search_call.in_progress": "file_search.in_progress",
    "response.file_search_call.searching": "file_search.searching",
    "response.foundry_agent_call.completed": "foundry_agent_call.completed",
    "response.foundry_agent_call.failed": "foundry_agent_call.failed",
    "response.foundry_agent_call.in_progress": "foundry_agent_call.in_progress",
    "response.foundry_agent_call_arguments.delta": "foundry_agent_call_arguments.delta",
    "response.foundry_agent_call_arguments.done": "foundry_agent_call_arguments.done",
    "response.function_call_arguments.delta": "arguments.delta",
    "response.function_call_arguments.done": "arguments.done",
    "response.invocation.delta": "invocation.delta",
    "response.mcp_call.completed": "mcp_call.completed",
    "response.mcp_call.failed": "mcp_call.failed",
    "response.mcp_call.in_progress": "mcp_call.in_progress",
    "response.mcp_call_arguments.delta": "mcp_arguments.delta",
    "response.mcp_call_arguments.done": "mcp_arguments.done",
    "response.output_item.added": "output_item.added",
    "response.output_item.done": "output_item.done",
    "response.text.delta": "text.delta",
    "response.text.done": "text.done",
    "response.video.delta": "video.delta",
    "response.web_search_call.completed": "web_search.completed",
    "response.web_search_call.in_progress": "web_search.in_progress",
    "response.web_search_call.searching": "web_search.searching",
    "rtc.call.error": "rtc.call.error",
    "rtc.call.sdp.create": "rtc.call.sdp.create",
    "rtc.call.sdp.created": "rtc.call.sdp.created",
    "session.avatar.connect": "avatar.connect",
    "session.avatar.connecting": "avatar.connecting",
    "session.avatar.switch_to_idle": "avatar.idle",
    "session.avatar.switch_to_speaking": "avatar.speaking",
    "session.created": "session.created",
    "session.update": "session.update",
    "session.updated": "session.updated",
    "transcription_session.update": "transcription_session.update",
    "transcription_session.updated": "transcription_session.updated",
    "warning": "warning",
    "console.connected": "connect.opened",
    "console.carried_over": "items.carried_over",
    "console.goes_on": "session.goes_on",
    "console.closed": "socket.closed",
    "console.retry": "retry.waiting",
    "console.on_air": "on_air",
    "console.talk": "turn.talk",
    "console.speech": "mic.speech",
    "console.muted": "mic.muted",
    "console.device": "device.changed",
    "console.link": "sound.link",
    "console.playback_started": "playback.started",
    "console.playback_stopped": "playback.stopped",
    "console.cut": "cause",
    "console.underrun": "playback.underrun",
    "console.dropped": "mic.dropped",
    "console.notice": "notice",
    "console.mark": "mark",
    "console.replay": "replay",
    "(not recorded)": "(not recorded)",
}


def test_every_known_event_has_its_short_name() -> None:
    known = {*CLIENT_GISTS, *SERVER_GISTS, *LOCAL_GISTS}
    assert {*REFERENCE["client_events"], *REFERENCE["server_events"]} <= known
    assert {type_name: short_name(type_name) for type_name in known} == NAMES


@pytest.mark.parametrize("table", [CLIENT_GISTS, SERVER_GISTS, LOCAL_GISTS])
def test_no_two_events_of_a_direction_share_a_short_name(table: dict[str, object]) -> None:
    assert len({short_name(type_name) for type_name in table}) == len(table)


@pytest.mark.parametrize(
    ("type_name", "short"),
    [
        ("response.brand_new.delta", "brand_new.delta"),
        ("response.brand_new", "response.brand_new"),
        ("conversation.brand.new", "brand.new"),
        ("input_audio_buffer.brand_new", "buffer.brand_new"),
        ("session.brand_new", "session.brand_new"),
        ("session.avatar.brand_new", "avatar.brand_new"),
        ("console.brand_new", "brand_new"),
        ("brand.new", "brand.new"),
        ("(malformed)", "(malformed)"),
    ],
)
def test_an_event_that_is_not_documented_loses_the_same_prefixes(
    type_name: str, short: str
) -> None:
    assert short_name(type_name) == short


@pytest.mark.parametrize("type_name", ["response.", "console.", "response.animation_", "", "."])
def test_no_type_is_left_without_a_name(type_name: str) -> None:
    assert short_name(type_name) == type_name


def test_a_type_with_two_names_has_one_short_name() -> None:
    other = "response.output_audio_transcript.delta"
    assert short_name(other) == short_name(canonical(other)) == "transcript.delta"
