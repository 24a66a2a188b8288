"""A conversation for tests: the test sends events, acts as the user and inspects the commands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from voicelive_tui.model.events.audio_field import decode_audio
from voicelive_tui.model.notice import Notice
from voicelive_tui.protocol.carry_over import CarryOver
from voicelive_tui.protocol.commands import (
    Command,
    ConvertSpeech,
    EndOfAudio,
    FailSession,
    Flush,
    Play,
    RecordCarryOver,
    Renew,
    Send,
    SendAudio,
    SpeakFile,
)
from voicelive_tui.protocol.conversation import Conversation
from voicelive_tui.protocol.wire import EventIds

VAD = {
    "type": "server_vad",
    "interrupt_response": True,
    "create_response": True,
    "auto_truncate": False,
}
PCM_MS = 48
"""The bytes of one millisecond of pcm16 at 24 kHz."""


@dataclass(frozen=True)
class Heard:
    """What the speaker reports about one part."""

    item_id: str
    content_index: int
    played_ms: int


def brief(commands: tuple[Command, ...]) -> list[object]:
    """Return the commands in a short form for assertions: events by type, notices by level."""
    return [_brief(command) for command in commands]


def _brief(command: Command) -> object:
    match command:
        case Send(event) | SendAudio(event):
            return str(event["type"])
        case Play(item_id, content_index, audio):
            return ("play", item_id, content_index, len(audio))
        case EndOfAudio(item_id, content_index):
            return ("end", item_id, content_index)
        case Flush(reason):
            return ("flush", reason)
        case SpeakFile():
            return "speak file"
        case ConvertSpeech():
            return "convert speech"
        case Renew():
            return "renew"
        case RecordCarryOver():
            return "record carry-over"
        case FailSession():
            return "give up"
        case Notice(level, _):
            return ("notice", level)


def sent(commands: tuple[Command, ...], kind: str) -> list[dict[str, Any]]:
    """Return the events of this type among the commands, without their ids."""
    events = [
        dict(command.event)
        for command in commands
        if isinstance(command, Send | SendAudio) and command.event["type"] == kind
    ]
    return [
        {key: value for key, value in event.items() if key not in ("event_id", "type")}
        for event in events
    ]


class ConversationHarness:
    """A conversation with a clock that the test moves."""

    def __init__(
        self,
        session: Mapping[str, Any] | None = None,
        *,
        settled: bool = True,
        audible: bool = True,
        greeting: Mapping[str, Any] | None = None,
        carry_over: CarryOver | None = None,
    ) -> None:
        self.session = {"turn_detection": VAD} if session is None else dict(session)
        self.conversation = Conversation(self.session, EventIds("evt"), greeting=greeting)
        if carry_over is not None:
            self.conversation.resume(carry_over)
        self.now = 100.0
        self.first = self.conversation.opened(self.now)
        if audible:
            self.conversation.audible()
        if settled:
            self.service("session.created", session={"id": "sess_1", "turn_detection": VAD})
            self.service("session.updated", session={"turn_detection": VAD, **self.session})

    def service(self, kind: str, **fields: Any) -> tuple[Command, ...]:
        """Receive this event from the service."""
        return self.receive({"type": kind, "event_id": "event_x", **fields})

    def receive(self, event: Mapping[str, Any]) -> tuple[Command, ...]:
        """Receive this event, with its audio decoded as the engine does it."""
        return self.conversation.receive(event, self.now, audio=decode_audio(event))

    def until(self, end_s: float) -> tuple[Command, ...]:
        """Let time pass, and call the conversation whenever something is due; what is done then."""
        commands: list[Command] = []
        while (due_s := self.conversation.due_s) is not None and due_s <= end_s:
            assert due_s >= self.now, "something was due in the past"
            self.now = due_s
            commands += self.conversation.tick(self.now)
            assert self.conversation.due_s is None or self.conversation.due_s > due_s
        self.now = end_s
        return tuple(commands)

    def talk(self, seconds: float) -> tuple[Command, ...]:
        """The microphone sends blocks of 20 ms for so long; what is done beside sending them."""
        commands: list[Command] = []
        for _ in range(round(seconds / 0.02)):
            self.conversation.microphone(bytes(20 * PCM_MS), self.now)
            commands += self.until(self.now + 0.02)
        return tuple(commands)

    def audio(
        self, size_ms: int, *, item: str = "item_a", response: str = "resp_1", index: int = 0
    ) -> tuple[Command, ...]:
        """Receive a delta of pcm16 at 24 kHz with this duration."""
        from base64 import b64encode

        delta = b64encode(bytes(size_ms * PCM_MS)).decode()
        return self.service(
            "response.audio.delta",
            response_id=response,
            item_id=item,
            content_index=index,
            delta=delta,
        )

    def created(self, response: str = "resp_1") -> tuple[Command, ...]:
        """Receive the beginning of a response."""
        return self.service("response.created", response={"id": response, "status": "in_progress"})

    def done(
        self, response: str = "resp_1", status: str = "completed", **details: Any
    ) -> tuple[Command, ...]:
        """Receive the end of a response."""
        return self.service(
            "response.done",
            response={"id": response, "status": status, "status_details": details or None},
        )

    def audio_done(self, *, item: str = "item_a", response: str = "resp_1") -> tuple[Command, ...]:
        """Receive the end of an item's audio."""
        return self.service(
            "response.audio.done", response_id=response, item_id=item, content_index=0
        )

    def answering(self, received_ms: int = 1000) -> None:
        """Let the assistant be in the middle of an answer whose audio the speaker has."""
        self.created()
        self.audio(received_ms)

    def speech_started(self) -> tuple[Command, ...]:
        """Receive the detection of the user's speech."""
        return self.service("input_audio_buffer.speech_started", audio_start_ms=0, item_id="item_u")

    def heard(self, item: str = "item_a", index: int = 0, played_ms: int = 1000) -> None:
        """Report that the last sample of a part has left the speaker."""
        self.conversation.drained(Heard(item, index, played_ms))

    def flushed(self, *parts: Heard) -> tuple[Command, ...]:
        """Report that the speaker is silent."""
        return self.conversation.flushed(parts)

    def error(
        self, event_id: str | None, code: str = "", message: str = "No."
    ) -> tuple[Command, ...]:
        """Receive an error."""
        return self.service(
            "error",
            error={
                "type": "invalid_request_error",
                "code": code,
                "message": message,
                "event_id": event_id,
            },
        )
