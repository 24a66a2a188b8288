"""When faults strike, on a socket: in which session, how often, together, live, and how they are
logged."""

import asyncio
import io
from contextlib import redirect_stderr
from pathlib import Path

from voicelive_simulator.faults.catalogue import parse_fault, parse_fault_text
from voicelive_simulator.scenario.load import load_scenario
from voicelive_simulator.service.event_log import EventLog
from voicelive_simulator.service.session_record import SessionRecord

from tests.simulator.support.websocket_frames import BINARY, PING
from tests.simulator.support.wire_peer import Frame, close_of, connection, unkind, wire_peer
from tests.support.control_requests import TOKEN, ask
from tests.support.deadlines import DEADLINE_S

_HELLO = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "hello"}]}
_SCENARIO = """
[[turn]]
turn = 1
says = "one two three"
fault = "lost-delta:after=1"

[[turn]]
says = "one two three"
"""


async def test_a_fault_of_the_server_strikes_once_over_all_its_sessions() -> None:
    async with (
        unkind("close:code=4000,on=session.updated") as simulator,
        wire_peer(simulator.url) as second,
    ):
        assert (await second.frame()).kind == "session.created"
        async with wire_peer(simulator.url) as first:
            first.update()
            await first.frame()
            assert close_of(await first.frame()) == (4000, "")
        second.update()
        assert (await second.frame()).kind == "session.updated"
        assert simulator.host.registry.to_json() == []


async def test_a_fault_that_lasts_holds_in_every_session() -> None:
    async with unkind("stop-pongs") as simulator:
        for _ in range(2):
            async with wire_peer(simulator.url) as client:
                assert (await client.frame()).kind == "session.created"
                client.write(b"?", PING)
                client.update()
                assert (await client.frame()).kind == "session.updated"


async def test_a_fault_of_one_session_leaves_the_others_alone() -> None:
    async with (
        unkind() as simulator,
        wire_peer(simulator.url) as one,
        wire_peer(simulator.url) as other,
    ):
        session_id = (await one.frame()).json["session"]["id"]
        await other.frame()
        assert simulator.host.arm(
            parse_fault({"fault": "lost-delta", "on": "session.updated", "times": 0}), session_id
        )
        for client in (one, other):
            client.update()
            client.send("nonsense")
        assert (await one.frame()).kind == "error"
        assert [frame.kind for frame in await other.frames(2)] == ["session.updated", "error"]


async def test_faults_combine_in_the_order_in_which_they_were_armed() -> None:
    first = ("surplus-field:field=a,value=1,on=session.updated", "binary-frame:on=session.updated")
    async with (
        unkind(*first, "unknown-event:on=session.updated") as simulator,
        wire_peer(simulator.url) as client,
    ):
        await client.frame()
        client.update()
        unknown, event = await client.frames(2)
        assert (unknown.kind, event.opcode, event.json["a"]) == (
            "simulator.unknown_event",
            BINARY,
            1,
        )
    async with unkind(*reversed(first)) as simulator, wire_peer(simulator.url) as client:
        await client.frame()
        client.update()
        event = await client.frame()
        assert (
            event.opcode == BINARY and "a" not in event.json
        )  # encoded bytes have no fields any more


async def test_a_stall_and_then_an_end() -> None:
    faults = (
        "stall:ms=20,on=session.updated",
        "unknown-event:on=session.updated",
        "close:code=4002,on=session.updated",
    )
    async with unkind(*faults) as simulator, wire_peer(simulator.url) as client:
        await client.frame()
        client.update()
        assert (await client.frame()).kind == "simulator.unknown_event"
        assert close_of(await client.frame()) == (4002, "")


async def test_faults_wait_for_the_fields_that_they_spoil() -> None:
    async with (
        unkind("missing-field:field=response.usage") as simulator,
        wire_peer(simulator.url) as client,
    ):
        client.send("response.create", response={"modalities": ["text"]})
        seen: list[Frame] = []
        while not seen or "response" not in seen[-1].json or "usage" in seen[-1].json["response"]:
            seen.append(await client.frame())
        assert seen[-1].kind in ("response.created", "response.done")


async def test_a_scenarios_reply_arms_its_faults_for_its_own_response(tmp_path: Path) -> None:
    file = tmp_path / "one.toml"
    file.write_text(_SCENARIO)
    async with (
        unkind(scenario=load_scenario(str(file))) as simulator,
        wire_peer(simulator.url) as client,
    ):
        texts = []
        for _ in range(2):
            client.send("conversation.item.create", item=_HELLO)
            client.send("response.create", response={"modalities": ["text"]})
            deltas = []
            while (frame := await client.frame()).kind != "response.done":
                deltas += [frame.json["delta"]] if frame.kind == "response.text.delta" else []
            texts.append("".join(deltas).split())
        assert texts == [["one", "three"], ["one", "two", "three"]]


async def test_a_fault_for_the_handshake_can_be_armed_in_a_session() -> None:
    async with unkind() as simulator, wire_peer(simulator.url) as client:
        session_id = (await client.frame()).json["session"]["id"]
        assert simulator.host.arm(parse_fault_text("refuse:status=429"), session_id)
        async with connection(simulator.url) as refused:
            await refused.upgrade()
            assert refused.status == 429
        client.update()
        assert (await client.frame()).kind == "session.updated"


async def test_the_control_path_arms_what_strikes_at_once_and_shows_it_in_the_journal() -> None:
    async with unkind(token=TOKEN) as simulator, wire_peer(simulator.url) as client:
        await client.frame()
        await ask(simulator.port, "POST /simulator/faults?fault=refuse&status=503")
        async with connection(simulator.url) as refused:
            await refused.upgrade()
            assert refused.status == 503
        assert (
            await ask(simulator.port, "POST /simulator/faults?fault=drop&how=rst")
        ).status == 200
        assert await client.end() == ("rst", b"")
        lines = (await ask(simulator.port, "GET /simulator/journal")).lines
        assert [line["event"]["type"] for line in lines if line["from"] == "fault"] == [
            "refuse",
            "drop",
        ]


async def test_a_session_that_was_left_unread_is_ended_by_a_fault() -> None:
    """The client does not read, so the session's sends block; a fault that strikes at once does not
    wait for them."""
    async with unkind() as simulator, wire_peer(simulator.url) as client:
        await client.frame()
        client.pause_reading()
        [session] = simulator.host.sessions.alive()
        assert session.socket is not None
        async with asyncio.timeout(DEADLINE_S):
            while not session.socket.is_congested:
                for _ in range(2000):  # their replies fill the rest of the kernel's buffers
                    client.update()
                await asyncio.sleep(0)
        session.faults.arm(parse_fault_text("drop:how=rst"))
        client.resume_reading()
        assert (await client.end())[0] == "rst"


def test_the_log_names_the_fault() -> None:
    with redirect_stderr(io.StringIO()) as stderr:
        SessionRecord("sess_1", EventLog("sess_1", enabled=True)).fault_applied("drop")
    assert stderr.getvalue() == "sess_1 ! fault drop strikes\n"
