"""A conversation that is carried over to the simulator, which answers from the items that it got,
and to a server that shares no code with it and keeps them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from voicelive_simulator.scenario.load import load_scenario
from voicelive_simulator.service.options import Options
from voicelive_simulator.service.server import Simulator
from voicelive_simulator.sound.tones import ToneVoice
from voicelive_tui.model.transcript.history import (
    PastFunctionCall,
    PastItem,
    PastMessage,
    PastToolUse,
)
from voicelive_tui.protocol.carry_over import carry_over
from voicelive_tui.protocol.commands import Command, RecordCarryOver, Send
from voicelive_tui.protocol.conversation import Conversation
from voicelive_tui.protocol.wire import EventIds

from tests.support.item_server import ItemServer
from tests.support.memory_journal import MemoryJournal
from tests.support.voice_live_peer import Peer, peer

SESSION = {"modalities": ["text"]}


def wire_text(text: str) -> dict[str, Any]:
    content = [{"type": "input_text", "text": text}]
    return {"type": "message", "role": "user", "content": content}


class Line:
    """One connection: the console's conversation on a bare socket, with a journal in memory. No
    clock runs."""

    def __init__(self, socket: Peer, journal: MemoryJournal, number: int) -> None:
        self._socket = socket
        self._journal = journal
        self.conversation = Conversation(SESSION, EventIds(f"evt{number}"))

    async def begin(self) -> None:
        """Open the conversation, up to the service's answer to the settings."""
        self._journal("=", 0, "console.connected")
        await self.perform(self.conversation.opened(0))
        await self.until("session.updated")

    async def ask(self, text: str) -> str:
        """Type a message; returns the text of the answer."""
        await self.perform(self.conversation.send_text(text, 0.0))
        await self.until("response.done")
        done = self._socket.events[-1]
        return "".join(part["text"] for part in done["response"]["output"][0]["content"])

    async def until(self, kind: str) -> None:
        """Receive up to the next event of this type."""
        event = {"type": ""}
        while event["type"] != kind:
            event = await self._socket.receive()
            fields = {name: value for name, value in event.items() if name != "type"}
            self._journal("<", 0, event["type"], **fields)
            await self.perform(self.conversation.receive(event, 0))

    async def perform(self, commands: tuple[Command, ...]) -> None:
        """Carry out commands as the engine does."""
        for command in commands:
            match command:
                case Send(event):
                    fields = {name: value for name, value in event.items() if name != "type"}
                    self._journal(">", 0, str(event["type"]), **fields)
                    await self._socket.send(str(event["type"]), **fields)
                case RecordCarryOver(fields):
                    self._journal("=", 0, "console.carried_over", **fields)


@asynccontextmanager
async def connected(
    url: str, journal: MemoryJournal, number: int, *, resume: bool = True
) -> AsyncIterator[Line]:
    async with peer(url) as socket:
        line = Line(socket, journal, number)
        if resume:
            line.conversation.resume(carry_over(journal.fold.history(), connection=number))
        await line.begin()
        yield line


async def test_the_next_connection_answers_from_what_was_said_in_the_one_before() -> None:
    journal = MemoryJournal()
    scenario = load_scenario("good-memory")
    async with Simulator(Options(scenario=scenario), ToneVoice()) as simulator:
        async with connected(simulator.url, journal, 1) as line:
            greeting = await line.ask("Hello, my name is Grace.")
        async with connected(simulator.url, journal, 2) as line:
            assert await line.ask("What is my name?") == "Your name is Grace."
        async with connected(simulator.url, journal, 3) as line:
            said = await line.ask("What did you say last?")
            assert said == "The last thing that I said was: Your name is Grace."
        async with connected(simulator.url, journal, 4, resume=False) as line:
            assert await line.ask("What is my name?") == "You have not told me your name."
    assert journal.said[:6] == [
        "you: Hello, my name is Grace.",
        f"agent: {greeting}",
        "you: What is my name?",
        "agent: Your name is Grace.",
        "you: What did you say last?",
        f"agent: {said}",
    ]
    assert journal.view.errors == 0


HISTORY: list[PastItem] = [
    PastMessage("s1", "system", ("Be brief.",)),
    PastMessage("u1", "user", ("What is the weather?",)),
    PastToolUse("m1", "mcp_call", "clock.now({}) -> noon"),
    PastFunctionCall("f1", "call_1", "get_weather", '{"city":"Oslo"}', "21 C"),
    PastMessage("a1", "assistant", ("It is 21",), cut=True),
]


async def test_the_simulator_takes_every_kind_and_answers_from_it() -> None:
    async with (
        Simulator(Options(scenario=load_scenario("good-memory")), ToneVoice()) as simulator,
        peer(simulator.url) as socket,
    ):
        line = Line(socket, MemoryJournal(), 2)
        line.conversation.resume(carry_over(HISTORY, connection=2))
        await line.begin()
        assert await line.ask("What did the tool give?") == "The tool gave: 21 C"
        assert await line.ask("What were you told?") == "I was told: Be brief."
    assert "error" not in socket.types()


async def test_another_server_gets_the_same_items() -> None:
    with ItemServer() as server:
        async with peer(server.url.replace("http", "ws")) as socket:
            line = Line(socket, MemoryJournal(), 2)
            line.conversation.resume(carry_over(HISTORY, connection=2))
            await line.begin()
            await asyncio.to_thread(server.wait, lambda: len(server.last.items) == 6)
        assert server.last.refused == []
        assert server.last.show() == [
            "system: Tools that the service ran earlier in this conversation, in order:\n"
            "mcp_call clock.now({}) -> noon\n",
            "system: Be brief.",
            "user: What is the weather?",
            'call call_1: get_weather({"city":"Oslo"})',
            "output call_1: 21 C",
            "assistant: It is 21",
        ]
        assert server.last.types == ["session.update", *["conversation.item.create"] * 6]


@pytest.mark.parametrize(
    "item",
    [
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "x"}]},
        {"type": "message", "role": "user", "content": [{"type": "text", "text": "x"}]},
        {"type": "message", "role": "system", "content": [{"type": "text", "text": "x"}]},
        {"type": "function_call_output", "call_id": "call_1", "output": "21 C"},
        {"type": "function_call", "call_id": "call_1", "name": "f"},
        {"type": "mcp_call", "server_label": "clock", "name": "now", "arguments": "{}"},
        {**wire_text("x"), "id": "x" * 33},
        {**wire_text("x"), "status": "in_progress"},
    ],
)
async def test_both_servers_refuse_what_the_api_refuses(item: dict[str, Any]) -> None:
    with ItemServer() as server:
        async with Simulator(Options(), ToneVoice()) as simulator:
            for url in (server.url.replace("http", "ws"), simulator.url):
                async with peer(url) as socket:
                    fields = {"event_id": "mine", "item": item}
                    error = await socket.ask("conversation.item.create", "error", **fields)
                    assert error["error"]["event_id"] == "mine"
