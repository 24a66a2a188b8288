"""Drives the simulator's conversation without socket or clock: takes events, audio and time, and
returns events."""

import base64
from typing import Any

from voicelive_simulator.api.handshake import Opening
from voicelive_simulator.api.ids import Ids
from voicelive_simulator.dialogue.conversation import Conversation
from voicelive_simulator.dialogue.state.effects import Arm, Effect, Remark, Render, Send
from voicelive_simulator.dialogue.state.script import Script
from voicelive_simulator.faults.fault import Fault
from voicelive_simulator.sound.render import render
from voicelive_simulator.sound.tones import ToneVoice

JSON = dict[str, Any]
DONE_FAMILY = [
    "response.audio.done",
    "response.audio_transcript.done",
    "response.content_part.done",
    "response.output_item.done",
    "response.done",
    "rate_limits.updated",
]


class ConversationDriver:
    """Drives a conversation: renders the texts that it asks for, moves its clock, and keeps every
    event."""

    def __init__(
        self,
        model: str = "gpt-4o",
        api_version: str = "2026-07-15",
        voice_remark: str = "",
        script: Script | None = None,
        agent: str = "",
    ) -> None:
        self.now_s = 100.0
        self.events: list[JSON] = []
        self.renders: list[Render] = []
        self.armed: list[Fault] = []
        self.remarks: list[Remark] = []
        self.hold_voice = False
        self.script = script
        self.api_version, self.model = api_version, model
        opening = Opening(api_version, model, agent)
        self.conversation = Conversation(opening, Ids(seed=1), 1_800_000_000, voice_remark, script)
        self._take(self.conversation.opened())

    def say(self, kind: str, **fields: Any) -> list[JSON]:
        """Send a client event; returns the events that it causes at once."""
        before = len(self.events)
        self._take(self.conversation.receive({**fields, "type": kind}, self.now_s))
        self._take(self.conversation.tick(self.now_s))  # as after every frame
        return self.events[before:]

    def append(self, audio: bytes) -> list[JSON]:
        return self.say("input_audio_buffer.append", audio=base64.b64encode(audio).decode())

    def type_text(self, text: str) -> str:
        [created] = self.say("conversation.item.create", item=user(text))
        return str(created["item"]["id"])

    def wait(self, seconds: float) -> list[JSON]:
        """Let time pass, in the steps that the conversation asks for."""
        before, end_s = len(self.events), self.now_s + seconds
        while (
            due_s := self.conversation.due_s
        ) is not None and due_s <= end_s + 1e-9:  # rounding apart
            self.now_s = max(self.now_s, due_s)
            self._take(self.conversation.tick(self.now_s))
        self.now_s = end_s
        return self.events[before:]

    def _take(self, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case Send(event):
                    self.events.append(event)
                case Arm(fault):
                    self.armed.append(fault)
                case Remark():
                    self.remarks.append(effect)
                case Render():
                    self.renders.append(effect)
                    if not self.hold_voice:
                        self.release_voice()

    def release_voice(self) -> None:
        asked = self.renders.pop(0)
        rendered = render(ToneVoice(), asked.text, asked.output_audio_format, asked.prosody)
        self._take(self.conversation.rendered(asked.response_id, rendered, self.now_s))

    def fail_voice(self) -> None:
        """Report that the voice has failed."""
        asked = self.renders.pop(0)
        self._take(
            self.conversation.render_failed(asked.response_id, "The voice is gone.", self.now_s)
        )

    def send_garbage(self) -> None:
        """Send a frame that is not JSON."""
        self._take(self.conversation.undecodable("it is not"))

    def types(self) -> list[str]:
        return [event["type"] for event in self.events]

    def last(self, kind: str) -> JSON:
        return next(event for event in reversed(self.events) if event["type"] == kind)


def error_in(events: list[JSON]) -> JSON:
    """The only error among the events."""
    [found] = [event["error"] for event in events if event["type"] == "error"]
    assert isinstance(found, dict)
    return found


def user(text: str) -> JSON:
    return {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}
