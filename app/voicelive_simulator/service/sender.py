"""Sends a session's events to its socket: unchanged, unless a fault strikes."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterable

from voicelive_simulator.api.schema import JSON
from voicelive_simulator.faults.fault import Fault
from voicelive_simulator.faults.fault_filter import FaultFilter
from voicelive_simulator.faults.registry import SessionFaults
from voicelive_simulator.faults.steps import (
    ConnectionFault,
    Hold,
    Message,
    Payload,
    Step,
    Wait,
    encode,
    encoded,
)
from voicelive_simulator.service.connection import Connection
from voicelive_simulator.service.session_record import SessionRecord

EXPIRED_CODE, EXPIRED_REASON = 1001, "session_expired"
_MOST_QUEUED = 1000
_MOST_QUEUED_BYTES = 4 * 2**20


class SessionSender:
    """Sends events in order. Only one coroutine may call `send`; `send_delayed` and `watch` run
    beside it."""

    def __init__(
        self,
        connection: Connection,
        faults: SessionFaults,
        record: SessionRecord,
        keep_detecting: Callable[[bool], None],
    ) -> None:
        """keep_detecting: detects turns although turn detection is null, or no longer."""
        self._connection = connection
        self._faults = faults
        self._filter = FaultFilter(faults)
        self._record = record
        self._keep_detecting = keep_detecting
        # The delayed steps, each with the time of perf_counter at which it is due.
        self._queue: deque[tuple[float, Step]] = deque()
        self._queued_bytes = 0
        self._over = False
        self._woken = asyncio.Event()
        self._moved = asyncio.Event()
        self._newly_armed = asyncio.Event()
        faults.changed = self._newly_armed.set
        faults.on_cleared = self._faults_cleared

    async def send(self, event: JSON, text: str | None = None) -> None:
        """Send an event. `text` is its JSON in a recording. Raises ConnectionClosed."""
        self._record.sent(event)
        if not (self._faults.armed or self._filter.held or self._queue or self._over):
            await self._connection.post(encode(event) if text is None else text.encode())
            return
        steps, applied = self._filter.apply(Message(event, text))
        self._note(applied)
        await self._queue_or_carry_out(steps)

    async def frame(self, data: str | bytes) -> None:
        """Send a frame that is not an event: no fault strikes it, but it keeps its place in the
        order."""
        self._record.sent_frame(data)
        body = (
            Payload(data.encode(), extra=True)
            if isinstance(data, str)
            else Payload(data, text=False, extra=True)
        )
        await self._queue_or_carry_out([body])

    async def apply_immediate(self) -> None:
        """Apply the faults that wait for no event; they overtake delayed events. In a session that
        is ending they are left to the others."""
        if self._over or not self._connection.is_open:
            return
        steps, applied = self._filter.immediate()
        self._note(applied)
        for step in steps:
            await self._carry_out(step)

    async def watch(self) -> None:
        """Apply faults at once when they are armed during the session. Raises ConnectionClosed when
        one ends the session."""
        while True:
            await self._newly_armed.wait()
            self._newly_armed.clear()
            await self.apply_immediate()

    async def send_delayed(self) -> None:
        """Send the delayed events when they are due. Raises ConnectionClosed."""
        while True:
            wait_s = self._queue[0][0] - time.perf_counter() if self._queue else None
            if wait_s is None or wait_s > 0:
                await self._wait_for(wait_s)
                continue
            await self._carry_out(self._queue[0][1])
            # The step is removed only after it was sent: while the queue is not empty, nothing is
            # sent past it.
            self._queued_bytes -= _size(self._queue.popleft()[1])
            self._moved.set()

    async def _queue_or_carry_out(self, steps: list[Step]) -> None:
        if not self._queue and not any(isinstance(step, Wait) for step in steps):
            for step in steps:
                await self._carry_out(step)
            return
        self._enqueue(steps)
        while len(self._queue) > _MOST_QUEUED or self._queued_bytes > _MOST_QUEUED_BYTES:
            self._moved.clear()
            await self._moved.wait()

    def _enqueue(self, steps: Iterable[Step]) -> None:
        """Queue steps. A delay counts from now, and nothing overtakes: a later step leaves together
        with the last queued one or after it."""
        now_s = time.perf_counter()
        last_s = self._queue[-1][0] if self._queue else now_s
        delay_s = 0.0
        for step in steps:
            if isinstance(step, Wait):
                delay_s += step.delay_s
                continue
            body = encoded(step) if isinstance(step, Message | Payload) else step
            self._queued_bytes += _size(body)
            self._queue.append((max(last_s, now_s + delay_s), body))
        self._woken.set()

    async def _wait_for(self, wait_s: float | None) -> None:
        """Wait until woken, or for `wait_s` seconds."""
        timer = (
            None
            if wait_s is None
            else asyncio.get_running_loop().call_later(wait_s, self._woken.set)
        )
        await self._woken.wait()
        self._woken.clear()
        if timer:
            timer.cancel()

    async def _carry_out(self, step: Step) -> None:
        if self._over:
            return
        match step:
            case Message() | Payload():
                body = encoded(step)
                await self._connection.post(body.data, text=body.text, pieces=body.pieces)
            case ConnectionFault(fault, data):
                await self._apply(fault, data)
            case Wait() | Hold():
                raise AssertionError(
                    "delays are applied when steps are queued, and held events stay in the filter"
                )

    async def _apply(self, fault: Fault, data: bytes) -> None:
        params, connection = fault.params, self._connection
        match fault.name:
            case "stop-reading":
                connection.stop_reading(params["for_ms"] / 1000)
            case "stop-pongs":
                connection.stop_pongs(params["for_ms"] / 1000)
            case "slow-drip":
                connection.throttle(params["bytes_per_s"], params["for_ms"] / 1000)
            case "keep-detecting":
                self._keep_detecting(True)
            case _:
                self._over = True
                await self._end(fault, data)

    async def _end(self, fault: Fault, data: bytes) -> None:
        connection = self._connection
        match fault.name, fault.params:
            case "drop", {"how": "fin"}:
                await connection.fin()
            case "drop", {"how": "rst"}:
                await connection.rst()
            case "drop", _:
                await connection.half_frame(data)
            case "expire", _:
                await connection.close_with(EXPIRED_CODE, EXPIRED_REASON)
            case _, params:
                await connection.close_with(params["code"], params["reason"])

    def _note(self, applied: Iterable[Fault]) -> None:
        for fault in applied:
            self._record.fault_applied(fault.name)

    def _faults_cleared(self) -> None:
        now_s = time.perf_counter()
        self._queue = deque((min(due_s, now_s), step) for due_s, step in self._queue)
        self._woken.set()
        self._connection.clear_faults()
        self._keep_detecting(False)


def _size(step: Step) -> int:
    return len(step.data) if isinstance(step, Payload) else 0
