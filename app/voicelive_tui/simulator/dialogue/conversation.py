"""A Voice Live session as the service sees it, sans I/O: client events, rendered speech and time in; events out.

The person's side runs in audio time (input_audio), the agent's in session time (clock); callers know their own clock only, as
`now_s`. Every method returns the effects in the order in which they must happen. An error never ends the session.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial

from voicelive_tui.simulator.api.handshake import Opening
from voicelive_tui.simulator.api.ids import Ids
from voicelive_tui.simulator.api.schema import JSON, Reading, Refused, names, nullable, shown, text
from voicelive_tui.simulator.dialogue.agent import Agent
from voicelive_tui.simulator.dialogue.clock import SessionClock
from voicelive_tui.simulator.dialogue.hearing import Hearing
from voicelive_tui.simulator.dialogue.item_fields import audio_bytes, build_item
from voicelive_tui.simulator.dialogue.items import Item, Items
from voicelive_tui.simulator.dialogue.listener import Listener
from voicelive_tui.simulator.dialogue.outbox import Effect, Outbox
from voicelive_tui.simulator.dialogue.response_params import ResponseParams, read_params
from voicelive_tui.simulator.dialogue.script import NoScript, Script
from voicelive_tui.simulator.dialogue.session import Progress, Session
from voicelive_tui.simulator.sound.input_audio import InputFormat
from voicelive_tui.simulator.sound.speech import Rendered

MOST_APPENDED_BYTES = 15 * 2**20  # protocol.md 3
MOST_WARNINGS = 20  # to one client event
LONGEST_ID = 512
HANDLED = (
    "session.update", "input_audio_buffer.append", "input_audio_buffer.clear", "input_audio_buffer.commit",
    "conversation.item.create", "conversation.item.delete", "conversation.item.retrieve", "conversation.item.truncate",
    "response.create", "response.cancel", "output_audio_buffer.clear", "session.avatar.connect",
)  # fmt: skip
MODELLED_ONLY = (
    "input_audio.clear", "input_audio.turn.start", "input_audio.turn.append", "input_audio.turn.end", "input_audio.turn.cancel",
    "input_text.delta", "input_text.done",
)  # fmt: skip


class Conversation:
    """One client's session, from session.created to the close."""

    def __init__(self, opening: Opening, ids: Ids, expires_at: int, voice_remark: str = "", script: Script | None = None) -> None:
        """`expires_at` in unix seconds; `voice_remark` is the Voice's; `script` puts words into mouths."""
        script = script or NoScript()
        self._ids = ids
        self._clock = SessionClock()
        self._waiting: deque[Callable[[float], None]] = deque()
        self._outbox = Outbox(ids)
        self._session = Session(opening, ids.new("sess"), expires_at)
        self._items = Items()
        self._agent = Agent(self._session, self._items, ids, self._outbox, script, voice_remark)
        self._listener = Listener(self._session, self._items, ids, self._outbox, self._agent, script)
        self._hearing = Hearing(self._clock, self._listener, self)

    @property
    def id(self) -> str:
        return self._session.id

    @property
    def due_s(self) -> float | None:
        """When `tick` has something to do, by the caller's clock."""
        due_s = None if self.waits_for_voice else self.next_due_s
        return None if due_s is None else self._clock.wall_s(due_s)

    @property
    def next_due_s(self) -> float | None:
        """The same in session time."""
        return min((at_s for at_s in (self._listener.due_s, self._agent.due_s) if at_s is not None), default=None)

    @property
    def voice_at_work(self) -> bool:
        return self._outbox.voice_at_work

    @property
    def waits_for_voice(self) -> bool:
        """Whether an append cannot go on before `rendered` or `render_failed`. Frames that come nonetheless are kept until then;
        a caller that holds them back keeps memory bounded."""
        return self._hearing.waits

    def pass_time(self, session_s: float) -> None:
        """Does all that is due by then, in session time."""
        self._agent.tick(session_s)
        self._listener.tick(session_s)

    def opened(self) -> list[Effect]:
        self._outbox.send({"type": "session.created", "session": self._session.wire()})
        return self._outbox.drain()

    def receive(self, event: object, now_s: float) -> list[Effect]:
        """One decoded client frame."""
        return self._in_turn(partial(self._receive, event), now_s)

    def undecodable(self, reason: str) -> list[Effect]:
        """A frame that is no JSON."""
        refused = Refused(f"The frame is not valid JSON: {reason}", code="invalid_json")
        return self._in_turn(lambda _: self._outbox.error(refused, None), 0.0)

    def _in_turn(self, work: Callable[[float], None], now_s: float) -> list[Effect]:
        if self.waits_for_voice:
            self._waiting.append(work)
        else:
            work(now_s)
        return self._outbox.drain()

    def rendered(self, response_id: str, rendered: Rendered, now_s: float) -> list[Effect]:
        self._outbox.render_done(response_id)
        self._agent.rendered(response_id, rendered, self._clock.now_s(now_s))
        self._go_on(now_s)
        return self._outbox.drain()

    def render_failed(self, response_id: str, message: str, now_s: float) -> list[Effect]:
        self._outbox.render_done(response_id)
        self._agent.failed(response_id, message, self._clock.now_s(now_s))
        self._go_on(now_s)
        return self._outbox.drain()

    def tick(self, now_s: float) -> list[Effect]:
        """Sends all that is due."""
        if not self.waits_for_voice:
            session_s, due_s = self._clock.now_s(now_s), self.next_due_s
            if due_s is not None and self._clock.wall_s(due_s) <= now_s:
                session_s = max(session_s, due_s)  # rounding must not make it too early for what is due
            self.pass_time(session_s)
        return self._outbox.drain()

    def _go_on(self, now_s: float) -> None:
        """The voice has delivered: what waited for it comes now, in order."""
        self._hearing.go_on(now_s)
        while self._waiting and not self.waits_for_voice:
            self._waiting.popleft()(now_s)

    def _receive(self, event: object, now_s: float) -> None:
        echoed: str | None = None
        try:
            if not isinstance(event, dict):
                raise Refused("Expected a JSON object.", code="invalid_type")
            echoed = _event_id(event)
            if event.get("type") == "input_audio_buffer.append":
                self._append(event, now_s)
            else:
                self._handle(event, self._clock.now_s(now_s))
        except Refused as refused:
            self._outbox.error(refused, echoed)

    def _handle(self, event: JSON, now_s: float) -> None:
        match event.get("type"):
            case "session.update":
                self._update(event)
            case "input_audio_buffer.commit":
                self._listener.commit(now_s)
            case "input_audio_buffer.clear":
                self._listener.clear()
            case "conversation.item.create":
                self._create_item(event)
            case "conversation.item.delete":
                item_id = _text(event, "item_id")
                self._items.delete(item_id)
                self._outbox.send({"type": "conversation.item.deleted", "item_id": item_id})
            case "conversation.item.retrieve":
                item = self._items.find(_text(event, "item_id"))
                self._outbox.send({"type": "conversation.item.retrieved", "item": item.shown()})
            case "conversation.item.truncate":
                self._truncate(event)
            case "response.create":
                self._create_response(event, now_s)
            case "response.cancel":
                self._agent.cancel(event.get("response_id"), now_s)
            case "output_audio_buffer.clear" | "session.avatar.connect" as name:
                raise Refused(
                    f"{name} belongs to avatar mode, which the simulator does not have.",
                    code="avatar_not_available",
                    param="type",
                )
            case name if name in MODELLED_ONLY:
                message = f"{name} is in the SDK's models but undocumented; the simulator does not guess what it does."
                raise Refused(message, code="not_simulated", param="type")
            case None:
                raise Refused("Missing required parameter: 'type'.", code="missing_required_parameter", param="type")
            case name:
                raise Refused(f"Invalid value: {shown(name)}. Supported values are: {names(HANDLED)}.", param="type")

    def _update(self, event: JSON) -> None:
        progress = Progress(audio_in=self._listener.received, audio_out=self._agent.has_spoken)
        if "session" not in event:
            raise Refused("Missing required parameter: 'session'.", code="missing_required_parameter", param="session")
        update = self._session.update(event["session"], progress)
        self._listener.configure()
        self._outbox.send({"type": "session.updated", "session": self._session.wire()})
        self._warn(update.unknown)
        for remark in update.remarks:
            self._warning(remark.message, remark.param, remark.code)

    def _warn(self, unknown: list[str]) -> None:
        """Unknown fields are left out and named, each in a warning (the event exists from 2026-04-10 on)."""
        if self._session.opening.api_date < "2026-04-10":
            return
        for path in unknown[:MOST_WARNINGS]:
            self._warning(f"Unknown parameter: {shown(path)}. The simulator ignores it.", path[:LONGEST_ID])
        if len(unknown) > MOST_WARNINGS:
            self._warning(f"{len(unknown) - MOST_WARNINGS} more unknown parameters are ignored.", None)

    def _warning(self, message: str, param: str | None, code: str = "unknown_parameter") -> None:
        """The event exists from 2026-04-10 on."""
        if self._session.opening.api_date >= "2026-04-10":
            self._outbox.send({"type": "warning", "warning": {"message": message, "code": code, "param": param}})

    @property
    def _input_format(self) -> InputFormat:
        return InputFormat(self._session["input_audio_format"], self._session["input_audio_sampling_rate"])

    def _append(self, event: JSON, now_s: float) -> None:
        audio = audio_bytes(event.get("audio"), "audio")
        if len(audio) > MOST_APPENDED_BYTES:
            raise Refused("Invalid 'audio': one append takes at most 15 MiB.", param="audio")
        self._hearing.append(audio, now_s)

    def _create_item(self, event: JSON) -> None:
        reading = Reading(self._session.opening.api_date)
        item = build_item(event.get("item"), reading, self._ids, self._input_format)
        self._items.refuse_uncalled(item)
        self._items.refuse_when_full()
        asked = nullable(text())(event.get("previous_item_id"), "previous_item_id", reading)
        previous = self._items.add(item, asked or None)
        if item.role == "user":
            self._agent.turn += 1
        self._outbox.send({"type": "conversation.item.created", "previous_item_id": previous, "item": item.shown()})
        self._warn(reading.unknown)

    def _truncate(self, event: JSON) -> None:
        item_id = _text(event, "item_id")
        content_index, audio_end_ms = _integer(event, "content_index"), _integer(event, "audio_end_ms")
        self._agent.truncate(item_id, content_index, audio_end_ms)

    def _create_response(self, event: JSON, now_s: float) -> None:
        reading = Reading(self._session.opening.api_date)
        params = read_params(event, self._session, reading)
        self._items.refuse_when_full()
        self._agent.start(params, self._context(params, reading), now_s)
        if not params.out_of_band:
            self._listener.answered()
        self._warn(reading.unknown)

    def _context(self, params: ResponseParams, reading: Reading) -> list[Item]:
        """What the model would see: the conversation or `input_items` instead, and `append_input_items` after it. Neither of the
        two enters the conversation."""

        def built(name: str) -> list[Item]:
            return [
                build_item(entry, reading, self._ids, self._input_format, param=f"response.{name}[{n}]")
                for n, entry in enumerate(params.items(name) or ())
            ]

        base = self._items.in_order() if params.items("input_items") is None else built("input_items")
        return [*base, *built("append_input_items")]


def _event_id(event: JSON) -> str | None:
    """What an error about this event echoes. Raises Refused for one too long to echo."""
    event_id = event.get("event_id")
    if not isinstance(event_id, str):
        return None
    if len(event_id) > LONGEST_ID:
        raise Refused(f"Invalid 'event_id': string too long. Expected at most {LONGEST_ID} characters.", param="event_id")
    return event_id


def _text(event: JSON, name: str) -> str:
    value = event.get(name)
    if value is None:
        raise Refused(f"Missing required parameter: '{name}'.", code="missing_required_parameter", param=name)
    if not isinstance(value, str):
        raise Refused(f"Invalid type for '{name}': expected a string.", code="invalid_type", param=name)
    return value


def _integer(event: JSON, name: str) -> int:
    value = event.get(name)
    if value is None:
        raise Refused(f"Missing required parameter: '{name}'.", code="missing_required_parameter", param=name)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise Refused(f"Invalid type for '{name}': expected an integer of 0 or more.", code="invalid_type", param=name)
    return value
