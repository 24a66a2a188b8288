"""One session's conversation with the service, sans I/O: every method takes the time and returns what is to be done."""

import base64
from collections.abc import Iterable, Mapping
from typing import Any

from voicelive_tui.model.events import canonical
from voicelive_tui.model.formats import WireFormat
from voicelive_tui.model.lenient import count, table, text
from voicelive_tui.protocol import complaints, sentences
from voicelive_tui.protocol.agent import Agent, Played
from voicelive_tui.protocol.commands import Command, Notice, Send
from voicelive_tui.protocol.configuration import Configuration
from voicelive_tui.protocol.owed import OwedAnswer
from voicelive_tui.protocol.sentences import Told
from voicelive_tui.protocol.tools import ToolCalls
from voicelive_tui.protocol.wire import EventIds

SETTLE_S = 5.0
"""A service that never answers `session.update` gets the microphone after this long all the same."""


class Conversation:
    """The protocol machine. `session` is the wire's session object, as the profile has it (protocol.md sections 6 and 15)."""

    def __init__(self, session: Mapping[str, Any], ids: EventIds) -> None:
        self._ids = ids
        self._settings = Configuration(session)
        self._told = Told()
        self._agent = Agent(self._settings, self._send, self._told)
        self._tools = ToolCalls()
        self._owed = OwedAnswer()
        self._opened_s: float | None = None
        self._turn_bytes = 0
        self.talking = False
        """A manual turn is open."""
        self.user_speaking = False
        """The service hears the person."""

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
        """Of the agent's voice; None if this version cannot play it."""
        return self._settings.output_format

    @property
    def expires_at_unix_s(self) -> int | None:
        """When the service will end the session, if it says so."""
        return count(self._settings.effective or {}, "expires_at") or None

    def agent_speaking(self, now: float) -> bool:
        """Sound of the agent leaves the speaker or waits for it, or would if the session had one."""
        return self._agent.speaking(now)

    def turn_open(self, now: float) -> bool:
        """The turn is not over: the person speaks, an answer is to come or being received, or its last sample has not been heard.

        A turn to which no answer will come, such as one that ended with a function call, is over.
        """
        person = self.user_speaking or self.talking
        return person or self._owed.owed or self._tools.running or self._agent.answer_open(now)

    def speaks_until_s(self, now: float) -> float | None:
        """When speech that nobody hears will be over; None if there is none."""
        return self._agent.speaks_until_s(now)

    def ready(self, now: float) -> bool:
        """The settings are in force (or refused), so that microphone bytes have the format the service expects."""
        return self._settings.settled or (self._opened_s is not None and now - self._opened_s > SETTLE_S)

    # What the person and the engine do.

    def opened(self, now: float) -> tuple[Command, ...]:
        """The socket is open."""
        self._opened_s = now
        return (self._update(dict(self._settings.wanted)),)

    def update(self, session: Mapping[str, Any], now: float) -> tuple[Command, ...]:
        """The profile was edited: send the settings that changed."""
        changes = self._settings.changes(session)
        removed = sorted(key for key in self._settings.wanted if key not in session)
        self._settings.wanted = session
        notes = (sentences.kept_settings(removed),) if removed else ()
        return (self._update(changes), *notes) if changes else notes

    def microphone(self, audio: bytes, now: float) -> tuple[Send, ...]:
        """A block in `input_format`: an append, or nothing while the turn is closed or the settings are not in force."""
        if not self.ready(now) or self.input_format is None or (self.manual and not self.talking):
            return ()
        self._turn_bytes += len(audio)
        return (self._send("input_audio_buffer.append", audio=base64.b64encode(audio).decode("ascii")),)

    def say(self, text: str, now: float) -> tuple[Command, ...]:
        """A typed message; its answer is asked for as soon as no other one is being made."""
        if not text.strip():
            return ()
        item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}
        return (self._send("conversation.item.create", item=item), *self._agent.ask())

    def talk(self, on: bool, now: float) -> tuple[Command, ...]:
        """Open a manual turn, or commit it and ask for the answer."""
        if not self.manual:
            return self._talk_without_manual_turns(on)
        if on == self.talking:
            return ()
        self.talking = on
        if on:
            self._turn_bytes = 0
            return (*self._agent.stop(now), self._send("input_audio_buffer.clear"))
        if not self._turn_bytes:
            return (sentences.EMPTY_TURN,)
        return (self._send("input_audio_buffer.commit"), *self._agent.ask())

    def interrupt(self, now: float) -> tuple[Command, ...]:
        """The person stops the agent."""
        return self._agent.stop(now) if self._agent.busy(now) else (sentences.NOTHING_TO_INTERRUPT,)

    def audible(self, now: float) -> tuple[Command, ...]:
        """This session has a speaker from now on."""
        self._agent.audible()
        return ()

    def inaudible(self, now: float) -> tuple[Command, ...]:
        """This session has no speaker any more."""
        return self._agent.inaudible()

    def off_air(self, now: float) -> tuple[Command, ...]:
        """Microphone and speaker belong to another session: an open manual turn ends without an answer."""
        if not self.talking:
            return self._agent.inaudible()
        self.talking = False
        return (*self._agent.inaudible(), self._send("input_audio_buffer.clear"))

    # What the speaker reports.

    def drained(self, played: Played, now: float) -> tuple[Command, ...]:
        """This part was heard to its end."""
        self._agent.drained(played)
        return ()

    def flushed(self, parts: Iterable[Played], now: float) -> tuple[Command, ...]:
        """The answer to the oldest open `Flush`."""
        return self._agent.flushed(parts)

    # What the service says.

    def receive(self, event: Mapping[str, Any], now: float) -> tuple[Command, ...]:
        """An event of the service. Types this version does not know change nothing here; the journal has them."""
        match canonical(str(event.get("type"))):
            case "response.audio.delta":
                return self._agent.audio(event, now)
            case "response.audio.done":
                return self._agent.audio_done(event)
            case "input_audio_buffer.speech_started":
                return self._speech_began(now)
            case "input_audio_buffer.speech_stopped":
                self._speech_ended(event)
            case "input_audio_buffer.cleared":
                self.user_speaking = False
                self._owed.settled()
            case "input_audio_buffer.committed":
                return self._committed(event)
            case "response.created":
                self._owed.settled()
                return self._agent.created(event)
            case "response.done":
                self._tools.response_done(event)
                return self._agent.done(event)
            case "session.created":
                self._settings.created(event.get("session"))
            case "session.updated":
                return self._updated(event)
            case "error":
                return self._error(event)
            case "warning":
                return (Notice("warning", f"The service warns: {complaints.sentence(event.get('warning'))}."),)
            case "conversation.item.input_audio_transcription.failed":
                return (Notice("warning", f"What you said could not be transcribed: {complaints.sentence(event.get('error'))}."),)
            case "response.mcp_call.completed" | "response.mcp_call.failed":
                # The service runs the tool, but only a further response lets the model use the result (protocol.md 15.7).
                self._tools.ran(event)
                return self._agent.ask()
            case _:
                return self._tools.receive(event)
        return ()

    def _speech_began(self, now: float) -> tuple[Command, ...]:
        self.user_speaking = True
        self._owed.speech_started()
        return self._agent.barge_in(now)

    def _speech_ended(self, event: Mapping[str, Any]) -> None:
        self.user_speaking = False
        if not self.manual and self._settings.service_answers:
            self._owed.speech_ended(text(event, "item_id"))

    def _committed(self, event: Mapping[str, Any]) -> tuple[Command, ...]:
        self._speech_ended(event)
        return () if self.manual or self._settings.service_answers else self._told.once(sentences.ASK_YOURSELF)

    def _updated(self, event: Mapping[str, Any]) -> tuple[Command, ...]:
        self._settings.updated(event.get("session"))
        if not self.manual:
            self.talking = False
        return () if self.input_format is not None else self._told.once(sentences.UNSENDABLE)

    def _error(self, event: Mapping[str, Any]) -> tuple[Command, ...]:
        details, named = event.get("error"), table(event, "error")
        if self._settings.refused(named.get("event_id")):
            return (complaints.refused_update(details),)
        if self._agent.refused(named.get("event_id"), named.get("code")):
            return ()
        return (complaints.error_notice(details),)

    # What several of them need.

    def _talk_without_manual_turns(self, on: bool) -> tuple[Command, ...]:
        if self._settings.service_answers:
            return (sentences.SERVICE_DETECTS,) if on else ()
        return self._agent.ask() if on else ()

    def _update(self, session: Mapping[str, Any]) -> Send:
        send = self._send("session.update", session=session)
        self._settings.sent(str(send.event["event_id"]), session)
        return send

    def _send(self, kind: str, **fields: Any) -> Send:
        return Send({"type": kind, "event_id": self._ids.next(), **fields})
