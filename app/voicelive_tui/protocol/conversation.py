"""The conversation with the service over one connection, sans I/O.

Methods take the time as `now`, in seconds on the caller's clock, and return the commands to carry
out. The machine reads no clock: its caller calls `tick` when `due_s` has come.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from voicelive_tui.model.events.canonical import canonical
from voicelive_tui.model.events.event_types import is_error
from voicelive_tui.model.events.fields import get_count, get_object, get_str
from voicelive_tui.model.formats import AudioFormat
from voicelive_tui.protocol import error_notices, notices
from voicelive_tui.protocol.carry_over import CarryOver
from voicelive_tui.protocol.commands import Command, Send, SendAudio, SpeakFile
from voicelive_tui.protocol.configuration import Configuration
from voicelive_tui.protocol.expected_response import ExpectedResponse
from voicelive_tui.protocol.expiry import Expiry, ExpiryRenewal, ExpiryWarnings
from voicelive_tui.protocol.input_audio import InputAudio
from voicelive_tui.protocol.message_queue import MessageQueue, typed_item
from voicelive_tui.protocol.notices import OncePerSession
from voicelive_tui.protocol.output_audio import OutputAudio, Played
from voicelive_tui.protocol.response_control import ResponseControl
from voicelive_tui.protocol.resumption import Resumption
from voicelive_tui.protocol.session_refusal import SessionRefusal
from voicelive_tui.protocol.settings_updates import SettingsUpdates
from voicelive_tui.protocol.status import ConversationStatus
from voicelive_tui.protocol.tool_calls import ToolCalls
from voicelive_tui.protocol.wire import EventIds


class Conversation:
    """The protocol machine (protocol.md sections 6 and 15)."""

    def __init__(
        self,
        session: Mapping[str, Any],
        ids: EventIds,
        *,
        once: OncePerSession | None = None,
        messages: MessageQueue | None = None,
        greeting: Mapping[str, Any] | None = None,
        renews: bool = False,
        unix_offset_s: float = 0.0,
    ) -> None:
        """session: the wire's session object, as the profile has it. once: the notices that the
        session has shown over its earlier connections. messages: the typed messages of the
        session that wait to be sent. greeting: the fields of the `response.create` that lets the
        agent speak first; None if it does not. renews: `Renew` is wanted before the service
        ends the session, instead of warnings. unix_offset_s: unix time minus the time on
        the caller's clock, in seconds."""
        self._ids = ids
        self._unix_offset_s = unix_offset_s
        self._settings = Configuration(session)
        self._once = once or OncePerSession()
        self._messages = messages or MessageQueue()
        self._output = OutputAudio()
        self._input = InputAudio(self._settings, self._send)
        self._responses = ResponseControl(self._settings, self._output, self._send, self._once)
        self._tools = ToolCalls()
        self._expected = ExpectedResponse()
        self._expiry: Expiry = ExpiryRenewal() if renews else ExpiryWarnings()
        self._resumption = Resumption(self._send)
        self._refusal = SessionRefusal()
        self._greeting = greeting
        """What is requested as soon as the settings are in force; None once it is, or when the
        user was faster."""
        self._greets = greeting is not None
        """Whether the greeting is still to be requested or heard, as far as the file in place of
        the microphone waits for it."""
        self._file_waits = False
        """Whether the file in place of the microphone is spoken after the greeting."""
        self.user_speaking = False
        """Whether the service hears the user."""

    # What a snapshot shows.

    @property
    def manual(self) -> bool:
        """Whether the user opens and commits turns by hand, according to the service's effective
        settings."""
        return self._settings.manual

    @property
    def settings_revision(self) -> int:
        """Counts the changes of the settings in force, the formats included, and of `ready`."""
        return self._settings.revision

    @property
    def input_format(self) -> AudioFormat | None:
        """The format of the microphone's audio; None if this version cannot send it."""
        return self._settings.input_format

    @property
    def output_format(self) -> AudioFormat | None:
        """The format of the assistant's audio; None if this version cannot play it."""
        return self._settings.output_format

    @property
    def expires_at_unix_s(self) -> int | None:
        """When the service will end the session; None if it has not said."""
        return get_count(self._settings.effective or {}, "expires_at") or None

    def turn_open(self, now: float) -> bool:
        """Whether the turn is not over: the user speaks, a typed message waits to be sent, an
        answer is expected or being received, or its last sample has not been heard.

        A turn to which no answer will come, such as one that ended with a function call, is over.
        """
        return self.user_turn_open or bool(self._messages.waiting) or self._answer_outstanding(now)

    def _answer_outstanding(self, now: float) -> bool:
        return (
            self._greeting is not None
            or self._expected.expected
            or self._tools.running
            or self._responses.answer_open(now)
        )

    @property
    def ready(self) -> bool:
        """Whether the service accepts the microphone: the settings are in force or refused, or it
        has not answered them in time."""
        return self._settings.ready

    @property
    def settings_refused(self) -> bool:
        """Whether the service has refused the settings and accepted none."""
        return self._settings.settled and not self._settings.accepted

    @property
    def updates(self) -> SettingsUpdates:
        """The updates of the settings: what waits, what needs a new connection, what was
        refused."""
        return self._settings.updates

    @property
    def talking(self) -> bool:
        """Whether a manual turn is open."""
        return self._input.talking

    @property
    def user_turn_open(self) -> bool:
        """Whether the user is in the middle of a turn."""
        return self.user_speaking or self.talking

    def answer_pending(self, now: float) -> bool:
        """Whether the user has said all of a turn whose answer is still to come or to be heard."""
        return self._answer_outstanding(now) and not self.user_turn_open

    @property
    def listens(self) -> bool:
        """Whether the microphone is open: always, or in manual turns only."""
        return self.talking or not self.manual

    def assistant_speaking(self, now: float) -> bool:
        """Audio of the assistant leaves the speaker or waits for it, or would if the session had
        one."""
        return self._output.speaking(now)

    def status(self, now: float) -> ConversationStatus:
        """The state as a snapshot shows it."""
        return ConversationStatus(
            self.manual,
            ready=self.ready,
            talking=self.talking,
            user_speaking=self.user_speaking,
            assistant_speaking=self.assistant_speaking(now),
            turn_open=self.turn_open(now),
        )

    # What time brings.

    @property
    def due_s(self) -> float | None:
        """When `tick` has something to do, on the caller's clock; None while nothing is due."""
        parts = (
            self._settings,
            self._input,
            self._expiry,
            self._output,
            self._refusal,
            self._responses,
        )
        dues = [due_s for part in parts if (due_s := part.due_s) is not None]
        if self._messages.waiting and self._expected.overdue_s is not None:
            dues.append(self._expected.overdue_s)
        return min(dues) if dues else None

    def tick(self, now: float) -> tuple[Command, ...]:
        """Do all that is due by `now`, however late the call is. A snapshot may have changed even
        when there is no command."""
        self._settings.tick(now)
        self._output.tick(now)
        self._expected.tick(now)
        expiry = self._expiry.tick(now, turn_open=self.turn_open(now))
        refusal = self._refusal.tick(now)
        commands = (
            *expiry,
            *self._input.begin_repeating(now),
            *self._input.tick(now),
            *(self._commit_turn() if self._input.turn_spoken else ()),
            *refusal,
            *self._responses.tick(now),
            *self._send_settings(now),
            *self._carry_when_ready(),
            *self._greet_when_ready(),
            *self.send_waiting(),
            *self.speak_waiting_file(now),
        )
        self._responses.watch_request(now)
        return commands

    # What the user and the engine do.

    def opened(self, now: float) -> tuple[Command, ...]:
        """Send the settings, because the socket is open."""
        return (self._update(self._settings.opened(now), now),)

    def continue_turn(self, previous: "Conversation") -> None:
        """Open a manual turn if one was open in the conversation of the lost connection."""
        if previous.talking:
            self._input.open_turn()

    @property
    def carried_over(self) -> bool:
        """Whether the service has been given the conversation of an earlier connection."""
        return self._resumption.done

    def resume(self, carry_over: CarryOver, *, agent_conversation: str = "") -> None:
        """Go on with the conversation of an earlier connection; to be called before `opened`.

        The items are sent behind the settings, and no answer is requested. agent_conversation: the
        `conversation-id` of the socket's query if it goes on with an agent's conversation, which
        makes the items superfluous. What goes on needs no greeting.
        """
        if carry_over.items or agent_conversation:
            self._drop_greeting()
        self._resumption.resume(carry_over, agent_conversation)

    def request_answer(self) -> tuple[Command, ...]:
        """Request an answer to what the user said last, as for a turn whose answer was lost with
        the connection."""
        return (*self._carry(), *self._responses.request_response())

    def repeat_speech(self, audio: bytes, audio_format: AudioFormat) -> None:
        """Ask a spoken question once more: its audio is sent in place of the microphone, as soon as
        the settings are in force and what was carried over is sent."""
        self._drop_greeting()
        self._input.repeat(audio, audio_format)

    def speech_converted(
        self, audio: bytes | None, audio_format: AudioFormat, now: float
    ) -> tuple[Command, ...]:
        """Take the answer to a `ConvertSpeech`. audio: None if the speech cannot be converted."""
        return self._input.converted(audio, audio_format, now)

    def update(self, session: Mapping[str, Any], now: float) -> tuple[Command, ...]:
        """Send the settings that changed when the profile was edited, as soon as the service has
        answered the update before. A notice names those that need a new connection."""
        updates = self._settings.updates
        before = set(updates.held)
        self._settings.want(session)
        held = [key for key in updates.held if key not in before]
        notes = (notices.held_settings(held),) if held else ()
        return (*self._send_settings(now), *notes)

    def microphone(
        self, audio: bytes, now: float, captured_at_s: float | None = None
    ) -> tuple[SendAudio, ...]:
        """Send a block of microphone audio in `input_format`. Returns nothing while the turn is
        closed or `ready` is False.

        captured_at_s: when the microphone heard its last frame, on the caller's clock.
        """
        return self._input.microphone(audio, now, captured_at_s)

    def send_text(self, text: str, now: float) -> tuple[Command, ...]:
        """Send a typed message and request its answer, as soon as the service has finished the
        response before, and the messages before have theirs."""
        self._messages.add(text, now)
        commands = self.send_waiting()
        self._responses.watch_request(now)
        return commands

    def send_waiting(self) -> tuple[Command, ...]:
        """Send the first of the waiting messages, unless the service has still to finish a
        response, or the user is speaking.

        A response that the service begins by itself is waited for until it is overdue.
        """
        if not self._messages.waiting or self.user_turn_open or self._greeting is not None:
            return ()
        if not self._responses.free or self._expected.overdue_s is not None:
            return ()
        return self._send_messages(self._messages.take())

    def _send_messages(self, texts: Iterable[str]) -> tuple[Command, ...]:
        """Send these messages, and request one answer to them."""
        carried = self._carry()
        items = [self._send("conversation.item.create", item=typed_item(text)) for text in texts]
        return (*carried, *items, *self._responses.request_response())

    def toggle_talk(self, *, file: bool = False) -> tuple[Command, ...]:
        """Open a manual turn, or commit it and request the answer. If the service detects turns,
        request the answer that it does not give by itself.

        file: a file is in place of the microphone. It is played in each manual turn; if the service
        detects turns, all that there is to do is to play it once more.
        """
        if not self.manual:
            return (SpeakFile(),) if file else self._talk_without_manual_turns()
        if self.talking:
            return self._commit_turn()
        self._drop_greeting()
        self._input.open_turn()
        begin = (*self._responses.stop(), self._send("input_audio_buffer.clear"))
        return (*begin, SpeakFile()) if file else begin

    def file_usable(self, now: float) -> tuple[Command, ...]:
        """Note that a file is in place of the microphone of a session that has just got the
        devices: it is played now, unless it waits for a manual turn or for the end of the
        greeting."""
        if self.manual:
            return ()
        self._file_waits = True
        return self.speak_waiting_file(now)

    def speak_waiting_file(self, now: float) -> tuple[Command, ...]:
        """Play the file in place of the microphone that waits for the end of the greeting; nothing
        if none does."""
        if not self._file_waits or (self._greets and self._answer_outstanding(now)):
            return ()
        self._file_waits = self._greets = False
        return (SpeakFile(),)

    def interrupt(self, now: float) -> tuple[Command, ...]:
        """Stop the assistant, for the user, and send all waiting messages at once; they get one
        answer."""
        self._drop_greeting()
        waiting = self._messages.take_all()
        if not waiting and not self._responses.busy(now):
            return (notices.NOTHING_TO_INTERRUPT,)
        return (
            *self._responses.stop(),
            *(self._send_messages(waiting) if waiting else ()),
        )

    def audible(self) -> None:
        """Note that this session has a speaker from now on."""
        self._responses.audible()

    def inaudible(self) -> tuple[Command, ...]:
        """Note that this session has no speaker any more."""
        return self._responses.inaudible()

    def off_air(self) -> tuple[Command, ...]:
        """Note that microphone and speaker belong to another session: an open manual turn ends
        without an answer."""
        if not self.talking:
            return self._responses.inaudible()
        self._input.close_turn()
        return (*self._responses.inaudible(), self._send("input_audio_buffer.clear"))

    def flushed(self, parts: Iterable[Played]) -> tuple[Command, ...]:
        """Take the speaker's answer to the oldest open `Flush`."""
        return self._responses.flushed(parts)

    def drained(self, part: Played) -> None:
        """Note that the speaker has played a part to its end."""
        self._output.drained(part)

    def speaker_lost(self, part: Played) -> None:
        """Note that the speaker went away in the middle of a part, whose rest is never played."""
        self._output.lost(part)

    # What the service says.

    def receive(
        self, event: Mapping[str, Any], now: float, *, audio: bytes | None = None
    ) -> tuple[Command, ...]:
        """Handle an event of the service. Types that this version does not know change nothing
        here; the journal has them.

        audio: the decoded base64 of the event; None for an event without any, and for base64 that
        is not valid.
        """
        if not is_error(event):
            self._refusal.created()
        commands = self._handle(event, audio, now)
        self._input.follow(self.user_speaking, now)
        commands = (
            *commands,
            *self._send_settings(now),
            *self._carry_when_ready(),
            *self._greet_when_ready(),
            *self._input.begin_repeating(now),
            *self.send_waiting(),
            *self.speak_waiting_file(now),
        )
        self._responses.watch_request(now)
        return commands

    def _handle(
        self, event: Mapping[str, Any], audio: bytes | None, now: float
    ) -> tuple[Command, ...]:
        match canonical(str(event.get("type"))):
            case "response.audio.delta":
                self._settings.updates.answer_spoken()
                return self._responses.audio(event, audio, now)
            case "response.audio.done":
                return self._responses.audio_done(event)
            case "input_audio_buffer.speech_started":
                return self._speech_began()
            case "input_audio_buffer.speech_stopped":
                self._speech_ended(event, now)
            case "input_audio_buffer.cleared":
                self.user_speaking = False
                self._expected.fulfilled()
            case "input_audio_buffer.committed":
                return self._committed(event, now)
            case "response.created":
                self._expected.fulfilled()
                return self._responses.created(event)
            case "response.done":
                self._tools.response_done(event)
                return self._responses.done(event)
            case "session.created":
                self._created(event, now)
            case "session.updated":
                return self._updated(event, now)
            case "error":
                return self._error(event, now)
            case "warning":
                return (error_notices.warning_notice(event.get("warning")),)
            case "conversation.item.input_audio_transcription.failed":
                return (error_notices.untranscribed(event.get("error")),)
            case "response.mcp_call.completed" | "response.mcp_call.failed":
                return self._tool_ran(event)
            case _:
                return self._tools.receive(event)
        return ()

    def _tool_ran(self, event: Mapping[str, Any]) -> tuple[Command, ...]:
        # The service runs the tool, but only a further response lets the model use the result
        # (protocol.md 15.7).
        self._tools.ran(event)
        return self._responses.request_response()

    def _created(self, event: Mapping[str, Any], now: float) -> None:
        self._settings.created(event.get("session"))
        self._watch_expiry(now)

    def _speech_began(self) -> tuple[Command, ...]:
        self.user_speaking = True
        self._expected.speech_started()
        return self._responses.barge_in()

    def _speech_ended(self, event: Mapping[str, Any], now: float) -> None:
        self.user_speaking = False
        if not self.manual and self._settings.service_answers:
            self._expected.speech_ended(get_str(event, "item_id"), now)

    def _committed(self, event: Mapping[str, Any], now: float) -> tuple[Command, ...]:
        self._speech_ended(event, now)
        return (
            ()
            if self.manual or self._settings.service_answers
            else self._once.once(notices.NO_AUTOMATIC_RESPONSE)
        )

    def _updated(self, event: Mapping[str, Any], now: float) -> tuple[Command, ...]:
        self._settings.updated(event.get("session"))
        self._watch_expiry(now)
        if not self.manual:
            self._input.close_turn()
        unknown = self._settings.names_unknown_input
        return self._once.once(notices.UNSENDABLE) if unknown else ()

    def _error(self, event: Mapping[str, Any], now: float) -> tuple[Command, ...]:
        details, named = event.get("error"), get_object(event, "error")
        if (notes := self._resumption.refused(named)) is not None:
            return notes
        if not named.get("event_id") and self._refusal.error(details, now):
            return (error_notices.error_notice(details),)
        refused = self._settings.refused(named.get("event_id"), get_str(named, "param"))
        if refused is not None:
            return (error_notices.refused_update(details, refused),)
        if self._responses.refused(named.get("event_id"), named.get("code")):
            return ()
        return (error_notices.error_notice(details),)

    # What several of them need.

    def _watch_expiry(self, now: float) -> None:
        unix_s = self.expires_at_unix_s
        self._expiry.expires(None if unix_s is None else unix_s - self._unix_offset_s, now)

    def _talk_without_manual_turns(self) -> tuple[Command, ...]:
        if self._settings.service_answers:
            return (notices.SERVICE_DETECTS,)
        return self.request_answer()

    def _commit_turn(self) -> tuple[Command, ...]:
        self._input.close_turn()
        if self._input.turn_empty:
            return (notices.EMPTY_TURN, *self.send_waiting())
        return (self._send("input_audio_buffer.commit"), *self._responses.request_response())

    def _carry_when_ready(self) -> tuple[Command, ...]:
        return self._carry() if self.ready else ()

    def _carry(self) -> tuple[Command, ...]:
        return self._resumption.carry(self._settings.effective)

    def _drop_greeting(self) -> None:
        self._greeting, self._greets = None, False

    def _greet_when_ready(self) -> tuple[Command, ...]:
        """Request the greeting, unless the user already speaks."""
        if self._greeting is None or not self.ready:
            return ()
        fields, self._greeting = self._greeting, None
        if self.user_turn_open or not self._responses.free:
            self._greets = False
            return ()
        return self._responses.request_response(**fields)

    def _send_settings(self, now: float) -> tuple[Command, ...]:
        changes = self._settings.updates.next_update(now)
        return (self._update(changes, now),) if changes else ()

    def _update(self, session: Mapping[str, Any], now: float) -> Send:
        send = self._send("session.update", session=dict(session))
        self._settings.updates.sent(str(send.event["event_id"]), session, now)
        return send

    def _send(self, kind: str, **fields: Any) -> Send:
        return Send({"type": kind, "event_id": self._ids.next(), **fields})
