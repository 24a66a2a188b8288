"""One session's conversation with the service, sans I/O: every method takes the time and returns
what is to be done."""

import base64
from collections.abc import Iterable, Mapping
from typing import Any

from voicelive_tui.model.events.canonical import canonical
from voicelive_tui.model.events.fields import get_count, get_object, get_str
from voicelive_tui.model.formats import WireFormat
from voicelive_tui.protocol import error_notices, notices
from voicelive_tui.protocol.commands import Command, Notice, Send
from voicelive_tui.protocol.configuration import Configuration
from voicelive_tui.protocol.expected_response import ExpectedResponse
from voicelive_tui.protocol.notices import OncePerSession
from voicelive_tui.protocol.response_control import Played, ResponseControl
from voicelive_tui.protocol.tool_calls import ToolCalls
from voicelive_tui.protocol.wire import EventIds

SETTLE_S = 5.0
"""A service that never answers `session.update` gets the microphone after this long all the
same."""


class Conversation:
    """The protocol machine. `session` is the wire's session object, as the profile has it
    (protocol.md sections 6 and 15)."""

    def __init__(self, session: Mapping[str, Any], ids: EventIds) -> None:
        self._ids = ids
        self._settings = Configuration(session)
        self._once = OncePerSession()
        self._responses = ResponseControl(self._settings, self._send, self._once)
        self._tools = ToolCalls()
        self._expected = ExpectedResponse()
        self._opened_s: float | None = None
        self._turn_bytes = 0
        self.talking = False
        """A manual turn is open."""
        self.user_speaking = False
        """The service hears the user."""

    # What a snapshot shows.

    @property
    def manual(self) -> bool:
        """Turns are opened and committed by hand, as the service's effective settings say."""
        return self._settings.manual

    @property
    def input_format(self) -> WireFormat | None:
        """Of the microphone; None if this version cannot send it."""
        return self._settings.input_format

    @property
    def output_format(self) -> WireFormat | None:
        """Of the assistant's voice; None if this version cannot play it."""
        return self._settings.output_format

    @property
    def expires_at_unix_s(self) -> int | None:
        """When the service will end the session, if it says so."""
        return get_count(self._settings.effective or {}, "expires_at") or None

    def assistant_speaking(self, now: float) -> bool:
        """Sound of the assistant leaves the speaker or waits for it, or would if the session had
        one."""
        return self._responses.speaking(now)

    def turn_open(self, now: float) -> bool:
        """The turn is not over: the user speaks, an answer is to come or being received, or its
        last sample has not been heard.

        A turn to which no answer will come, such as one that ended with a function call, is over.
        """
        user = self.user_speaking or self.talking
        return (
            user
            or self._expected.expected
            or self._tools.running
            or self._responses.answer_open(now)
        )

    def speaks_until_s(self, now: float) -> float | None:
        """When speech that nobody hears will be over; None if there is none."""
        return self._responses.speaks_until_s(now)

    def ready(self, now: float) -> bool:
        """The settings are in force (or refused), so that microphone bytes have the format the
        service expects."""
        return self._settings.settled or (
            self._opened_s is not None and now - self._opened_s > SETTLE_S
        )

    # What the user and the engine do.

    def opened(self, now: float) -> tuple[Command, ...]:
        """The socket is open."""
        self._opened_s = now
        return (self._update(dict(self._settings.wanted)),)

    def update(self, session: Mapping[str, Any], now: float) -> tuple[Command, ...]:
        """The profile was edited: send the settings that changed."""
        changes = self._settings.changes(session)
        removed = sorted(key for key in self._settings.wanted if key not in session)
        self._settings.wanted = session
        notes = (notices.kept_settings(removed),) if removed else ()
        return (self._update(changes), *notes) if changes else notes

    def microphone(self, audio: bytes, now: float) -> tuple[Send, ...]:
        """A block in `input_format`: an append, or nothing while the turn is closed or the settings
        are not in force."""
        if not self.ready(now) or self.input_format is None or (self.manual and not self.talking):
            return ()
        self._turn_bytes += len(audio)
        encoded = base64.b64encode(audio).decode("ascii")
        return (Send(self._send("input_audio_buffer.append", audio=encoded).event, audio),)

    def send_text(self, text: str, now: float) -> tuple[Command, ...]:
        """A typed message; its answer is asked for as soon as no other one is being made."""
        if not text.strip():
            return ()
        item = {
            "type": "message",
            "role": "user",
            "content": [{"type": "input_text", "text": text}],
        }
        return (
            self._send("conversation.item.create", item=item),
            *self._responses.request_response(),
        )

    def talk(self, on: bool, now: float) -> tuple[Command, ...]:
        """Open a manual turn, or commit it and ask for the answer."""
        if not self.manual:
            return self._talk_without_manual_turns(on)
        if on == self.talking:
            return ()
        self.talking = on
        if on:
            self._turn_bytes = 0
            return (*self._responses.stop(now), self._send("input_audio_buffer.clear"))
        if not self._turn_bytes:
            return (notices.EMPTY_TURN,)
        return (self._send("input_audio_buffer.commit"), *self._responses.request_response())

    def interrupt(self, now: float) -> tuple[Command, ...]:
        """The user stops the assistant."""
        return (
            self._responses.stop(now)
            if self._responses.busy(now)
            else (notices.NOTHING_TO_INTERRUPT,)
        )

    def audible(self, now: float) -> tuple[Command, ...]:
        """This session has a speaker from now on."""
        self._responses.audible()
        return ()

    def inaudible(self, now: float) -> tuple[Command, ...]:
        """This session has no speaker any more."""
        return self._responses.inaudible()

    def off_air(self, now: float) -> tuple[Command, ...]:
        """Microphone and speaker belong to another session: an open manual turn ends without an
        answer."""
        if not self.talking:
            return self._responses.inaudible()
        self.talking = False
        return (*self._responses.inaudible(), self._send("input_audio_buffer.clear"))

    # What the speaker reports.

    def drained(self, played: Played, now: float) -> tuple[Command, ...]:
        """This part was heard to its end."""
        self._responses.drained(played)
        return ()

    def flushed(self, parts: Iterable[Played], now: float) -> tuple[Command, ...]:
        """The answer to the oldest open `Flush`."""
        return self._responses.flushed(parts)

    # What the service says.

    def receive(
        self, event: Mapping[str, Any], now: float, *, audio: bytes | None = None
    ) -> tuple[Command, ...]:
        """Take in an event of the service. Types that this version does not know change nothing
        here; the journal has them.

        audio: what the event's base64 stands for; None for an event without any, and for base64
        that is not valid.
        """
        match canonical(str(event.get("type"))):
            case "response.audio.delta":
                return self._responses.audio(event, audio, now)
            case "response.audio.done":
                return self._responses.audio_done(event)
            case "input_audio_buffer.speech_started":
                return self._speech_began(now)
            case "input_audio_buffer.speech_stopped":
                self._speech_ended(event)
            case "input_audio_buffer.cleared":
                self.user_speaking = False
                self._expected.fulfilled()
            case "input_audio_buffer.committed":
                return self._committed(event)
            case "response.created":
                self._expected.fulfilled()
                return self._responses.created(event)
            case "response.done":
                self._tools.response_done(event)
                return self._responses.done(event)
            case "session.created":
                self._settings.created(event.get("session"))
            case "session.updated":
                return self._updated(event)
            case "error":
                return self._error(event)
            case "warning":
                return (
                    Notice(
                        "warning",
                        f"The service warns: {error_notices.sentence(event.get('warning'))}.",
                    ),
                )
            case "conversation.item.input_audio_transcription.failed":
                return (
                    Notice(
                        "warning",
                        "What you said could not be transcribed: "
                        f"{error_notices.sentence(event.get('error'))}.",
                    ),
                )
            case "response.mcp_call.completed" | "response.mcp_call.failed":
                # The service runs the tool, but only a further response lets the model use the
                # result (protocol.md 15.7).
                self._tools.ran(event)
                return self._responses.request_response()
            case _:
                return self._tools.receive(event)
        return ()

    def _speech_began(self, now: float) -> tuple[Command, ...]:
        self.user_speaking = True
        self._expected.speech_started()
        return self._responses.barge_in(now)

    def _speech_ended(self, event: Mapping[str, Any]) -> None:
        self.user_speaking = False
        if not self.manual and self._settings.service_answers:
            self._expected.speech_ended(get_str(event, "item_id"))

    def _committed(self, event: Mapping[str, Any]) -> tuple[Command, ...]:
        self._speech_ended(event)
        return (
            ()
            if self.manual or self._settings.service_answers
            else self._once.once(notices.ASK_YOURSELF)
        )

    def _updated(self, event: Mapping[str, Any]) -> tuple[Command, ...]:
        self._settings.updated(event.get("session"))
        if not self.manual:
            self.talking = False
        return () if self.input_format is not None else self._once.once(notices.UNSENDABLE)

    def _error(self, event: Mapping[str, Any]) -> tuple[Command, ...]:
        details, named = event.get("error"), get_object(event, "error")
        if self._settings.refused(named.get("event_id")):
            return (error_notices.refused_update(details),)
        if self._responses.refused(named.get("event_id"), named.get("code")):
            return ()
        return (error_notices.error_notice(details),)

    # What several of them need.

    def _talk_without_manual_turns(self, on: bool) -> tuple[Command, ...]:
        if self._settings.service_answers:
            return (notices.SERVICE_DETECTS,) if on else ()
        return self._responses.request_response() if on else ()

    def _update(self, session: Mapping[str, Any]) -> Send:
        send = self._send("session.update", session=session)
        self._settings.sent(str(send.event["event_id"]), session)
        return send

    def _send(self, kind: str, **fields: Any) -> Send:
        return Send({"type": kind, "event_id": self._ids.next(), **fields})
