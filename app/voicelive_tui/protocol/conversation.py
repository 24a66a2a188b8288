"""One session's conversation with the service, sans I/O: every method takes the time and returns what is to be done.

Invariant: a `Flush` is answered by exactly one `flushed(...)`, in the order in which they were issued; whether it leads to
truncation was decided when the flush was.
"""

import base64
import binascii
from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from voicelive_tui.model.events import canonical
from voicelive_tui.model.formats import WireFormat
from voicelive_tui.protocol import complaints, sentences
from voicelive_tui.protocol.commands import Command, EndOfAudio, Flush, Notice, Play, Send
from voicelive_tui.protocol.configuration import Configuration
from voicelive_tui.protocol.responses import Responses, response_id_of
from voicelive_tui.protocol.speech import Speech
from voicelive_tui.protocol.tools import ToolCalls
from voicelive_tui.protocol.wire import EventIds

SETTLE_S = 5.0
"""A service that never answers `session.update` gets the microphone after this long all the same."""


class Played(Protocol):
    """How much of one content part was heard."""

    @property
    def item_id(self) -> str: ...
    @property
    def content_index(self) -> int: ...
    @property
    def played_ms(self) -> int: ...


class Conversation:
    """The protocol machine. `session` is the wire's session object, as the profile has it (protocol.md sections 6 and 15)."""

    def __init__(self, session: Mapping[str, Any], ids: EventIds) -> None:
        self._ids = ids
        self._settings = Configuration(session)
        self._responses = Responses()
        self._speech = Speech()
        self._tools = ToolCalls()
        self._opened_s: float | None = None
        self._flushes: deque[bool] = deque()
        self._told: set[Notice] = set()
        self._turn_bytes = 0
        self.talking = False
        self.user_speaking = False

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
    def answering(self) -> bool:
        """An answer was asked for or is being received."""
        return self._responses.answering

    @property
    def expires_at_unix_s(self) -> int | None:
        """When the service will end the session, if it says so."""
        value = (self._settings.effective or {}).get("expires_at")
        return value if type(value) is int and value > 0 else None

    def agent_speaking(self, now: float) -> bool:
        """Sound of the agent leaves the speaker, or would if the session had one."""
        return self._speech.speaking(now)

    def speaks_until_s(self, now: float) -> float | None:
        """When speech that nobody hears will be over; None if there is none."""
        return self._speech.speaks_until_s(now)

    def ready(self, now: float) -> bool:
        """The settings are in force (or refused), so that microphone bytes have the format the service expects."""
        return self._settings.settled or (self._opened_s is not None and now - self._opened_s > SETTLE_S)

    # What the person and the engine do.

    def opened(self, now: float) -> tuple[Command, ...]:
        """The socket is open."""
        self._opened_s = now
        update = dict(self._settings.wanted)
        return (self._update(update),)

    def update(self, session: Mapping[str, Any], now: float) -> tuple[Command, ...]:
        """The profile was edited: send the settings that changed."""
        changes = self._settings.changes(session)
        removed = sorted(key for key in self._settings.wanted if key not in session)
        self._settings.wanted = session
        notes = (sentences.kept_settings(removed),) if removed else ()
        return (self._update(changes), *notes) if changes else notes

    def microphone(self, audio: bytes, now: float) -> tuple[Command, ...]:
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
        return (self._send("conversation.item.create", item=item), *self._ask())

    def talk(self, on: bool, now: float) -> tuple[Command, ...]:
        """Open a manual turn, or commit it and ask for the answer."""
        if not self.manual:
            return self._talk_without_manual_turns(on)
        if on == self.talking:
            return ()
        self.talking = on
        if on:
            self._turn_bytes = 0
            return (*self._silence("user", now, truncate=True, cancel=True), self._send("input_audio_buffer.clear"))
        if not self._turn_bytes:
            return (sentences.EMPTY_TURN,)
        return (self._send("input_audio_buffer.commit"), *self._ask())

    def interrupt(self, now: float) -> tuple[Command, ...]:
        """The person stops the agent."""
        busy = self._responses.busy or self._speech.sounding() or self._speech.speaking(now)
        if not busy:
            return (sentences.NOTHING_TO_INTERRUPT,)
        return self._silence("user", now, truncate=True, cancel=True)

    def audible(self, now: float) -> tuple[Command, ...]:
        """This session has a speaker from now on: later content parts are played."""
        self._speech.audible = True
        return ()

    def off_air(self, now: float) -> tuple[Command, ...]:
        """Microphone and speaker belong to another session: an open manual turn ends without an answer."""
        if not self.talking:
            return self.inaudible(now)
        self.talking = False
        return (*self.inaudible(now), self._send("input_audio_buffer.clear"))

    def inaudible(self, now: float) -> tuple[Command, ...]:
        """This session has no speaker. The agent was not interrupted, only not heard to the end: nothing is truncated."""
        self._speech.audible = False
        if not self._speech.cut():
            return ()
        self._flushes.append(False)
        return (Flush("off_air"),)

    # What the speaker reports.

    def playback_started(self, item_id: str, content_index: int, now: float) -> None:
        """The first sample of this part was heard."""
        part = self._speech.part(item_id, content_index)
        if part is not None and part.state == "waiting":
            part.state = "playing"

    def drained(self, played: Played, now: float) -> tuple[Command, ...]:
        """This part was heard to its end."""
        part = self._speech.part(played.item_id, played.content_index)
        if part is not None and part.sounds:
            part.state = "heard"
        return ()

    def flushed(self, parts: Iterable[Played], now: float) -> tuple[Command, ...]:
        """The answer to the oldest open `Flush`: tell the service how much of each part was heard (protocol.md 15.5)."""
        truncate = self._flushes.popleft() if self._flushes else False
        return tuple(command for played in parts for command in self._truncation(played)) if truncate else ()

    def _truncation(self, played: Played) -> tuple[Command, ...]:
        part = self._speech.part(played.item_id, played.content_index)
        if part is None:
            return ()
        heard_ms = part.cut_ms(played.played_ms)
        if heard_ms is None:
            return ()
        end = {"item_id": part.item_id, "content_index": part.content_index, "audio_end_ms": heard_ms}
        return (self._send("conversation.item.truncate", **end),)

    # What the service says.

    def receive(self, event: Mapping[str, Any], now: float) -> tuple[Command, ...]:
        """An event of the service. Types this version does not know change nothing here; the journal has them."""
        match canonical(str(event.get("type"))):
            case "response.audio.delta":
                return self._audio(event, now)
            case "response.audio.done":
                return self._audio_done(event)
            case "input_audio_buffer.speech_started":
                return self._speech_started(now)
            case "input_audio_buffer.speech_stopped" | "input_audio_buffer.cleared":
                self.user_speaking = False
            case "input_audio_buffer.committed":
                return self._committed()
            case "response.created":
                return self._response_created(event)
            case "response.done":
                return self._response_done(event)
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
                return self._ask()
            case _:
                return self._tools.receive(event)
        return ()

    def _audio(self, event: Mapping[str, Any], now: float) -> tuple[Command, ...]:
        item_id, index, response_id = _place(event)
        if self._responses.is_silenced(response_id):
            return ()
        fmt = self.output_format
        if fmt is None:
            return self._once(sentences.UNPLAYABLE)
        try:
            audio = binascii.a2b_base64(event.get("delta") or "", strict_mode=True)
        except (binascii.Error, TypeError, ValueError):
            return self._once(sentences.BAD_BASE64)
        part = self._speech.receive(item_id, index, response_id, fmt)
        whole = part.take(audio)
        if part.state == "unheard":
            self._speech.unheard(len(audio), fmt, now)
        return (Play(item_id, index, whole),) if part.sounds and whole else ()

    def _audio_done(self, event: Mapping[str, Any]) -> tuple[Command, ...]:
        item_id, index, response_id = _place(event)
        part = self._speech.part(item_id, index)
        # An interrupted answer is declared done too; that is not its end.
        if part is None or part.ended or part.state == "cut" or self._responses.is_silenced(response_id):
            return ()
        part.ended = True
        return (EndOfAudio(item_id, index),) if part.sounds else ()

    def _speech_started(self, now: float) -> tuple[Command, ...]:
        self.user_speaking = True
        if not self._settings.service_interrupts:
            return ()
        return self._silence("barge_in", now, truncate=not self._settings.service_truncates, cancel=False)

    def _committed(self) -> tuple[Command, ...]:
        self.user_speaking = False
        if self.manual or self._settings.service_answers:
            return ()
        return self._once(sentences.ASK_YOURSELF)

    def _response_created(self, event: Mapping[str, Any]) -> tuple[Command, ...]:
        response_id = response_id_of(event)
        if not self._responses.created(response_id):
            return ()
        self._responses.silence()
        return tuple(self._send("response.cancel", response_id=key) for key in self._responses.cancel())

    def _response_done(self, event: Mapping[str, Any]) -> tuple[Command, ...]:
        self._responses.done(response_id_of(event))
        response = event.get("response")
        notice = complaints.outcome_notice(response) if isinstance(response, Mapping) else None
        notes = () if notice is None else (notice,)
        return (*notes, *(self._ask() if self._responses.wanted else ()))

    def _updated(self, event: Mapping[str, Any]) -> tuple[Command, ...]:
        self._settings.updated(event.get("session"))
        if not self.manual:
            self.talking = False
        if self.input_format is not None:
            return ()
        return self._once(sentences.UNSENDABLE)

    def _error(self, event: Mapping[str, Any]) -> tuple[Command, ...]:
        details = event.get("error")
        named = details if isinstance(details, Mapping) else {}
        if self._settings.refused(named.get("event_id")):
            return (complaints.refused_update(details),)
        refused = self._responses.refused(named.get("event_id"), named.get("code"))
        if refused and self._responses.wanted:
            # Another answer was faster; ours is asked for again when that one is done.
            return ()
        return (complaints.error_notice(details),)

    # What several of them need.

    def _silence(self, reason: Any, now: float, *, truncate: bool, cancel: bool) -> tuple[Command, ...]:
        commands: list[Command] = []
        for part in self._speech.cut():
            self._responses.silence_one(part.response_id)
            commands = [Flush(reason)]
        if commands:
            self._flushes.append(truncate)
        self._speech.hush(now)
        self._responses.silence()
        if cancel:
            commands += [self._send("response.cancel", response_id=key) for key in self._responses.cancel()]
        return tuple(commands)

    def _talk_without_manual_turns(self, on: bool) -> tuple[Command, ...]:
        if self._settings.service_answers:
            return (sentences.SERVICE_DETECTS,) if on else ()
        return self._ask() if on else ()

    def _ask(self) -> tuple[Command, ...]:
        if self._responses.busy:
            self._responses.wanted = True
            return ()
        send = self._send("response.create")
        self._responses.asked(str(send.event["event_id"]))
        return (send,)

    def _update(self, session: Mapping[str, Any]) -> Send:
        send = self._send("session.update", session=session)
        self._settings.sent(str(send.event["event_id"]), session)
        return send

    def _once(self, notice: Notice) -> tuple[Command, ...]:
        if notice in self._told:
            return ()
        self._told.add(notice)
        return (notice,)

    def _send(self, kind: str, **fields: Any) -> Send:
        return Send({"type": kind, "event_id": self._ids.next(), **fields})


def _place(event: Mapping[str, Any]) -> tuple[str, int, str]:
    item_id, index = event.get("item_id"), event.get("content_index")
    return (item_id if isinstance(item_id, str) else "", index if type(index) is int else 0, response_id_of(event))
