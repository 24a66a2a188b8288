"""Conversations in which the simulator says no, in every way that it has: each code of an error, a warning or a failure."""

from collections.abc import Iterator
from typing import Any

import voicelive_simulator.dialogue.state.items as items_module
from voicelive_simulator.dialogue.state.script import MOST_SPOKEN_CHARS, Call, McpServer, McpTool, Reply

from tests.support.scripted_replies import Replies
from tests.support.simulator_talk import Talk, user
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
    ("conversation.item.create", {"item": {"type": "function_call_output", "call_id": "none", "output": ""}}),
]


def refusals(version: str, model: str) -> Iterator[Talk]:
    talk = Talk(model, version)
    for kind, fields in REFUSED:
        talk.say(kind, **fields, event_id="event_mine")
    talk.send_garbage()
    talk.say("input_audio_buffer.clear", surprise=1)
    yield talk
    yield from (busy(version, model), speechless(version, model))
    if version >= "2026-06-01":
        yield echo_reference(version, model)
    if version >= "2026-04-10":
        yield unable_to_call(version, model)


def busy(version: str, model: str) -> Talk:
    """Too many responses, and a voice that cannot change any more."""
    talk = Talk(model, version)
    for conversation in ("auto", "auto", *["none"] * 9):
        talk.say("response.create", response={"conversation": conversation})
    talk.wait(60.0)
    voice = {"type": "azure-standard", "name": "en-US-GuyNeural"}
    talk.say("session.update", session={"voice": voice})
    return talk


def full(version: str, model: str) -> Talk:
    """A conversation with as many items as there may be."""
    talk = Talk(model, version)
    for _ in range(items_module.MOST_ITEMS + 1):
        talk.say("conversation.item.create", item=user("x"))
    return talk


def speechless(version: str, model: str) -> Talk:
    """Words that are too long to be spoken, and a voice that fails."""
    talk = Talk(model, version, script=Replies(Reply("x" * (MOST_SPOKEN_CHARS + 1)), Reply("", (Call("none"),))))
    for _ in range(2):
        talk.say("response.create")
        talk.wait(1.0)
    talk.hold_voice = True
    talk.say("response.create")
    talk.fail_voice()
    return talk


def echo_reference(version: str, model: str) -> Talk:
    """The rules of a two-channel microphone (protocol.md 7 and 14)."""
    talk = Talk(model, version)
    both = {"reference_source": "client", "channels": 2}
    for echo, codec in ((both | {"reference_source": "server"}, "pcm16"), (both | {"channels": 1}, "pcm16"), (both, "g711_ulaw")):
        session = {"input_audio_echo_cancellation": {**ECHO, **echo}, "input_audio_format": codec}
        talk.say("session.update", session=session, event_id="event_mine")
    talk.say("session.update", session={"input_audio_echo_cancellation": {**ECHO, **both}})
    talk.append(SOUND)
    talk.say("session.update", session={"input_audio_echo_cancellation": None})
    talk.say("session.update", session={"input_audio_transcription": {"model": "azure-speech"}})
    return talk


def unable_to_call(version: str, model: str) -> Talk:
    """MCP: a server that is nowhere, and a request that nobody could answer."""
    scripted = McpServer("scripted", (McpTool("look", output="a tree"),))
    talk = Talk(model, version, script=Replies(Reply("", (Call("look", "{}", "scripted"),)), servers=[scripted]))
    tools = [
        {"type": "mcp", "server_label": label, "server_url": "https://nowhere.example/mcp"} for label in ("scripted", "nowhere")
    ]
    talk.say("session.update", session={"tools": tools})
    talk.wait(1.0)
    talk.say("response.create", response={"conversation": "none"})
    talk.wait(60.0)
    return talk
