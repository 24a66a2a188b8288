"""The words of the protocol that are long enough to be searched for as secrets but never are
secrets.

A value that is one of these words, or a part of one, is publicly known, and hiding it would make
events unreadable: event types, field names, and the values on which programs decide.
"""

from typing import Final

_EVENT_TYPES: Final = """
console.carried_over console.closed console.connected console.cut console.device console.dropped
console.goes_on console.mark console.muted console.notice console.on_air console.playback_started
console.playback_stopped console.replay console.retry console.speech console.talk console.underrun
conversation.created conversation.item.added conversation.item.created conversation.item.deleted
conversation.item.done conversation.item.input_audio_transcription.completed
conversation.item.input_audio_transcription.delta
conversation.item.input_audio_transcription.failed conversation.item.retrieved
conversation.item.truncated input_audio.clear input_audio.turn.append input_audio.turn.cancel
input_audio.turn.end input_audio.turn.start input_audio_buffer.append input_audio_buffer.cleared
input_audio_buffer.committed input_audio_buffer.speech_started input_audio_buffer.speech_stopped
input_text.delta input_text.done mcp_list_tools.completed mcp_list_tools.failed
mcp_list_tools.in_progress output_audio_buffer.cleared output_audio_buffer.started
output_audio_buffer.stopped rate_limits.updated response.animation_blendshapes.delta
response.animation_blendshapes.done response.animation_viseme.delta response.animation_viseme.done
response.audio.delta response.audio.done response.audio_timestamp.delta
response.audio_timestamp.done response.audio_transcript.annotation.added
response.audio_transcript.delta response.audio_transcript.done response.cancel
response.content_part.added response.content_part.done response.created response.done
response.file_search_call.completed response.file_search_call.in_progress
response.file_search_call.searching response.foundry_agent_call.completed
response.foundry_agent_call.failed response.foundry_agent_call.in_progress
response.foundry_agent_call_arguments.delta response.foundry_agent_call_arguments.done
response.function_call_arguments.delta response.function_call_arguments.done
response.invocation.delta response.mcp_call.completed response.mcp_call.failed
response.mcp_call.in_progress response.mcp_call_arguments.delta response.mcp_call_arguments.done
response.output_audio.delta response.output_audio.done response.output_audio_transcript.delta
response.output_audio_transcript.done response.output_item.added response.output_item.done
response.output_text.delta response.output_text.done response.text.delta response.text.done
response.video.delta response.web_search_call.completed response.web_search_call.in_progress
response.web_search_call.searching rtc.call.error rtc.call.sdp.created session.avatar.connecting
session.avatar.switch_to_idle session.avatar.switch_to_speaking session.created
transcription_session.updated warning
console.device console.link console.muted
"""
_NAMES_AND_VALUES: Final = """
additional_instructions agent_access_token agent_context_type agent_id agent_name agent_version
allowed_tools amplitude annotation_index annotations api_version append_input_items
appended_text_after_truncation approval_request_id approved attributes audio_duration_ms
audio_end_ms audio_offset_ms audio_start_ms audio_tokens authorization auto_truncate
avatar-voice-sync avatar_type azure-custom azure-personal azure-realtime-native azure-standard
azure_deep_noise_suppression azure_semantic_vad_en azure_semantic_vad_multilingual background
barge_in bottom_right cached_tokens_details cancel_previous channels character client_cancelled
client_id client_sdp client_secret confidence content_filter content_index
conversation_already_has_active_response conversation_id create_response credential
custom_lexicon_url custom_speech custom_text_normalization_url customized description
dropped_blocks duration_milliseconds eagerness end_of_utterance_detection endpoint_id event_id
exit_code expires_at far_field file_search_call.results filename first_audio_ms
foundry_resource_override frame_index function_call_output g711_alaw g711_ulaw gop_size greeting
ice_servers image_tokens image_url incomplete input_audio_echo_cancellation input_audio_format
input_audio_noise_reduction input_audio_sampling_rate input_image input_schema input_token_details
input_tokens inspector interrupt_response interrupted interruptions invalid_request_error
invoke_input item.input_audio_transcription.logprobs item.input_audio_transcription.phrases
languages latencies latency_threshold_ms llm_interim_response loudspeaker max_completion_tokens
max_output_tokens max_response_output_tokens mcp_approval_request mcp_approval_response metadata
microphone modalities model_name near_field obfuscation offset_milliseconds output_audio_format
output_audio_timestamp_types output_audit_audio output_index output_protocol output_token_details
parallel_tool_calls parameters pcm16_16000hz pcm16_22050hz pcm16_24000hz pcm16_44100hz
pcm16_48000hz pcm16_8000hz photo-avatar phrase_list played_ms position_x position_y
pre_generated_assistant_message prefer_locales prefix_padding_ms previous_item_id project_name
pronunciations raw_base64 reasoning_effort reasoning_tokens received_ms reference_source
remove_filler_words require_approval required resolution response_cancel_not_active response_id
return_agent_response_directly rotation_x rotation_y rotation_z rtc_call_id
semantic_detection_v1_en semantic_detection_v1_multilingual sentence sequence_number
server_echo_cancellation server_error server_label server_sdp server_url server_vad session_id
silence_duration_ms simulator smart_end_of_turn_detection speech_duration_assistant_speaking_ms
speech_duration_ms spoken_chars started_s static_interim_response status_details switched
temperature text_tokens thread_id threshold_level timeout_ms tool_choice top_left total_tokens
triggers turn_detected turns_held turns_wanted unanswered_calls underruns user_interrupt username
video-avatar viseme_id websocket
clock_error_ms device_ms heard_share_ms link_ms round_trip_ms silenced_device_ms silenced_link_ms
"""
_WORDS: Final = f"{_EVENT_TYPES}{_NAMES_AND_VALUES}"


def is_protocol_word(value: str) -> bool:
    """Whether the value is a word of the protocol, or a part of one."""
    return value in _WORDS
