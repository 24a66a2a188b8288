"""Conversations that together make the simulator send every event in every form. Each function
holds one or more conversations with one api-version and model. Settings that the version does not
have are ignored by the simulator, which names them in warnings where these exist."""

import base64
from collections.abc import Iterator
from typing import Any

from voicelive_simulator.api.handshake import API_VERSIONS
from voicelive_simulator.dialogue.responses.response import FIRST_DELTA_S
from voicelive_simulator.dialogue.state.script import Call, Heard, Outcome, Reply

from tests.simulator.support.conversation_driver import ConversationDriver
from tests.simulator.support.mcp_conversation import SCRIPTED, server
from tests.simulator.support.refusals import full, refusals
from tests.simulator.support.scripted_replies import Replies, function
from tests.simulator.support.session_values import TAKEN
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
    "include": [
        "item.input_audio_transcription.logprobs",
        "item.input_audio_transcription.phrases",
    ],
}


SPOKEN_SO = {
    "temperature": 0.5,
    "locale": "en-US",
    "style": "chat",
    "prefer_locales": ["en-GB"],
    "rate": "1.2",
    "pitch": "+10%",
    "volume": "80",
    "custom_lexicon_url": "https://example.org/l",
    "custom_text_normalization_url": "https://example.org/n",
}
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
PERSONAL = (
    "DragonLatestNeural",
    "PhoenixLatestNeural",
    "PhoenixV2Neural",
    "DragonHDOmniLatestNeural",
    "MAI-Voice-1",
)
AVATAR = {
    "character": "lisa",
    "customized": False,
    "video": {"background": {"image_url": "https://example.org/b.png"}},
    "scene": dict.fromkeys(
        ("zoom", "position_x", "position_y", "rotation_x", "rotation_y", "rotation_z", "amplitude"),
        0.5,
    ),
}
FULL_SESSIONS: list[tuple[str, dict[str, Any]]] = [
    *(
        ("azure-realtime", {"voice": {"type": "azure-realtime-native", "name": name}})
        for name in NATIVE_VOICES
    ),
    *(
        (CASCADED, {"voice": {"type": "azure-personal", "name": "n", "model": model, **SPOKEN_SO}})
        for model in PERSONAL
    ),
    (CASCADED, {"voice": {"type": "azure-custom", "name": "n", "endpoint_id": "e", **SPOKEN_SO}}),
    (CASCADED, {"voice": {"type": "avatar-voice-sync", "model": "MAI-Voice-1", **SPOKEN_SO}}),
    *(
        (
            CASCADED,
            {
                "turn_detection": {
                    "type": kind,
                    "end_of_utterance_detection": {"model": "semantic_detection_v1"},
                }
            },
        )
        for kind in (
            "azure_semantic_vad",
            "azure_semantic_vad_en",
            "azure_semantic_vad_multilingual",
        )
    ),
    (
        CASCADED,
        {
            "interim_response": {"type": "llm_interim_response", "instructions": "Be brief."},
            "avatar": AVATAR,
        },
    ),
    (CASCADED, {"tools": [function("f")], "tool_choice": {"type": "function", "name": "f"}}),
    (CASCADED, {"tools": [function("f")], "tool_choice": "f"}),
]


def repertoire() -> Iterator[ConversationDriver]:
    yield from session_values()
    yield full(API_VERSIONS[-1], CASCADED)
    for version in API_VERSIONS:
        for model in MODELS:
            yield from (
                spoken(version, model),
                misheard(version, model),
                typed(version, model),
                answered(version, model),
            )
            yield from (
                (agents(version), *mcp(version, model))
                if model == CASCADED
                else mcp(version, model)
            )
            yield from refusals(version, model)


def session_values() -> Iterator[ConversationDriver]:
    """Every good value of every session field, and what involves several of them."""
    for model, session in FULL_SESSIONS:
        driver = ConversationDriver(model)
        driver.say("session.update", session=session)
        yield driver
    for version, model, name, value, _ in TAKEN:
        driver = ConversationDriver(model, version)
        driver.say("session.update", session={name: value})
        driver.wait(1.0)
        yield driver


def agents(version: str) -> ConversationDriver:
    """Agent mode, which has no model."""
    return ConversationDriver("", version, agent="helper")


def spoken(version: str, model: str) -> ConversationDriver:
    """Two turns, the second during the first response, then one that ends with a commit."""
    driver = ConversationDriver(
        model, version, script=Replies(heard=Heard("Where is the station?"))
    )
    detection = {
        "type": "azure_semantic_vad",
        "auto_truncate": True,
        "appended_text_after_truncation": " [interrupted]",
    }
    recogniser = {
        "model": "gpt-4o-transcribe" if model == NATIVE else "azure-speech",
        "language": "en-US",
    }
    driver.say(
        "session.update",
        session={
            **WITH_EXTRAS,
            "turn_detection": detection,
            "input_audio_transcription": recogniser,
        },
    )
    driver.append(TURN)
    driver.wait(1.0)
    driver.append(OVER_IT)
    driver.wait(LONG)
    driver.say("session.update", session={"turn_detection": None})
    driver.append(TURN)
    driver.say("input_audio_buffer.commit")
    driver.append(TURN)
    driver.say("input_audio_buffer.clear")
    driver.wait(LONG)
    return driver


def misheard(version: str, model: str) -> ConversationDriver:
    """A turn whose transcription fails, and one with only the measurement."""
    driver = ConversationDriver(
        model, version, script=Replies(hearing=[Heard(failed="Nobody understood that.")])
    )
    driver.say(
        "session.update",
        session={
            "turn_detection": None,
            "input_audio_transcription": {"model": "mai-transcribe-1"},
        },
    )
    for _ in range(2):
        driver.append(TURN)
        driver.say("input_audio_buffer.commit")
        driver.wait(LONG)
    return driver


def typed(version: str, model: str) -> ConversationDriver:
    """Every item that a client can create, retrieved and deleted again, and a text that is
    streamed."""
    driver = ConversationDriver(model, version)
    address = {"image_url" if version >= "2026-06-01" else "url": "https://example.org/a.png"}
    images = [
        {"type": "input_image", **address, "detail": detail} for detail in ("auto", "low", "high")
    ]
    sound = {
        "type": "input_audio",
        "audio": base64.b64encode(pcm16(speech_like(0.3))).decode(),
        "transcript": "Hello",
    }
    parts = [{"type": "input_text", "text": "x"}, *images, *([sound] if model == NATIVE else [])]
    items: list[Any] = [
        {"type": "message", "role": "user", "content": parts},
        {
            "type": "message",
            "role": "system",
            "content": [{"type": "input_text", "text": "x"}],
            "status": "incomplete",
        },
        {"type": "message", "role": "assistant", "content": [{"type": "text", "text": "x"}]},
        {"type": "function_call", "name": "f", "call_id": "call_1", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "call_1", "output": "x"},
    ]
    for n, item in enumerate(items):
        driver.say(
            "conversation.item.create",
            item={**item, "id": f"item_{n}"},
            previous_item_id="root" if n % 2 else None,
        )
        driver.say("conversation.item.retrieve", item_id=f"item_{n}")
    for n, _ in enumerate(items):
        driver.say("conversation.item.delete", item_id=f"item_{n}")
    driver.say("input_text.delta", id="streamed", delta="word by word")
    driver.say("input_text.done", id="streamed")
    return driver


def answered(version: str, model: str) -> ConversationDriver:
    """Words, calls and both; with every ending; spoken and written; in the conversation and out of
    it; cut off and retrieved."""
    calls = (Call("f", ARGUMENTS), Call("g"))
    driver = ConversationDriver(
        model,
        version,
        script=Replies(
            Reply("Let me see.", calls),
            Reply("", calls, outcome=Outcome("incomplete", "content_filter")),
            Reply(
                "So far.",
                outcome=Outcome(
                    "failed", code="message_creation_failed", message="Failed to create message"
                ),
            ),
            Reply("These words are cut short.", calls),
            Reply("", calls),
            Reply("", calls),
        ),
    )
    driver.say(
        "session.update",
        session={**WITH_EXTRAS, "turn_detection": None, "tools": [function("f"), function("g")]},
    )
    for response in ({"metadata": {"a": "b"}}, {}, {"modalities": ["text"]}):
        driver.say("response.create", response=response)
        driver.wait(LONG)
    spoken_item = next(
        e["item"]["id"] for e in driver.events if e["type"] == "response.output_item.done"
    )
    driver.say("conversation.item.truncate", item_id=spoken_item, content_index=0, audio_end_ms=300)
    driver.say("conversation.item.retrieve", item_id=spoken_item)
    for conversation in ("auto", "none"):
        driver.say("response.create", response={"conversation": conversation})
        driver.wait(FIRST_DELTA_S + 0.05)
        driver.say("response.cancel", response_id=driver.last("response.created")["response"]["id"])
    driver.say("response.create", response={"max_output_tokens": 2})
    driver.wait(LONG)
    return driver


def mcp(version: str, model: str) -> Iterator[ConversationDriver]:
    """Listings that succeed and fail, calls that succeed, fail, are cut off and come too late, and
    requests approved, denied and cut off."""
    if version < "2026-04-10":
        return
    replies = [
        Reply("", (Call(name, arguments, label),))
        for label, name, arguments in (
            ("desk", "look", '{"what": "out"}'),
            ("desk", "strike", "{}"),
            ("own", "add", '{"a": 1, "b": 2}'),
            ("own", "add", "{}"),
        )
    ]
    driver = ConversationDriver(
        model,
        version,
        script=Replies(*replies, Reply("", (Call("add", ARGUMENTS, "own"),)), servers=SCRIPTED),
    )
    driver.say(
        "session.update",
        session={
            "tools": [
                server(label, require_approval="never") for label in ("desk", "own", "broken")
            ]
        },
    )
    driver.wait(1.0)
    for listed in [e["item_id"] for e in driver.events if e["type"] == "mcp_list_tools.completed"]:
        driver.say("conversation.item.retrieve", item_id=listed)
    for _ in replies:
        driver.say("response.create")
        driver.wait(LONG)
    driver.say("response.create")
    driver.wait(FIRST_DELTA_S + 0.05)
    driver.say("response.cancel")
    driver.wait(LONG)
    yield driver

    asking = [Reply("", (Call("look", '{"what": "out"}', "desk"),)) for _ in range(3)]
    driver = ConversationDriver(model, version, script=Replies(*asking, servers=SCRIPTED))
    driver.say("session.update", session={"tools": [server("desk", require_approval="always")]})
    for n, approve in enumerate((True, False, True)):
        driver.say("response.create")
        driver.wait(LONG)
        asked = [
            e["item"]["id"]
            for e in driver.events
            if e.get("item", {}).get("type") == "mcp_approval_request"
        ][-1]
        answer = {
            "type": "mcp_approval_response",
            "approval_request_id": asked,
            "approve": approve,
            "reason": "I say so.",
        }
        if approve and n == 2:
            driver.say(
                "session.update", session={"tools": []}
            )  # the call comes too late, because its server was removed
        driver.say("conversation.item.create", item=answer)
        driver.wait(LONG)
    yield driver
