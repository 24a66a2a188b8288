"""The one table from the event types of both directions to their gists.

Source: protocol.md sections 4 and 5. The table has the canonical name of each type.
"""

from collections.abc import Callable, Mapping
from typing import Final

from voicelive_tui.model.events.gists import (
    buffer_gists,
    item_gists,
    local_gists,
    output_gists,
    response_gists,
    session_gists,
    tool_gists,
)
from voicelive_tui.model.events.gists.earlier import EarlierEvents
from voicelive_tui.model.events.gists.phrases import Event
from voicelive_tui.model.events.record import NOT_RECORDED, Local

Gist = Callable[[Event, EarlierEvents], str]

_TRANSCRIPTION: Final = "conversation.item.input_audio_transcription"

CLIENT_GISTS: Final[Mapping[str, Gist]] = {
    "conversation.item.create": item_gists.describe_create,
    "conversation.item.delete": item_gists.describe_known_item,
    "conversation.item.retrieve": item_gists.describe_known_item,
    "conversation.item.truncate": item_gists.describe_truncate,
    "input_audio.clear": buffer_gists.describe_undocumented,
    "input_audio.turn.append": buffer_gists.describe_audio,
    "input_audio.turn.cancel": buffer_gists.describe_undocumented,
    "input_audio.turn.end": buffer_gists.describe_undocumented,
    "input_audio.turn.start": buffer_gists.describe_undocumented,
    "input_audio_buffer.append": buffer_gists.describe_audio,
    "input_audio_buffer.clear": buffer_gists.describe_clear,
    "input_audio_buffer.commit": buffer_gists.describe_commit,
    "input_text.delta": output_gists.describe_typed_delta,
    "input_text.done": item_gists.describe_input_text_done,
    "output_audio_buffer.clear": buffer_gists.describe_avatar_sound,
    "response.cancel": response_gists.describe_cancel,
    "response.create": response_gists.describe_response_create,
    "rtc.call.sdp.create": session_gists.describe_offer,
    "session.avatar.connect": session_gists.describe_offer,
    "session.update": session_gists.describe_update,
    "transcription_session.update": session_gists.describe_update,
}

SERVER_GISTS: Final[Mapping[str, Gist]] = {
    "conversation.created": session_gists.describe_nothing,
    "conversation.item.created": item_gists.describe_created,
    "conversation.item.deleted": item_gists.describe_known_item,
    "conversation.item.done": item_gists.describe_created,
    f"{_TRANSCRIPTION}.completed": output_gists.describe_transcript,
    f"{_TRANSCRIPTION}.delta": output_gists.describe_delta,
    f"{_TRANSCRIPTION}.failed": item_gists.describe_transcription_failed,
    "conversation.item.retrieved": item_gists.describe_retrieved,
    "conversation.item.truncated": item_gists.describe_truncated,
    "error": session_gists.describe_error,
    "input_audio_buffer.cleared": buffer_gists.describe_cleared,
    "input_audio_buffer.committed": buffer_gists.describe_committed,
    "input_audio_buffer.speech_started": buffer_gists.describe_speech_started,
    "input_audio_buffer.speech_stopped": buffer_gists.describe_speech_stopped,
    "mcp_list_tools.completed": tool_gists.describe_tools_state,
    "mcp_list_tools.failed": tool_gists.describe_tools_state,
    "mcp_list_tools.in_progress": tool_gists.describe_tools_state,
    "output_audio_buffer.cleared": buffer_gists.describe_avatar_sound,
    "output_audio_buffer.started": buffer_gists.describe_avatar_sound,
    "output_audio_buffer.stopped": buffer_gists.describe_avatar_sound,
    "rate_limits.updated": session_gists.describe_limits,
    "response.animation_blendshapes.delta": output_gists.describe_blendshapes,
    "response.animation_blendshapes.done": output_gists.describe_blendshapes_done,
    "response.animation_viseme.delta": output_gists.describe_viseme,
    "response.animation_viseme.done": output_gists.describe_visemes_done,
    "response.audio.delta": buffer_gists.describe_audio,
    "response.audio.done": output_gists.describe_audio_done,
    "response.audio_timestamp.delta": output_gists.describe_word_time,
    "response.audio_timestamp.done": output_gists.describe_word_times_done,
    "response.audio_transcript.annotation.added": output_gists.describe_annotation,
    "response.audio_transcript.delta": output_gists.describe_delta,
    "response.audio_transcript.done": output_gists.describe_transcript,
    "response.content_part.added": item_gists.describe_part,
    "response.content_part.done": item_gists.describe_part,
    "response.created": session_gists.describe_nothing,
    "response.done": response_gists.describe_response_done,
    "response.file_search_call.completed": tool_gists.describe_search_state,
    "response.file_search_call.in_progress": tool_gists.describe_search_state,
    "response.file_search_call.searching": tool_gists.describe_search_state,
    "response.foundry_agent_call.completed": tool_gists.describe_tool_state,
    "response.foundry_agent_call.failed": tool_gists.describe_tool_state,
    "response.foundry_agent_call.in_progress": tool_gists.describe_tool_state,
    "response.foundry_agent_call_arguments.delta": output_gists.describe_delta,
    "response.foundry_agent_call_arguments.done": tool_gists.describe_arguments,
    "response.function_call_arguments.delta": output_gists.describe_delta,
    "response.function_call_arguments.done": tool_gists.describe_arguments,
    "response.invocation.delta": session_gists.describe_invocation,
    "response.mcp_call.completed": tool_gists.describe_tool_state,
    "response.mcp_call.failed": tool_gists.describe_tool_state,
    "response.mcp_call.in_progress": tool_gists.describe_tool_state,
    "response.mcp_call_arguments.delta": output_gists.describe_delta,
    "response.mcp_call_arguments.done": tool_gists.describe_arguments,
    "response.output_item.added": item_gists.describe_created,
    "response.output_item.done": item_gists.describe_created,
    "response.text.delta": output_gists.describe_delta,
    "response.text.done": output_gists.describe_text,
    "response.video.delta": output_gists.describe_video,
    "response.web_search_call.completed": tool_gists.describe_search_state,
    "response.web_search_call.in_progress": tool_gists.describe_search_state,
    "response.web_search_call.searching": tool_gists.describe_search_state,
    "rtc.call.error": tool_gists.describe_call_error,
    "rtc.call.sdp.created": session_gists.describe_answer,
    "session.avatar.connecting": session_gists.describe_answer,
    "session.avatar.switch_to_idle": session_gists.describe_nothing,
    "session.avatar.switch_to_speaking": session_gists.describe_nothing,
    "session.created": session_gists.describe_session_created,
    "session.updated": session_gists.describe_updated,
    "transcription_session.updated": session_gists.describe_updated,
    "warning": session_gists.describe_warning,
}

LOCAL_GISTS: Final[Mapping[str, Gist]] = {
    Local.CONNECTED: local_gists.describe_connected,
    Local.CARRIED_OVER: local_gists.describe_carried_over,
    Local.GOES_ON: local_gists.describe_goes_on,
    Local.CLOSED: local_gists.describe_closed,
    Local.RETRY: local_gists.describe_retry,
    Local.ON_AIR: local_gists.describe_on_air,
    Local.TALK: local_gists.describe_talk,
    Local.SPEECH: local_gists.describe_speech,
    Local.MUTED: local_gists.describe_muted,
    Local.DEVICE: local_gists.describe_device,
    Local.PLAYBACK_STARTED: session_gists.describe_nothing,
    Local.PLAYBACK_STOPPED: local_gists.describe_playback_stopped,
    Local.CUT: local_gists.describe_cut,
    Local.UNDERRUN: local_gists.describe_underrun,
    Local.DROPPED: local_gists.describe_dropped,
    Local.NOTICE: local_gists.describe_notice,
    Local.MARK: local_gists.describe_mark,
    Local.REPLAY: local_gists.describe_replay,
    NOT_RECORDED: local_gists.describe_not_recorded,
}

GISTS: Final[Mapping[str, Gist]] = {**CLIENT_GISTS, **SERVER_GISTS, **LOCAL_GISTS}
