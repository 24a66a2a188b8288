"""One response as a stream of events on a schedule: its outputs one after the other, and exactly
one ending.

`due_s` says when the next events are due; `due_events` returns all that are. The order is that of
protocol.md 15.2 and 15.6; an interrupted response sends the same `.done` events with the content
sent so far (15.5). For the interface of an output see output.py.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Iterator, Sequence

from voicelive_simulator.api.schema import JSON
from voicelive_simulator.dialogue.outputs.mcp_call import McpCallOutput
from voicelive_simulator.dialogue.outputs.message import MessageOutput
from voicelive_simulator.dialogue.outputs.output import (
    DELTAS_PER_S,
    Output,
    OutputPosition,
    OutputStep,
)
from voicelive_simulator.dialogue.outputs.plan import ResponsePlan
from voicelive_simulator.dialogue.state.items import Items
from voicelive_simulator.dialogue.state.script import Pacing
from voicelive_simulator.dialogue.state.usage import InputTokens, output_tokens, usage
from voicelive_simulator.sound.speech import Rendered

FIRST_DELTA_S = Pacing().first_delta_ms / 1000


class Response:
    """A response from `created` to `response.done`. Event dicts lack event_id, which the effect
    queue adds."""

    def __init__(
        self,
        response_id: str,
        plan: ResponsePlan,
        outputs: Sequence[Output],
        items: Items | None,
        now_s: float,
    ) -> None:
        """items: where the outputs are added; None for a response that stays out of the
        conversation."""
        self.id = response_id
        self.plan = plan
        self.is_over = False  # every step was sent; only `close` remains
        self._items = items
        self._pending_outputs = deque(outputs)
        if items is not None:
            items.reserve(output.item.id for output in outputs)
        self._message = next(
            (output for output in outputs if isinstance(output, MessageOutput)), None
        )
        self._opened: list[Output] = []
        self._open_output: Output | None = None
        self._steps: Iterator[OutputStep] = iter(())
        self._step: OutputStep | None = None
        # The start of the open output, or of the next one.
        self._start_s = now_s + plan.pacing.first_delta_ms / 1000
        self._step_s = self._start_s
        self._jitter = random.Random(plan.pacing.seed)
        self._chars = 0
        self._audio_ms = 0
        self._out_of_tokens = False

    @property
    def message(self) -> MessageOutput | None:
        """The output with the words, if there is one."""
        return self._message

    @property
    def due_s(self) -> float | None:
        """When the next event is due, in session seconds; None while an output is not ready."""
        if self._step:
            return self._step_s
        return (
            self._start_s if not self._pending_outputs or self._pending_outputs[0].ready else None
        )

    def created(self) -> JSON:
        return {"type": "response.created", "response": self._to_json("in_progress", None, [])}

    def rendered(self, rendered: Rendered, now_s: float) -> None:
        """Take the rendered speech: the first delta leaves when it is due, or now."""
        if self._message:
            self._message.rendered(rendered)
            self._start_s = max(now_s, self._start_s)

    def due_events(self, now_s: float) -> list[JSON]:
        """All events that are due by now."""
        events: list[JSON] = []
        while not self.is_over and (due_s := self.due_s) is not None and due_s <= now_s:
            events += self._send(self._step) if self._step else self._open()
        return events

    def _open(self) -> list[JSON]:
        """Announce the next output as the response's and as the conversation's item (protocol.md
        5)."""
        if not self._pending_outputs:
            self.is_over = True
            return []
        if self._over_limit(self._chars + len(self._pending_outputs[0].announced), self._audio_ms):
            return []
        output = self._pending_outputs.popleft()
        self._chars += len(output.announced)
        item_json = output.item.to_json()
        index = len(self._opened)
        events: list[JSON] = [
            {
                "type": "response.output_item.added",
                "response_id": self.id,
                "output_index": index,
                "item": item_json,
            }
        ]
        if self._items is not None:
            self._items.release([output.item.id])
            previous = self._items.add(output.item)
            events.append(
                {
                    "type": "conversation.item.created",
                    "previous_item_id": previous,
                    "item": item_json,
                }
            )
        self._opened.append(output)
        self._open_output = output
        self._steps, self._step_s = output.steps(), self._start_s
        return [*events, *output.opening(), *self._schedule_next()]

    def _send(self, step: OutputStep) -> list[JSON]:
        chars, audio_ms = self._chars + len(step.text), self._audio_ms + step.audio_ms
        if self._over_limit(chars, audio_ms):
            return []
        self._chars, self._audio_ms = chars, audio_ms
        self._opened[-1].sent(step)
        return [*step.events, *self._schedule_next()]

    def _over_limit(self, chars: int, audio_ms: int) -> bool:
        """Whether the tokens run out when this much is sent; the response is over then."""
        if (
            self.plan.max_tokens is not None
            and output_tokens(chars, audio_ms).total > self.plan.max_tokens
        ):
            self._out_of_tokens = self.is_over = True
        return self._out_of_tokens

    def _schedule_next(self) -> list[JSON]:
        """Find the next step. After an output's last step, the next output begins one delta's time
        later."""
        self._step = next(self._steps, None)
        pacing = self.plan.pacing
        if self._step:
            late_s = self._jitter.uniform(0, pacing.jitter_ms) / 1000
            self._step_s = max(self._step_s, self._start_s + self._step.after_s + late_s)
            return []
        if not self._pending_outputs:
            self.is_over = True
            return []
        self._start_s = self._step_s + 1 / DELTAS_PER_S / pacing.pace
        return self._close_output(whole=True)

    def _close_output(self, *, whole: bool) -> list[JSON]:
        """Close the open output, if there is one."""
        output, self._open_output = self._open_output, None
        if output is None:
            return []
        events = output.closing(whole=whole)
        position = OutputPosition(self.id, output.item.id, len(self._opened) - 1)
        return events if output.continues else [*events, position.item_done(output.to_json())]

    @property
    def calls_to_run(self) -> list[McpCallOutput]:
        """The MCP calls that are complete and run once the response is done."""
        return [
            output
            for output in self._opened
            if isinstance(output, McpCallOutput) and output.continues
        ]

    def complete(self) -> list[JSON]:
        """End a response that is over: as planned, or as incomplete when the tokens ran out."""
        outcome = self.plan.outcome
        if self._out_of_tokens:
            return self.close("incomplete", reason="max_output_tokens")
        if outcome.status == "incomplete":
            return self.close("incomplete", reason=outcome.reason or "content_filter")
        if outcome.status == "failed":
            error = {
                "type": "server_error",
                "code": outcome.code or None,
                "message": outcome.message,
            }
            return self.close("failed", error=error)
        return self.close("completed")

    def close(
        self, status: str, *, reason: str | None = None, error: JSON | None = None
    ) -> list[JSON]:
        """Return the `.done` events of the open output, and response.done.

        They contain everything that was sent, also of an item truncated meanwhile. `reason` belongs
        to the statuses "cancelled" and "incomplete", `error` to "failed" (protocol.md 13.4).
        """
        self.is_over = True
        if self._items is not None:
            self._items.release(output.item.id for output in self._pending_outputs)
        events = self._close_output(whole=status == "completed")
        details: JSON | None = {"type": status, "reason": reason} if reason else None
        if error:
            details = {"type": status, "error": error}
        output = [output.to_json() for output in self._opened]
        return [
            *events,
            {"type": "response.done", "response": self._to_json(status, details, output)},
        ]

    def _to_json(self, status: str, details: JSON | None, output: list[JSON]) -> JSON:
        return {
            "id": self.id,
            "object": "realtime.response",
            "status": status,
            "status_details": details,
            "output": output,
            "usage": self.usage(done=status != "in_progress"),
            **self.plan.echoed,
        }

    def usage(self, *, done: bool) -> JSON:
        """The `usage` object: zeros until the response is done."""
        return usage(
            self.plan.input if done else InputTokens(), output_tokens(self._chars, self._audio_ms)
        )
