"""The agent's side of a conversation: at most one response at a time, its pacing, its cancellation, and what was heard of it."""

from __future__ import annotations

from collections.abc import Sequence

from voicelive_tui.simulator.api.ids import Ids
from voicelive_tui.simulator.api.schema import JSON, Refused
from voicelive_tui.simulator.dialogue.answers import NOT_AZURE, Told
from voicelive_tui.simulator.dialogue.items import Item, Items
from voicelive_tui.simulator.dialogue.outbox import Outbox
from voicelive_tui.simulator.dialogue.planning import make_plan
from voicelive_tui.simulator.dialogue.playback import Playback
from voicelive_tui.simulator.dialogue.rate_limits import RateLimits
from voicelive_tui.simulator.dialogue.response import Response
from voicelive_tui.simulator.dialogue.script import Script
from voicelive_tui.simulator.dialogue.session import Session
from voicelive_tui.simulator.sound.speech import Rendered


class Agent:
    """Starts, paces and ends responses; writes into the outbox and the items."""

    def __init__(self, session: Session, items: Items, ids: Ids, outbox: Outbox, script: Script, remark: str) -> None:
        """`remark` is what the voice must have said about it."""
        self._session = session
        self._items = items
        self._ids = ids
        self._outbox = outbox
        self._script = script
        self._limits = RateLimits()
        self._active: Response | None = None
        self._playback = Playback()
        self._remark = remark
        self._introduced = False
        self._conversation_id = ids.new("conv")
        self.turn = 0
        self.has_spoken = False

    @property
    def busy(self) -> bool:
        return self._active is not None

    @property
    def due_s(self) -> float | None:
        return self._active.due_s if self._active else None

    def start(self, params: JSON, context: Sequence[Item], now_s: float) -> None:
        """A response to `context`. Raises Refused while another one runs, unless asked to cancel it (protocol.md 13.3 and 14)."""
        if self._active and params.get("cancel_previous"):
            self._end("cancelled", "client_cancelled", now_s)
        if self._active:
            message = "Conversation already has an active response."
            raise Refused(message, code="conversation_already_has_active_response")
        told = Told(self.turn, introduced=self._introduced, remark=self._remark)
        plan = make_plan(params, self._session, context, told, self._conversation_id)
        response = Response(self._ids.new("resp"), self._ids.new("item"), plan, now_s)
        self._active = response
        self._outbox.send(response.created())
        if plan.speaks:
            self._outbox.render(response.id, plan.text, plan.output_audio_format)
        else:
            response.schedule(None, now_s)

    def rendered(self, response_id: str, rendered: Rendered, now_s: float) -> None:
        """The voice is ready; too late for a response that was cancelled meanwhile."""
        if self._active and self._active.id == response_id:
            self._active.schedule(rendered, now_s)

    def failed(self, response_id: str, message: str, now_s: float) -> None:
        """The voice failed: the response fails, the session goes on."""
        if self._active and self._active.id == response_id:
            self._end("failed", None, now_s, error={"type": "server_error", "code": "voice_failed", "message": message})

    def tick(self, now_s: float) -> None:
        """Sends what is due, and the end when nothing is left."""
        response = self._active
        if response is None or response.due_s is None or response.due_s > now_s:
            return
        if not response.opened:
            self._open(response)
        for event in response.take(now_s):
            self._outbox.send(event)
        if response.has_audio:
            self.has_spoken = True
            self._playback.begin(response.item, now_s)
        if response.finished:
            self._end("completed", None, now_s)

    def _open(self, response: Response) -> None:
        """The item is announced twice: as the response's output and as the conversation's item (protocol.md 5)."""
        added, part_added = response.open()
        self._outbox.send(added)
        if not response.plan.out_of_band:
            previous = self._items.add(response.item)
            self._outbox.send({"type": "conversation.item.created", "previous_item_id": previous, "item": added["item"]})
        self._outbox.send(part_added)

    def cancel(self, response_id: str | None, now_s: float) -> None:
        """response.cancel. Raises Refused when that response, or any, is not running."""
        if self._active is None or (response_id is not None and response_id != self._active.id):
            raise Refused("Cancellation failed: no active response found", code="response_cancel_not_active")
        self._end("cancelled", "client_cancelled", now_s)

    def interrupt(self, now_s: float, *, auto_truncate: bool, appended: str) -> None:
        """Barge-in (protocol.md 15.5): ends the running response; truncates what would still be playing in real time."""
        if self._active:
            self._end("cancelled", "turn_detected", now_s)
        for item, heard_ms in self._playback.stop(now_s):
            if auto_truncate and self._items.holds(item):
                self.truncate(item.id, 0, heard_ms, appended)

    def truncate(self, item_id: str, content_index: int, audio_end_ms: int, appended: str = "") -> None:
        """At the client's wish or by itself. Raises Refused for what cannot be cut there."""
        self._items.truncate(item_id, content_index, audio_end_ms, appended)
        truncated = {"type": "conversation.item.truncated", "item_id": item_id, "content_index": content_index}
        self._outbox.send({**truncated, "audio_end_ms": audio_end_ms})

    def _end(self, status: str, reason: str | None, now_s: float, *, error: JSON | None = None) -> None:
        response, self._active = self._active, None
        if response is None:
            return
        self._introduced = self._introduced or NOT_AZURE in response.transcript
        for event in response.close(status, reason, error):
            self._outbox.send(event)
        self._outbox.send(self._limits.used(response.usage(done=True)["total_tokens"], now_s))
