"""A Voice Live session as the service sees it, sans I/O: it takes client events, rendered speech
and time, and returns events.

The user's side runs in audio time (input_audio), the assistant's in session time (clock). Callers
know only their own clock, `now_s`. Every method returns the effects in the order in which they must
happen. An error never ends the session.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from functools import partial

from voicelive_simulator.api.client_events import echoed_id, read_event
from voicelive_simulator.api.errors import UNABLE, Refused, quote
from voicelive_simulator.api.handshake import Opening
from voicelive_simulator.api.ids import Ids
from voicelive_simulator.api.schema import JSON, Reading
from voicelive_simulator.api.session_rules import SessionProgress
from voicelive_simulator.dialogue.input.append import AppendReader
from voicelive_simulator.dialogue.input.turns import TurnListener
from voicelive_simulator.dialogue.item_requests import ItemRequests
from voicelive_simulator.dialogue.responses.params import read_params
from voicelive_simulator.dialogue.responses.scheduler import ResponseScheduler
from voicelive_simulator.dialogue.state.clock import SessionClock
from voicelive_simulator.dialogue.state.effects import Effect, EffectQueue
from voicelive_simulator.dialogue.state.item_fields import audio_bytes
from voicelive_simulator.dialogue.state.items import Items
from voicelive_simulator.dialogue.state.script import NoScript, Script
from voicelive_simulator.dialogue.state.session import SessionConfig
from voicelive_simulator.dialogue.tools.mcp import Mcp, may_add_servers
from voicelive_simulator.sound.speech import Rendered

MOST_APPENDED_BYTES = 15 * 2**20  # protocol.md 3
MOST_WARNINGS = 20  # per client event
LONGEST_NAMED = 512  # of an unknown parameter's path, in characters


class Conversation:
    """One client's session, from session.created to the close."""

    def __init__(
        self,
        opening: Opening,
        ids: Ids,
        expires_at: int,
        voice_remark: str = "",
        script: Script | None = None,
        unix_s: Callable[[], float] = time.time,
    ) -> None:
        """expires_at: in unix seconds. voice_remark: the Voice's remark. script: decides what is
        said and heard. unix_s: the clock for tools that return the time."""
        script = script or NoScript()
        self._clock = SessionClock()
        self._queued_calls: deque[Callable[[float], None]] = deque()
        self._effects = EffectQueue(ids)
        self._session = SessionConfig(opening, ids.new("sess"), expires_at)
        self._items = Items()
        ids.avoid(self._items)
        self._mcp = Mcp(self._items, ids, self._effects, script.mcp_servers, unix_s)
        self._scheduler = ResponseScheduler(
            self._session, self._items, ids, self._effects, script, self._mcp, voice_remark
        )
        self._requests = ItemRequests(
            self._session, self._items, ids, self._effects, self._scheduler
        )
        self._listener = TurnListener(
            self._session, self._items, ids, self._effects, self._scheduler, script
        )
        self._appends = AppendReader(self._clock, self._listener, self)

    @property
    def id(self) -> str:
        return self._session.id

    @property
    def due_s(self) -> float | None:
        """When `tick` next has something to do, by the caller's clock."""
        due_s = None if self.waits_for_voice else self.next_due_s
        return None if due_s is None else self._clock.wall_s(due_s)

    @property
    def next_due_s(self) -> float | None:
        """The same as `due_s`, in session time."""
        times = (self._listener.due_s, self._scheduler.due_s, self._mcp.due_s)
        return min((at_s for at_s in times if at_s is not None), default=None)

    @property
    def voice_at_work(self) -> bool:
        return self._effects.voice_at_work

    @property
    def waits_for_voice(self) -> bool:
        """Whether an append is suspended until `rendered` or `render_failed`. Frames that arrive
        meanwhile are queued; a caller that holds them back keeps memory bounded."""
        return self._appends.waits

    def advance_time(self, session_s: float) -> None:
        """Do everything that is due by then, in session time."""
        self._mcp.tick(session_s)
        self._scheduler.tick(session_s)
        self._listener.tick(session_s)

    def opened(self) -> list[Effect]:
        self._effects.send({"type": "session.created", "session": self._session.to_json()})
        return self._effects.drain()

    def receive(self, event: object, now_s: float) -> list[Effect]:
        """Process one decoded client frame."""
        return self._run_or_queue(partial(self._receive, event), now_s)

    def undecodable(self, reason: str) -> list[Effect]:
        """Process a frame that is not JSON."""
        refused = Refused(f"The frame is not valid JSON: {reason}", code="invalid_json")
        return self._run_or_queue(lambda _: self._effects.error(refused, None), 0.0)

    def _run_or_queue(self, call: Callable[[float], None], now_s: float) -> list[Effect]:
        if self.waits_for_voice:
            self._queued_calls.append(call)
        else:
            call(now_s)
        return self._effects.drain()

    def keep_detecting(self, on: bool) -> None:
        """Detect turns although `turn_detection` is null, or no longer, from the next audio on."""
        self._listener.keeps_detecting = on

    def wants_voice(self, response_id: str) -> bool:
        return self._effects.wants_voice(response_id)

    def rendered(self, response_id: str, rendered: Rendered, now_s: float) -> list[Effect]:
        self._effects.render_done(response_id)
        self._scheduler.rendered(response_id, rendered, self._clock.now_s(now_s))
        self._resume(now_s)
        return self._effects.drain()

    def render_failed(self, response_id: str, message: str, now_s: float) -> list[Effect]:
        self._effects.render_done(response_id)
        self._scheduler.failed(response_id, message, self._clock.now_s(now_s))
        self._resume(now_s)
        return self._effects.drain()

    def tick(self, now_s: float) -> list[Effect]:
        """Send everything that is due, in the order in which it became due, however late the call
        is."""
        if not self.waits_for_voice:
            session_s, done_s = self._clock.now_s(now_s), None
            # Something that was due and stays due is waiting for another event; it must not hold up
            # the rest.
            while (
                (due_s := self.next_due_s) is not None
                and due_s != done_s
                and self._clock.wall_s(due_s) <= now_s
            ):
                self.advance_time(due_s)
                done_s = due_s
            self.advance_time(session_s if done_s is None else max(session_s, done_s))
        return self._effects.drain()

    def _resume(self, now_s: float) -> None:
        """Continue what was waiting for the voice, in order."""
        self._appends.resume(now_s)
        while self._queued_calls and not self.waits_for_voice:
            self._queued_calls.popleft()(now_s)

    def _receive(self, event: object, now_s: float) -> None:
        echoed: str | None = None
        try:
            if not isinstance(event, dict):
                raise Refused("Expected a JSON object.", code="invalid_type")
            echoed = echoed_id(event)
            reading = self._reading()
            fields = read_event(event, reading)
            if fields["type"] == "input_audio_buffer.append":
                self._append(fields, now_s)  # unknown fields would be reported fifty times a second
            else:
                self._handle(fields, self._clock.now_s(now_s))
                self._warn(reading.unknown)
        except Refused as refused:
            self._effects.error(refused, echoed)

    def _handle(self, event: JSON, now_s: float) -> None:
        """Handle a checked event; `now_s` in session time."""
        match event["type"]:
            case "session.update":
                self._update(event, now_s)
            case "input_audio_buffer.commit":
                self._listener.commit(now_s)
            case "input_audio_buffer.clear":
                self._listener.clear()
            case "conversation.item.create":
                self._create_item(event, now_s)
            case "conversation.item.delete":
                self._requests.delete(event)
            case "conversation.item.retrieve":
                self._requests.retrieve(event)
            case "conversation.item.truncate":
                self._scheduler.truncate(
                    event["item_id"], event["content_index"], event["audio_end_ms"]
                )
            case "input_text.delta":
                self._requests.text_delta(event)
            case "input_text.done":
                self._requests.text_done(event)
            case "response.create":
                self._create_response(event, now_s)
            case "response.cancel":
                self._scheduler.cancel(event.get("response_id"), now_s)
            case name:
                message = f"{name} belongs to avatar mode, which the simulator does not have."
                raise Refused(message, code="avatar_not_available", param="type", error_type=UNABLE)

    def _update(self, event: JSON, now_s: float) -> None:
        if may_add_servers(event["session"]):
            self._items.refuse_when_full()
        progress = SessionProgress(
            audio_in=self._listener.received, audio_out=self._scheduler.has_spoken
        )
        update = self._session.update(event["session"], progress)
        self._listener.configure()
        self._effects.send({"type": "session.updated", "session": self._session.to_json()})
        self._warn(update.unknown)
        for remark in update.remarks:
            self._warning(remark.message, remark.param, remark.code)
        if "tools" in event["session"]:
            self._mcp.configure(self._session["tools"] or (), now_s)

    def _warn(self, unknown: list[str]) -> None:
        """Send a warning for each unknown field; the fields themselves are ignored."""
        for path in unknown[:MOST_WARNINGS]:
            self._warning(
                f"Unknown parameter: {quote(path)}. The simulator ignores it.", path[:LONGEST_NAMED]
            )
        if len(unknown) > MOST_WARNINGS:
            self._warning(
                f"{len(unknown) - MOST_WARNINGS} more unknown parameters are ignored.", None
            )

    def _warning(self, message: str, param: str | None, code: str = "unknown_parameter") -> None:
        """Send a warning. Before 2026-04-10, which introduced the event, it goes to the simulator's
        log and journal."""
        if self._session.opening.api_date >= "2026-04-10":
            self._effects.warning(message, code=code, param=param)
        else:
            self._effects.remark(code, param or "more")

    def _reading(self) -> Reading:
        return Reading(self._session.opening.api_date)

    def _append(self, event: JSON, now_s: float) -> None:
        audio = audio_bytes(event["audio"], "audio")
        if len(audio) > MOST_APPENDED_BYTES:
            raise Refused("Invalid 'audio': one append takes at most 15 MiB.", param="audio")
        self._appends.append(audio, now_s)

    def _create_item(self, event: JSON, now_s: float) -> None:
        reading = self._reading()
        self._requests.create(event, reading, now_s)
        self._warn(reading.unknown)

    def _create_response(self, event: JSON, now_s: float) -> None:
        reading = self._reading()
        params = read_params(event, self._session, reading)
        self._items.refuse_when_full()
        self._scheduler.start(params, self._requests.context(params, reading), now_s)
        if not params.out_of_band:
            self._listener.cancel_pending_response()
        self._warn(reading.unknown)
