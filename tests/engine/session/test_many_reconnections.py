"""Two hundred connections in one session: nothing is left of the earlier ones but the journal."""

import asyncio
import gc
import json
import threading
import tracemalloc
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from voicelive_tui.engine import intents
from voicelive_tui.engine.session.connection import Connection
from voicelive_tui.model.events.record import Local
from voicelive_tui.net.transport import Transport
from voicelive_tui.protocol.conversation import Conversation
from websockets.protocol import State

from tests.support.engine_harness import EngineHarness, engine_harness, key_settings, profile
from tests.support.item_server import ItemServer

pytestmark = pytest.mark.engine

CONNECTIONS = 200
WARM = 50
"""The connection at which caches are warm, so that what is there then is what a session needs."""
TURN_EVERY = 10
MOST_BYTES_EACH = 64_000
"""The most memory that a reconnection may keep: its records with up to 40 carried items, the
items that the server keeps of each connection, and what pytest keeps of its log. Together they take
about half of it."""
KINDS = (Connection, Conversation, Transport, asyncio.Task)
OF_ONE_CONNECTION = Counter(
    {"Connection": 1, "Conversation": 1, "Transport": 1, "Task": 8, "threads": 6, "files": 20}
)
"""The most that a session with one connection and its server need."""


class ClosingServer(ItemServer):
    """Closes each connection with 1012 as soon as the session is ready and, where the test wants a
    turn in it, the turn is over."""

    def __init__(self) -> None:
        super().__init__()
        self.turns = 0

    async def _take(self, event: dict[str, Any]) -> None:
        connection, number = self._connection, len(self.connections)
        assert connection is not None
        if connection.state is not State.OPEN:
            return  # what the client sent before it saw the close frame
        await super()._take(event)
        wants_turn = number % TURN_EVERY == 0
        if event["type"] == ("response.create" if wants_turn else "session.update"):
            if wants_turn:
                await self._answer()
            if number < CONNECTIONS:
                # Beside the reading, which the close frame of the client needs.
                self._pacing.add(self._loop.create_task(connection.close(1012)))

    async def _answer(self) -> None:
        self.turns += 1
        ids = {"response_id": f"resp_{self.turns}", "output_index": 0}
        item = {
            "id": f"answer_{self.turns}",
            "type": "message",
            "role": "assistant",
            "status": "completed",
            "content": [{"type": "text", "text": f"answer {self.turns}"}],
        }
        response = {"id": f"resp_{self.turns}", "status": "completed", "output": [item]}
        await self._send({"type": "response.created", "response": {**response, "output": []}})
        await self._send({"type": "response.output_item.added", **ids, "item": item})
        part = {**ids, "item_id": item["id"], "content_index": 0}
        await self._send({"type": "response.text.done", **part, "text": f"answer {self.turns}"})
        await self._send({"type": "response.output_item.done", **ids, "item": item})
        await self._send({"type": "response.done", "response": response})


def left() -> Counter[str]:
    """What a connection could leave behind, counted."""
    gc.collect()
    # By `type`, because `isinstance` would ask proxies, whose objects may be gone.
    kept = [each for each in gc.get_objects() if type(each) in KINDS]
    alive = (each for each in kept if not (isinstance(each, asyncio.Task) and each.done()))
    found = Counter(type(each).__name__ for each in alive)
    found["threads"] = threading.active_count()
    if Path("/proc/self/fd").exists():
        found["files"] = len(list(Path("/proc/self/fd").iterdir()))
    return found


def reconnect(harness: EngineHarness, service: ClosingServer, until: int) -> None:
    """Let the session go through its connections up to this one, without waiting between them, with
    a typed message for each that has a turn."""

    def tried_again(seen: int) -> bool:
        # Posted at each look: a snapshot may show a wait that is over already.
        harness.engine.post(intents.Start("a"))
        return len(service.connections) > seen

    for seen in range(len(service.connections), until):
        if (seen + 1) % TURN_EVERY == 0:
            harness.engine.post(intents.SendText("a", f"question {(seen + 1) // TURN_EVERY}"))
        harness.until(partial(tried_again, seen), "the next connection")


def test_two_hundred_connections_leave_nothing_but_one_journal(tmp_path: Path) -> None:
    most = left() + OF_ONE_CONNECTION
    turns = range(1, CONNECTIONS // TURN_EVERY + 1)
    with (
        ClosingServer() as service,
        engine_harness(
            tmp_path,
            **key_settings(service.url, "not-a-real-key"),
            connections_per_minute=100_000,
        ) as harness,
    ):
        harness.engine.post(intents.OpenTab("a", profile(service={"target": "azure"})))
        reconnect(harness, service, WARM)
        tracemalloc.start()
        try:
            reconnect(harness, service, CONNECTIONS)
            harness.until(lambda: len(harness.lines("agent")) == len(turns), "the last answer")
            harness.until(lambda: left() <= most, "the end of what was left")
            kept, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert kept < (CONNECTIONS - WARM) * MOST_BYTES_EACH
        assert harness.lines("you") == [f"question {turn}" for turn in turns]
        assert harness.lines("agent") == [f"answer {turn}" for turn in turns]
        assert len(harness.events(Local.CONNECTED)) == CONNECTIONS
        told = [line for n in turns for line in (f"user: question {n}", f"assistant: answer {n}")]
        assert service.last.show() == told[:-1]
        folder = Path(harness.stop().folder)
        assert len(list(folder.parent.iterdir())) == 1
        harness.until(lambda: harness.session().recording.closed, "the end of the journal")
        records = [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]
        assert [record["n"] for record in records] == list(range(len(records)))
