"""The assistant's side of a conversation: its responses, their pacing and cancellation, and what
was heard of them.

Only one response at a time writes into the conversation. Out-of-band responses (`conversation:
"none"`) run beside it and beside each other; only response.cancel with their id ends them early.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from voicelive_simulator.api.errors import Refused
from voicelive_simulator.api.ids import Ids
from voicelive_simulator.api.schema import JSON
from voicelive_simulator.dialogue.outputs.make_outputs import make_outputs
from voicelive_simulator.dialogue.outputs.mcp_calls import McpCalls
from voicelive_simulator.dialogue.outputs.plan import ResponsePlan
from voicelive_simulator.dialogue.responses.assumed_playback import Playback
from voicelive_simulator.dialogue.responses.params import ResponseParams
from voicelive_simulator.dialogue.responses.planning import approved_plan, make_plan, situation
from voicelive_simulator.dialogue.responses.rate_limits import RateLimits
from voicelive_simulator.dialogue.responses.response import Response
from voicelive_simulator.dialogue.responses.sound_check import NOT_AZURE, ReplyContext
from voicelive_simulator.dialogue.state.effects import EffectQueue
from voicelive_simulator.dialogue.state.items import Item, Items
from voicelive_simulator.dialogue.state.mcp_target import Target
from voicelive_simulator.dialogue.state.script import Call, Reply, Script
from voicelive_simulator.dialogue.state.session import SessionConfig
from voicelive_simulator.dialogue.state.usage import PromptCache, item_part, prompt_part
from voicelive_simulator.dialogue.tools.mcp import Mcp
from voicelive_simulator.dialogue.tools.mcp_catalog import Offers
from voicelive_simulator.sound.prosody import prosody_of
from voicelive_simulator.sound.speech import Rendered

# Out-of-band responses at a time: each may hold four minutes of rendered speech.
MOST_OUT_OF_BAND = 8


class ResponseScheduler:
    """Starts, paces and ends responses; sends their events and adds their items."""

    def __init__(
        self,
        session: SessionConfig,
        items: Items,
        ids: Ids,
        effects: EffectQueue,
        script: Script,
        mcp: Mcp,
        voice_remark: str,
    ) -> None:
        """remark: what the assistant has to say about its voice."""
        self._session = session
        self._items = items
        self._ids = ids
        self._effects = effects
        self._script = script
        self._mcp = mcp
        self._calls = McpCalls(effects)
        self._approved_plans: deque[ResponsePlan] = deque()
        self._approved_due_s = 0.0  # when approved calls could begin, if no response is running
        self._limits = RateLimits()
        self._cache = PromptCache()
        self._active: Response | None = None
        self._out_of_band: dict[str, Response] = {}
        self._playback = Playback()
        self._voice_remark = voice_remark
        self._introduced = False
        self._conversation_id = ids.new("conv")
        self.turn = 0
        self.has_spoken = False

    @property
    def busy(self) -> bool:
        """Whether a response is writing into the conversation."""
        return self._active is not None

    def speaking(self, now_s: float) -> bool:
        """Whether a client that plays in real time is still playing the assistant's audio."""
        return self._playback.playing(now_s)

    @property
    def _running(self) -> list[Response]:
        return [*([self._active] if self._active else []), *self._out_of_band.values()]

    @property
    def due_s(self) -> float | None:
        approved_s = self._approved_due_s if self._approved_plans and not self._active else None
        times = (self._calls.due_s, approved_s, *(response.due_s for response in self._running))
        return min((due_s for due_s in times if due_s is not None), default=None)

    def respond(self, now_s: float) -> None:
        """Start turn detection's own response. Raises Refused while another one is running."""
        self.start(ResponseParams({}, self._session), self._items.in_order(), now_s)

    def start(self, params: ResponseParams, context: Sequence[Item], now_s: float) -> None:
        """Start a response to `context`. Raises Refused while another one writes into the
        conversation, unless it is to be cancelled (protocol.md 13.3 and 14)."""
        self._refuse_too_many(params)
        if self._active and params.cancels_previous:
            self._end(self._active, "cancelled", now_s, reason="client_cancelled")
        reply = None if params.verbatim else self._script.replies(situation(context, self.turn))
        offers = {} if params.verbatim else self._mcp.offers(params.tool_choice.tools, now_s)
        plan = self._plan(params, context, reply, offers)
        for fault in reply.faults if reply else ():
            self._effects.arm(fault)
        response = self._begin(plan, now_s)
        if response.message and plan.speaks:
            self._effects.render(
                response.id, plan.text, plan.output_audio_format, prosody_of(params.voice)
            )

    def _begin(self, plan: ResponsePlan, now_s: float) -> Response:
        response_id = self._ids.new("resp")
        items = None if plan.out_of_band else self._items
        response = Response(
            response_id, plan, make_outputs(plan, response_id, self._ids), items, now_s
        )
        if plan.out_of_band:
            self._out_of_band[response.id] = response
        else:
            self._active = response
        self._effects.send(response.created())
        return response

    def run_approved(self, request: Item, target: Target, now_s: float) -> None:
        """Start an MCP call that the client has approved: it runs in a response of its own, after
        the one that is running."""
        call = Call(request.wire["name"], request.wire["arguments"], request.wire["server_label"])
        params = ResponseParams({}, self._session)
        self._approved_plans.append(
            approved_plan(params, call, target, request.id, self._conversation_id)
        )
        self._approved_due_s = now_s

    def _refuse_too_many(self, params: ResponseParams) -> None:
        if not params.out_of_band and not params.cancels_previous and self._active:
            message = "Conversation already has an active response."
            raise Refused(message, code="conversation_already_has_active_response")
        if params.out_of_band and len(self._out_of_band) >= MOST_OUT_OF_BAND:
            message = (
                f"The simulator runs at most {MOST_OUT_OF_BAND} out-of-band responses at once."
            )
            raise Refused(message, code="too_many_out_of_band_responses")

    def _plan(
        self, params: ResponseParams, context: Sequence[Item], reply: Reply | None, offers: Offers
    ) -> ResponsePlan:
        reply_context = ReplyContext(
            self.turn, introduced=self._introduced, remark=self._voice_remark
        )
        parts = [
            prompt_part(params.instructions, params.tool_choice.tools),
            *map(item_part, context),
        ]
        return make_plan(
            params,
            context,
            reply,
            reply_context,
            offers,
            self._cache.read(parts),
            params.echoed(self._conversation_id),
        )

    def rendered(self, response_id: str, rendered: Rendered, now_s: float) -> None:
        """Take the rendered speech; ignored when its response was cancelled meanwhile."""
        if response := self._find(response_id):
            response.rendered(rendered, now_s)

    def failed(self, response_id: str, message: str, now_s: float) -> None:
        """End the response as failed because its speech could not be rendered. The session goes
        on."""
        if response := self._find(response_id):
            error = {"type": "server_error", "code": "voice_failed", "message": message}
            self._end(response, "failed", now_s, error=error)

    def _find(self, response_id: str) -> Response | None:
        return next((response for response in self._running if response.id == response_id), None)

    def tick(self, now_s: float) -> None:
        """Send what is due, and the end of each response that has nothing left to send."""
        self._calls.tick(now_s)
        if self._approved_plans and not self._active:
            self._begin(self._approved_plans.popleft(), now_s)
        for response in self._running:
            for event in response.due_events(now_s):
                self._effects.send(event)
            self._track_playback(response, now_s)
            if response.is_over:
                self._end(response, "completed", now_s)

    def _track_playback(self, response: Response, now_s: float) -> None:
        """Record the audio that was sent. Audio outside the conversation is not assumed to be
        played."""
        if response.message and response.message.has_audio:
            self.has_spoken = True
            if not response.plan.out_of_band:
                self._playback.begin(response.message.item, now_s)

    def cancel(self, response_id: str | None, now_s: float) -> None:
        """Cancel a response (response.cancel); without an id, the conversation's. Raises Refused
        when it is not running."""
        response = self._active if response_id is None else self._find(response_id)
        if response is None:
            raise Refused(
                "Cancellation failed: no active response found", code="response_cancel_not_active"
            )
        self._end(response, "cancelled", now_s, reason="client_cancelled")

    def interrupt(self, now_s: float, *, auto_truncate: bool, appended: str) -> None:
        """Barge in (protocol.md 15.5): end the conversation's response, and truncate the items that
        would still be playing in real time."""
        if self._active:
            self._end(self._active, "cancelled", now_s, reason="turn_detected")
        for item, heard_ms in self._playback.stop(now_s):
            if auto_truncate and self._items.holds(item):
                self.truncate(item.id, 0, heard_ms, appended)

    def truncate(
        self, item_id: str, content_index: int, audio_end_ms: int, appended: str = ""
    ) -> None:
        """Truncate an item, at the client's request or after a barge-in. Raises Refused for an item
        that cannot be truncated there."""
        self._items.truncate(item_id, content_index, audio_end_ms, appended)
        truncated = {
            "type": "conversation.item.truncated",
            "item_id": item_id,
            "content_index": content_index,
        }
        self._effects.send({**truncated, "audio_end_ms": audio_end_ms})

    def _end(
        self,
        response: Response,
        status: str,
        now_s: float,
        *,
        reason: str | None = None,
        error: JSON | None = None,
    ) -> None:
        """End a response; the status "completed" stands for the planned ending."""
        if response is self._active:
            self._active = None
        else:
            del self._out_of_band[response.id]
        self._introduced = self._introduced or bool(
            response.message and NOT_AZURE in response.message.transcript
        )
        ending = (
            response.complete()
            if status == "completed"
            else response.close(status, reason=reason, error=error)
        )
        for event in ending:
            self._effects.send(event)
        self._effects.send(self._limits.used(response.usage(done=True)["total_tokens"], now_s))
        for call in response.calls_to_run:
            self._calls.run(call, now_s)
        self._approved_due_s = now_s
