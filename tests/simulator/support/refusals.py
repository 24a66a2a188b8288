"""Conversations in which the simulator refuses something, in every way that it has: each code of an
error, a warning or a failure."""

from collections.abc import Iterator
from typing import Any

import voicelive_simulator.dialogue.state.items as items_module
from voicelive_simulator.dialogue.state.script import (
    MOST_SPOKEN_CHARS,
    Call,
    McpServer,
    McpTool,
    Reply,
)

from tests.simulator.support.conversation_driver import ConversationDriver, user
from tests.simulator.support.scripted_replies import Replies
from tests.support.speech_like import pcm16, silence, speech_like

SOUND = pcm16(silence(0.1), speech_like(0.3))
ECHO = {"type": "server_echo_cancellation"}
REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("session.update", {"session": {"temperature": 9}}),
    ("session.update", {"session": {"instructions": 5}}),
    ("session.update", {}),
    ("input_audio_buffer.commit", {}),
    ("input_audio.clear", {}),
    ("session.avatar.connect", {"client_sdp": "djA="}),
    ("response.cancel", {}),
    (
        "conversation.item.create",
        {"item": {"type": "function_call_output", "call_id": "none", "output": ""}},
    ),
    (
        "session.update",
        {"session": {"tools": [{"type": "function", "name": "f", "parameters": {"type": "no"}}]}},
    ),
]


def refusals(version: str, model: str) -> Iterator[ConversationDriver]:
    driver = ConversationDriver(model, version)
    for kind, fields in REFUSED:
        driver.say(kind, **fields, event_id="event_mine")
    driver.send_garbage()
    driver.say("input_audio_buffer.clear", surprise=1)
    yield driver
    yield from (busy(version, model), speechless(version, model))
    if version >= "2026-06-01":
        yield echo_reference(version, model)
    if version >= "2026-04-10":
        yield unable_to_call(version, model)


def busy(version: str, model: str) -> ConversationDriver:
    """Too many responses, and a voice that can no longer be changed."""
    driver = ConversationDriver(model, version)
    for conversation in ("auto", "auto", *["none"] * 9):
        driver.say("response.create", response={"conversation": conversation})
    driver.wait(60.0)
    voice = {"type": "azure-standard", "name": "en-US-GuyNeural"}
    driver.say("session.update", session={"voice": voice})
    return driver


def full(version: str, model: str) -> ConversationDriver:
    """A conversation with as many items as there may be."""
    driver = ConversationDriver(model, version)
    for _ in range(items_module.MOST_ITEMS + 1):
        driver.say("conversation.item.create", item=user("x"))
    return driver


def speechless(version: str, model: str) -> ConversationDriver:
    """Words that are too long to be spoken, and a voice that fails."""
    driver = ConversationDriver(
        model,
        version,
        script=Replies(Reply("x" * (MOST_SPOKEN_CHARS + 1)), Reply("", (Call("none"),))),
    )
    for _ in range(2):
        driver.say("response.create")
        driver.wait(1.0)
    driver.hold_voice = True
    driver.say("response.create")
    driver.fail_voice()
    return driver


def echo_reference(version: str, model: str) -> ConversationDriver:
    """The rules of a two-channel microphone (protocol.md 7 and 14)."""
    driver = ConversationDriver(model, version)
    both = {"reference_source": "client", "channels": 2}
    for echo, codec in (
        (both | {"reference_source": "server"}, "pcm16"),
        (both | {"channels": 1}, "pcm16"),
        (both, "g711_ulaw"),
    ):
        session = {"input_audio_echo_cancellation": {**ECHO, **echo}, "input_audio_format": codec}
        driver.say("session.update", session=session, event_id="event_mine")
    driver.say("session.update", session={"input_audio_echo_cancellation": {**ECHO, **both}})
    driver.append(SOUND)
    driver.say("session.update", session={"input_audio_echo_cancellation": None})
    driver.say("session.update", session={"input_audio_transcription": {"model": "azure-speech"}})
    return driver


def unable_to_call(version: str, model: str) -> ConversationDriver:
    """MCP: a server that does not exist, and an approval without a request."""
    scripted = McpServer("scripted", (McpTool("look", output="a tree"),))
    driver = ConversationDriver(
        model,
        version,
        script=Replies(Reply("", (Call("look", "{}", "scripted"),)), servers=[scripted]),
    )
    tools = [
        {"type": "mcp", "server_label": label, "server_url": "https://nowhere.example/mcp"}
        for label in ("scripted", "nowhere")
    ]
    driver.say("session.update", session={"tools": tools})
    driver.wait(1.0)
    driver.say("response.create", response={"conversation": "none"})
    driver.wait(60.0)
    return driver
