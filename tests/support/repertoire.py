"""Conversations that together make the simulator send everything that it can, in every shape that it has.

Each function holds one conversation, or more, with one api-version and model. Settings that the version does not have yet are
left out by the simulator, which names them in warnings where these exist.
"""

import base64
from collections.abc import Iterator
from typing import Any

from voicelive_simulator.api.handshake import API_VERSIONS
from voicelive_simulator.dialogue.responses.response import FIRST_DELTA_S
from voicelive_simulator.dialogue.state.script import Call, Heard, Outcome, Reply

from tests.support.mcp_talk import SCRIPTED, server
from tests.support.refusals import full, refusals
from tests.support.scripted_replies import Replies, function
from tests.support.session_values import TAKEN
from tests.support.simulator_talk import Talk
from tests.support.speech_like import pcm16, silence, speech_like

MODELS = CASCADED, NATIVE = "gpt-4o", "gpt-realtime"
TURN = pcm16(silence(0.5), speech_like(1.0), silence(1.0))
OVER_IT = pcm16(speech_like(0.6), silence(1.0))
ARGUMENTS = '{"city": "Rome", "unit": "celsius"}'
LONG = 60.0
WITH_EXTRAS = {
    "voice": {"type": "azure-standard", "name": "en-US-AvaNeural"},
    "output_audio_timestamp_types": ["word"],
    "animation": {"outputs": ["viseme_id"]},
    "include": ["item.input_audio_transcription.logprobs", "item.input_audio_transcription.phrases"],
}


SPOKEN_SO = {
    "temperature": 0.5, "locale": "en-US", "style": "chat", "prefer_locales": ["en-GB"], "rate": "1.2", "pitch": "+10%",
    "volume": "80", "custom_lexicon_url": "https://example.org/l", "custom_text_normalization_url": "https://example.org/n",
}  # fmt: skip
NATIVE_VOICES = [
    "aarti",
    "andrew",
    "ava",
    "denise",
    "diya",
    "elsa",
    "florian",
    "francisca",
    "meera",
    "xiaoxiao",
    "yunxi",
    "ximena",
]
PERSONAL = ("DragonLatestNeural", "PhoenixLatestNeural", "PhoenixV2Neural", "DragonHDOmniLatestNeural", "MAI-Voice-1")
AVATAR = {
    "character": "lisa", "customized": False, "video": {"background": {"image_url": "https://example.org/b.png"}},
    "scene": dict.fromkeys(("zoom", "position_x", "position_y", "rotation_x", "rotation_y", "rotation_z", "amplitude"), 0.5),
}  # fmt: skip
FULL_SESSIONS: list[tuple[str, dict[str, Any]]] = [
    *(("azure-realtime", {"voice": {"type": "azure-realtime-native", "name": name}}) for name in NATIVE_VOICES),
    *((CASCADED, {"voice": {"type": "azure-personal", "name": "n", "model": model, **SPOKEN_SO}}) for model in PERSONAL),
    (CASCADED, {"voice": {"type": "azure-custom", "name": "n", "endpoint_id": "e", **SPOKEN_SO}}),
    (CASCADED, {"voice": {"type": "avatar-voice-sync", "model": "MAI-Voice-1", **SPOKEN_SO}}),
    *(
        (CASCADED, {"turn_detection": {"type": kind, "end_of_utterance_detection": {"model": "semantic_detection_v1"}}})
        for kind in ("azure_semantic_vad", "azure_semantic_vad_en", "azure_semantic_vad_multilingual")
    ),
    (CASCADED, {"interim_response": {"type": "llm_interim_response", "instructions": "Be brief."}, "avatar": AVATAR}),
    (CASCADED, {"tools": [function("f")], "tool_choice": {"type": "function", "name": "f"}}),
    (CASCADED, {"tools": [function("f")], "tool_choice": "f"}),
]


def repertoire() -> Iterator[Talk]:
    yield from session_values()
    yield full(API_VERSIONS[-1], CASCADED)
    for version in API_VERSIONS:
        for model in MODELS:
            yield from (spoken(version, model), misheard(version, model), typed(version, model), answered(version, model))
            yield from (agents(version), *mcp(version, model)) if model == CASCADED else mcp(version, model)
            yield from refusals(version, model)


def session_values() -> Iterator[Talk]:
    """Every good value of every field of a session, and what takes several of them."""
    for model, session in FULL_SESSIONS:
        talk = Talk(model)
        talk.say("session.update", session=session)
        yield talk
    for version, model, name, value, _ in TAKEN:
        talk = Talk(model, version)
        talk.say("session.update", session={name: value})
        talk.wait(1.0)
        yield talk


def agents(version: str) -> Talk:
    """Agent mode, which has no model."""
    return Talk("", version, agent="helper")


def spoken(version: str, model: str) -> Talk:
    """Two turns, the second one over the first answer, then one that ends with a commit."""
    talk = Talk(model, version, script=Replies(heard=Heard("Where is the station?")))
    detection = {"type": "azure_semantic_vad", "auto_truncate": True, "appended_text_after_truncation": " [interrupted]"}
    recogniser = {"model": "gpt-4o-transcribe" if model == NATIVE else "azure-speech", "language": "en-US"}
    talk.say("session.update", session={**WITH_EXTRAS, "turn_detection": detection, "input_audio_transcription": recogniser})
    talk.append(TURN)
    talk.wait(1.0)
    talk.append(OVER_IT)
    talk.wait(LONG)
    talk.say("session.update", session={"turn_detection": None})
    talk.append(TURN)
    talk.say("input_audio_buffer.commit")
    talk.append(TURN)
    talk.say("input_audio_buffer.clear")
    talk.wait(LONG)
    return talk


def misheard(version: str, model: str) -> Talk:
    """A turn whose transcription fails, and one with no more than was measured."""
    talk = Talk(model, version, script=Replies(hearing=[Heard(failed="Nobody understood that.")]))
    talk.say("session.update", session={"turn_detection": None, "input_audio_transcription": {"model": "mai-transcribe-1"}})
    for _ in range(2):
        talk.append(TURN)
        talk.say("input_audio_buffer.commit")
        talk.wait(LONG)
    return talk


def typed(version: str, model: str) -> Talk:
    """Every item that a client can make, asked for and taken out again, and a text that is streamed."""
    talk = Talk(model, version)
    place = {"image_url" if version >= "2026-06-01" else "url": "https://example.org/a.png"}
    images = [{"type": "input_image", **place, "detail": detail} for detail in ("auto", "low", "high")]
    sound = {"type": "input_audio", "audio": base64.b64encode(pcm16(speech_like(0.3))).decode(), "transcript": "Hello"}
    parts = [{"type": "input_text", "text": "x"}, *images, *([sound] if model == NATIVE else [])]
    items: list[Any] = [
        {"type": "message", "role": "user", "content": parts},
        {"type": "message", "role": "system", "content": [{"type": "input_text", "text": "x"}], "status": "incomplete"},
        {"type": "message", "role": "assistant", "content": [{"type": "text", "text": "x"}]},
        {"type": "function_call", "name": "f", "call_id": "call_1", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "call_1", "output": "x"},
    ]
    for n, item in enumerate(items):
        talk.say("conversation.item.create", item={**item, "id": f"item_{n}"}, previous_item_id="root" if n % 2 else None)
        talk.say("conversation.item.retrieve", item_id=f"item_{n}")
    for n, _ in enumerate(items):
        talk.say("conversation.item.delete", item_id=f"item_{n}")
    talk.say("input_text.delta", id="streamed", delta="word by word")
    talk.say("input_text.done", id="streamed")
    return talk


def answered(version: str, model: str) -> Talk:
    """Words, calls and both; ended in every way; spoken and written; in the conversation and out of it; cut and retrieved."""
    calls = (Call("f", ARGUMENTS), Call("g"))
    talk = Talk(
        model,
        version,
        script=Replies(
            Reply("Let me see.", calls),
            Reply("", calls, outcome=Outcome("incomplete", "content_filter")),
            Reply("So far.", outcome=Outcome("failed", code="message_creation_failed", message="Failed to create message")),
            Reply("These words are cut short.", calls),
            Reply("", calls),
            Reply("", calls),
        ),
    )
    talk.say("session.update", session={**WITH_EXTRAS, "turn_detection": None, "tools": [function("f"), function("g")]})
    for response in ({"metadata": {"a": "b"}}, {}, {"modalities": ["text"]}):
        talk.say("response.create", response=response)
        talk.wait(LONG)
    spoken_item = next(e["item"]["id"] for e in talk.events if e["type"] == "response.output_item.done")
    talk.say("conversation.item.truncate", item_id=spoken_item, content_index=0, audio_end_ms=300)
    talk.say("conversation.item.retrieve", item_id=spoken_item)
    for conversation in ("auto", "none"):
        talk.say("response.create", response={"conversation": conversation})
        talk.wait(FIRST_DELTA_S + 0.05)
        talk.say("response.cancel", response_id=talk.last("response.created")["response"]["id"])
    talk.say("response.create", response={"max_output_tokens": 2})
    talk.wait(LONG)
    return talk


def mcp(version: str, model: str) -> Iterator[Talk]:
    """Listings that work and fail, calls that work, fail, are cut and come too late, and requests allowed, denied and cut."""
    if version < "2026-04-10":
        return
    replies = [Reply("", (Call(name, arguments, label),)) for label, name, arguments in (
        ("desk", "look", '{"what": "out"}'), ("desk", "strike", "{}"), ("own", "add", '{"a": 1, "b": 2}'), ("own", "add", "{}"),
    )]  # fmt: skip
    talk = Talk(model, version, script=Replies(*replies, Reply("", (Call("add", ARGUMENTS, "own"),)), servers=SCRIPTED))
    talk.say(
        "session.update", session={"tools": [server(label, require_approval="never") for label in ("desk", "own", "broken")]}
    )
    talk.wait(1.0)
    for listed in [e["item_id"] for e in talk.events if e["type"] == "mcp_list_tools.completed"]:
        talk.say("conversation.item.retrieve", item_id=listed)
    for _ in replies:
        talk.say("response.create")
        talk.wait(LONG)
    talk.say("response.create")
    talk.wait(FIRST_DELTA_S + 0.05)
    talk.say("response.cancel")
    talk.wait(LONG)
    yield talk

    asking = [Reply("", (Call("look", '{"what": "out"}', "desk"),)) for _ in range(3)]
    talk = Talk(model, version, script=Replies(*asking, servers=SCRIPTED))
    talk.say("session.update", session={"tools": [server("desk", require_approval="always")]})
    for n, approve in enumerate((True, False, True)):
        talk.say("response.create")
        talk.wait(LONG)
        asked = [e["item"]["id"] for e in talk.events if e.get("item", {}).get("type") == "mcp_approval_request"][-1]
        answer = {"type": "mcp_approval_response", "approval_request_id": asked, "approve": approve, "reason": "I say so."}
        if approve and n == 2:
            talk.say("session.update", session={"tools": []})  # the call comes too late: its server is gone
        talk.say("conversation.item.create", item=answer)
        talk.wait(LONG)
    yield talk
