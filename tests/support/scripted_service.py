"""A small websocket server on loopback that a test plays by hand: it keeps what arrives and sends
what the test says.

It is not a simulator: it sends nothing by itself except the two first events of a session, so that
a test knows what was sent and when.
"""

import asyncio
import base64
import json
import threading
import time
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any, Self

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from tests.support.deadlines import DEADLINE_S, RUN_S

SESSION = {
    "id": "sess_scripted",
    "object": "realtime.session",
    "model": "gpt-4o",
    "modalities": ["text", "audio"],
    "input_audio_format": "pcm16",
    "output_audio_format": "pcm16",
    "turn_detection": {
        "type": "server_vad",
        "interrupt_response": True,
        "create_response": True,
        "auto_truncate": False,
    },
}


class ScriptedService:
    """A service in its own thread. received: (perf_counter, event) in order. microphone: the
    appended bytes."""

    def __init__(self) -> None:
        self.received: list[tuple[float, dict[str, Any]]] = []
        self.microphone = bytearray()
        self.mic_arrivals: list[tuple[float, int]] = []
        """(perf_counter, bytes of `microphone` so far) for each append"""
        self.port = 0
        self.refusals: list[tuple[int, dict[str, str]]] = []
        """The HTTP status and headers with which the next connections are refused, in order."""
        self.client_runs: Callable[[], None] = lambda: None
        """Raises when the client has ended, so that no test waits for it any longer."""
        self._changed = threading.Condition()
        self._arrivals = 0
        self._pacing: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._connection: ServerConnection | None = None
        self._server: Server | None = None
        self._serial = 0
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="scripted-service")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._listen())
        self._ready.set()
        self._loop.run_forever()
        self._loop.close()

    async def _listen(self) -> None:
        self._server = await serve(
            self._serve,
            "127.0.0.1",
            0,
            compression=None,
            max_size=None,
            process_request=self._refuse,
        )
        self.port = self._server.sockets[0].getsockname()[1]

    def _refuse(self, connection: ServerConnection, request: Request) -> Response | None:
        if not self.refusals:
            return None
        status, headers = self.refusals.pop(0)
        response = connection.respond(status, "")
        for name, value in headers.items():
            response.headers[name] = value
        return response

    async def _serve(self, connection: ServerConnection) -> None:
        self._connection = connection
        await self._send({"type": "session.created", "session": SESSION})
        async for frame in connection:
            await self._take(json.loads(frame))

    async def _take(self, event: dict[str, Any]) -> None:
        now = time.perf_counter()
        if event["type"] == "session.update":
            await self._send({"type": "session.updated", "session": SESSION})
        with self._changed:
            if event["type"] == "input_audio_buffer.append":
                self.microphone += base64.b64decode(event["audio"], validate=True)
                self.mic_arrivals.append((now, len(self.microphone)))
            else:
                self.received.append((now, event))
            self._arrivals += 1
            self._changed.notify_all()

    async def _send(self, event: dict[str, Any]) -> float:
        assert self._connection is not None
        self._serial += 1
        await self._connection.send(json.dumps({**event, "event_id": f"event_{self._serial}"}))
        return time.perf_counter()

    def send(self, event: dict[str, Any]) -> float:
        """Send one event; returns the time at which it was handed to the socket."""
        return asyncio.run_coroutine_threadsafe(self._send(event), self._loop).result(DEADLINE_S)

    def send_at_rate(self, events: Iterable[dict[str, Any]], per_second: float) -> threading.Event:
        """Send these evenly in the background until they or the connection end. Returns an event
        that is set when all are sent."""
        done = threading.Event()

        async def pace() -> None:
            start = self._loop.time()
            for count, event in enumerate(events):
                await asyncio.sleep(max(0.0, start + count / per_second - self._loop.time()))
                try:
                    await self._send(event)
                except ConnectionClosed:
                    return
            done.set()

        def begin() -> None:
            task = self._loop.create_task(pace())
            self._pacing.add(task)
            task.add_done_callback(self._pacing.discard)

        self._loop.call_soon_threadsafe(begin)
        return done

    def answer(self, number: int, audio: bytes, *, finished: bool = False) -> str:
        """Begin a spoken answer with all of this audio; returns its item id."""
        item, response = f"item_{number}", f"resp_{number}"
        ids = {"response_id": response, "item_id": item, "output_index": 0, "content_index": 0}
        self.send(
            {
                "type": "response.created",
                "response": {
                    "id": response,
                    "object": "realtime.response",
                    "status": "in_progress",
                    "output": [],
                },
            }
        )
        for start in range(0, len(audio), 9_600):
            delta = base64.b64encode(audio[start : start + 9_600]).decode()
            self.send({"type": "response.audio.delta", **ids, "delta": delta})
        if finished:
            self.send({"type": "response.audio.done", **ids})
        return item

    def wait(self, condition: Callable[[], bool], timeout_s: float = DEADLINE_S) -> None:
        """Wait until the condition holds; it is checked whenever something arrives.

        Raises AssertionError if it does not hold in time, and whatever `client_runs` raises.
        """
        deadline = time.monotonic() + timeout_s
        while True:
            with self._changed:
                arrivals = self._arrivals
            if condition():  # without the lock: a slow condition must not delay what arrives
                return
            self.client_runs()
            left = deadline - time.monotonic()
            assert left > 0, (
                f"it never came; received: {[event['type'] for _, event in self.received]}"
            )
            with self._changed:
                if self._arrivals == arrivals:
                    self._changed.wait(min(left, 0.5))

    def events(self, kind: str) -> list[tuple[float, dict[str, Any]]]:
        """The received events of this type, each with its time."""
        with self._changed:
            return [(at, event) for at, event in self.received if event["type"] == kind]

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        async def stop() -> None:
            for task in self._pacing:
                task.cancel()
            await asyncio.gather(*self._pacing, return_exceptions=True)
            if self._server is not None:
                self._server.close()
                await self._server.wait_closed()
            self._loop.stop()

        asyncio.run_coroutine_threadsafe(stop(), self._loop)
        self._thread.join(RUN_S)
        assert not self._thread.is_alive(), "the service does not end"
