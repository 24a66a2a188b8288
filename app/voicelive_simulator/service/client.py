"""One connected client: takes its frames and carries out the effects, one at a time. Nothing is
sent to a client that does not read."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import json
import math
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from websockets.exceptions import ConnectionClosed

from voicelive_simulator.dialogue.backend import Backend
from voicelive_simulator.dialogue.state.effects import (
    Arm,
    Close,
    Effect,
    Frame,
    Remark,
    Render,
    Send,
)
from voicelive_simulator.faults.registry import SessionFaults
from voicelive_simulator.service.background import BackgroundWork
from voicelive_simulator.service.connection import Connection
from voicelive_simulator.service.sender import EXPIRED_CODE, EXPIRED_REASON, SessionSender
from voicelive_simulator.service.session_record import SessionRecord
from voicelive_simulator.sound.render import Renderer
from voicelive_simulator.sound.speech import Rendered

# In bytes. A larger frame is processed in a thread, so that other sessions are not blocked.
_LARGE_FRAME = 256 * 1024


@dataclass(frozen=True, slots=True)
class _FinishedSpeech:
    response_id: str
    result: Rendered | Exception


class Client:
    """Runs a backend over a socket until either side ends it or the time `expires_s` (perf_counter)
    is reached. The backend's time is that of `clock`, in seconds.

    Two coroutines use the backend and hold a lock while they do: one takes the client's frames, the
    other does what is due and handles finished speech. The next frame is read only after the
    effects of the last one were carried out, so further frames wait in the socket.
    """

    def __init__(
        self,
        connection: Connection,
        backend: Backend,
        renderer: Renderer,
        record: SessionRecord,
        faults: SessionFaults,
        expires_s: float,
        *,
        background: BackgroundWork,
        clock: Callable[[], float],
    ) -> None:
        self._connection = connection
        self._backend = backend
        self._renderer = renderer
        self._record = record
        self._faults = faults
        self._expires_s = expires_s
        self._background = background
        self._clock = clock
        self._outgoing = SessionSender(connection, faults, record, backend.keep_detecting)
        self._backend_lock = asyncio.Lock()
        self._expired = False
        self._finished_speech: deque[_FinishedSpeech] = deque()
        self._voice_lock = asyncio.Lock()
        self._voice_tasks: set[asyncio.Task[None]] = set()
        self._woken = asyncio.Event()
        self._caught_up = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        self._timer_s = math.inf

    async def run(self) -> None:
        coroutines = (
            self._listen(),
            self._run_assistant(),
            self._expire(),
            self._outgoing.send_delayed(),
            self._outgoing.watch(),
        )
        tasks = [asyncio.create_task(coroutine) for coroutine in coroutines]
        try:
            ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in ended:
                with contextlib.suppress(ConnectionClosed):
                    task.result()
        finally:
            if self._timer:
                self._timer.cancel()
            await _cancel([*tasks, *self._voice_tasks])
            self._record.close()

    async def _listen(self) -> None:
        """Take the client's frames: the user's side."""
        async with self._backend_lock:
            await self._outgoing.apply_immediate()
            await self._perform(self._backend.opened())
            self._set_timer(self._backend.due_s)
        async for frame in self._connection:
            if self._expired:
                continue  # read on, because the client's close frame may follow
            async with self._backend_lock:
                await self._perform(await self._dispatch(frame))
                await self._catch_up()
            while self._backend.waits_for_voice:
                self._caught_up.clear()
                await self._caught_up.wait()

    async def _run_assistant(self) -> None:
        """Do what is due and handle finished speech: the assistant's side."""
        while True:
            await self._woken.wait()
            self._woken.clear()
            async with self._backend_lock:
                while self._finished_speech:
                    await self._perform(await self._hand_over(self._finished_speech.popleft()))
                await self._catch_up()
            self._caught_up.set()

    async def _expire(self) -> None:
        """End the session when its time is over. This does not take the lock, which may be held
        while a client does not read."""
        await asyncio.sleep(self._expires_s - time.perf_counter())
        self._expired = True
        await self._connection.close_with(EXPIRED_CODE, EXPIRED_REASON)

    async def _catch_up(self) -> None:
        due_s, now_s = self._backend.due_s, self._clock()
        if due_s is not None and due_s <= now_s:
            await self._perform(self._backend.tick(now_s))
            due_s = self._backend.due_s
        self._set_timer(due_s)

    def _set_timer(self, due_s: float | None) -> None:
        """Set the timer for the next due time. A timer that fires too early is kept: setting
        another one for every frame would cost more."""
        if due_s is not None and due_s < self._timer_s:
            if self._timer:
                self._timer.cancel()
            self._timer_s = due_s
            self._timer = asyncio.get_running_loop().call_later(
                max(0.0, due_s - self._clock()), self._on_timer
            )

    def _on_timer(self) -> None:
        self._timer_s = math.inf
        self._woken.set()

    async def _dispatch(self, frame: str | bytes) -> list[Effect]:
        if len(frame) > _LARGE_FRAME:
            return await self._background.run(functools.partial(self._decode, frame))
        return self._decode(frame)

    def _decode(self, frame: str | bytes) -> list[Effect]:
        try:
            event = _DECODER.decode(frame if isinstance(frame, str) else str(frame, "utf-8"))
        except (ValueError, RecursionError) as error:
            reason = _why_undecodable(error)
            self._record.undecodable(reason, frame)
            return self._backend.undecodable(reason)
        self._record.received(event)
        return self._backend.receive(event, self._clock())

    async def _perform(self, effects: Iterable[Effect]) -> None:
        for effect in effects:
            match effect:
                case Send(event, text):
                    await self._outgoing.send(event, text)
                case Render():
                    task = asyncio.create_task(self._render(effect))
                    self._voice_tasks.add(task)
                    task.add_done_callback(self._voice_tasks.discard)
                case Arm(fault):
                    self._faults.arm(fault)
                case Remark(code, param):
                    self._record.warning_withheld(code, param)
                case Frame(data):
                    await self._outgoing.frame(data)
                case Close(code, reason):
                    await self._end(code, reason)

    async def _end(self, code: int | None, reason: str) -> None:
        if code is None:
            self._connection.transport.abort()
        else:
            await self._connection.close_with(code, reason)

    async def _render(self, effect: Render) -> None:
        """Render one text. A session renders one at a time, and only what is still wanted by then,
        because all sessions share the voice."""
        async with self._voice_lock:
            if not self._backend.wants_voice(effect.response_id):
                return
            result: Rendered | Exception
            try:
                render = functools.partial(
                    self._renderer.render, effect.text, effect.output_audio_format, effect.prosody
                )
                result = await self._background.run(render)
            # The voice is a C library: whatever it raises ends this response, not the session.
            except Exception as error:
                result = error
        self._finished_speech.append(_FinishedSpeech(effect.response_id, result))
        self._woken.set()

    async def _hand_over(self, spoken: _FinishedSpeech) -> list[Effect]:
        if self._backend.waits_for_voice:  # the rest of a suspended append may be long
            return await self._background.run(functools.partial(self._deliver, spoken))
        return self._deliver(spoken)

    def _deliver(self, spoken: _FinishedSpeech) -> list[Effect]:
        now_s = self._clock()
        if isinstance(spoken.result, Rendered):
            return self._backend.rendered(spoken.response_id, spoken.result, now_s)
        return self._backend.render_failed(
            spoken.response_id, "The simulator's voice failed.", now_s
        )


class _BadNumber(ValueError):
    """A value that Python's decoder accepts as a number, but JSON or a float does not."""


def _refuse_constant(name: str) -> None:
    raise _BadNumber(f"JSON has no {name}")


def _finite(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise _BadNumber("it holds a number that is too large")
    return value


def _why_undecodable(error: ValueError | RecursionError) -> str:
    match error:
        case json.JSONDecodeError():
            return f"{error.msg} at character {error.pos + 1}"
        case UnicodeDecodeError():
            return "it is not UTF-8"
        case RecursionError():
            return "it is nested too deeply"
        case _BadNumber():
            return str(error)
    return "it holds a number that is too large"  # Python converts integers of at most 4300 digits


# Made once, because json.loads would make a decoder for each frame.
_DECODER = json.JSONDecoder(parse_constant=_refuse_constant, parse_float=_finite)


async def _cancel(tasks: Iterable[asyncio.Task[None]]) -> None:
    pending = list(tasks)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
