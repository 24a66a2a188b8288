"""A conversation as a test writes it: what the service says, what the user does, what is done about
it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from voicelive_tui.model.events.audio_field import decode_audio
from voicelive_tui.protocol.commands import Command, EndOfAudio, Flush, Notice, Play, Send
from voicelive_tui.protocol.conversation import Conversation
from voicelive_tui.protocol.wire import EventIds

VAD = {
    "type": "server_vad",
    "interrupt_response": True,
    "create_response": True,
    "auto_truncate": False,
}
PCM_MS = 48
"""Bytes of one millisecond of pcm16 at 24 kHz."""


@dataclass(frozen=True)
class Heard:
    """What the speaker says of one part."""

    item_id: str
    content_index: int
    played_ms: int


def brief(commands: tuple[Command, ...]) -> list[object]:
    """Commands in a form that reads well in an assertion: events by type, notices by level."""
    return [_brief(command) for command in commands]


def _brief(command: Command) -> object:
    match command:
        case Send(event):
            return str(event["type"])
        case Play(item_id, content_index, audio):
            return ("play", item_id, content_index, len(audio))
        case EndOfAudio(item_id, content_index):
            return ("end", item_id, content_index)
        case Flush(reason):
            return ("flush", reason)
        case Notice(level, _):
            return ("notice", level)


def sent(commands: tuple[Command, ...], kind: str) -> list[dict[str, Any]]:
    """The events of this type among the commands, without their ids."""
    events = [
        dict(command.event)
        for command in commands
        if isinstance(command, Send) and command.event["type"] == kind
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
    ) -> None:
        self.session = {"turn_detection": VAD} if session is None else dict(session)
        self.conversation = Conversation(self.session, EventIds("evt"))
        self.now = 100.0
        self.first = self.conversation.opened(self.now)
        if audible:
            assert self.conversation.audible(self.now) == ()
        if settled:
            self.service("session.created", session={"id": "sess_1", "turn_detection": VAD})
            self.service("session.updated", session={"turn_detection": VAD, **self.session})

    def service(self, kind: str, **fields: Any) -> tuple[Command, ...]:
        """The service says this."""
        return self.receive({"type": kind, "event_id": "event_x", **fields})

    def receive(self, event: Mapping[str, Any]) -> tuple[Command, ...]:
        """This event arrives, and its audio is decoded as the engine does it."""
        return self.conversation.receive(event, self.now, audio=decode_audio(event))

    def audio(
        self, size_ms: int, *, item: str = "item_a", response: str = "resp_1", index: int = 0
    ) -> tuple[Command, ...]:
        """A delta of that much pcm16 at 24 kHz."""
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
        """A response begins."""
        return self.service("response.created", response={"id": response, "status": "in_progress"})

    def done(
        self, response: str = "resp_1", status: str = "completed", **details: Any
    ) -> tuple[Command, ...]:
        """A response is over."""
        return self.service(
            "response.done",
            response={"id": response, "status": status, "status_details": details or None},
        )

    def audio_done(self, *, item: str = "item_a", response: str = "resp_1") -> tuple[Command, ...]:
        """All audio of the item is sent."""
        return self.service(
            "response.audio.done", response_id=response, item_id=item, content_index=0
        )

    def answering(self, received_ms: int = 1000) -> None:
        """The assistant is in the middle of an answer, which the speaker has."""
        self.created()
        self.audio(received_ms)

    def speech_started(self) -> tuple[Command, ...]:
        """The service hears the user."""
        return self.service("input_audio_buffer.speech_started", audio_start_ms=0, item_id="item_u")

    def heard(self, item: str = "item_a", index: int = 0, played_ms: int = 1000) -> None:
        """The last sample of a part has left the speaker."""
        assert self.conversation.drained(Heard(item, index, played_ms), self.now) == ()

    def flushed(self, *parts: Heard) -> tuple[Command, ...]:
        """The speaker is silent."""
        return self.conversation.flushed(parts, self.now)

    def error(
        self, event_id: str | None, code: str = "", message: str = "No."
    ) -> tuple[Command, ...]:
        """The service refuses something."""
        return self.service(
            "error",
            error={
                "type": "invalid_request_error",
                "code": code,
                "message": message,
                "event_id": event_id,
            },
        )
