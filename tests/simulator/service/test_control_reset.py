"""The actions of the control path: the reset, and faults armed while the simulator runs."""

import asyncio

import pytest
from voicelive_simulator.faults.catalogue import parse_fault_text
from voicelive_simulator.service.server import Options, Simulator
from voicelive_simulator.sound.tones import ToneVoice
from websockets.exceptions import ConnectionClosed, InvalidMessage

from tests.simulator.support.wire_peer import wire_peer
from tests.support.control_requests import TOKEN, Answer, ask, ended, journal, state
from tests.support.deadlines import DEADLINE_S
from tests.support.voice_live_peer import peer


async def test_a_reset_ends_all_sessions_and_begins_anew(simulator: Simulator) -> None:
    async with peer(simulator.url) as first, peer(simulator.url) as second:
        await first.send("response.create")
        await first.until("response.audio.delta")
        await ask(simulator.port, "POST /simulator/faults?fault=refuse")
        assert (await ask(simulator.port, "POST /simulator/reset")).json == {"ended_sessions": 2}
        for client in (first, second):
            with pytest.raises(ConnectionClosed):
                await client.until("never")
            assert (client.socket.close_code, client.socket.close_reason) == (1001, "reset")
        now = await state(simulator)
        assert (now["sessions"], now["sessions_begun"], now["faults"]) == ([], 0, [])
        assert await journal(simulator) == []
    async with peer(simulator.url) as client:
        assert [
            (session["n"], session["id"]) for session in (await state(simulator))["sessions"]
        ] == [(1, client.session_id)]
        assert [entry["n"] for entry in await journal(simulator)] == [1]


async def test_a_reset_does_not_wait_for_a_client_that_hangs(simulator: Simulator) -> None:
    async with wire_peer(simulator.url) as hanging:
        assert (await ask(simulator.port, "POST /simulator/reset")).json == {"ended_sessions": 1}
        assert (await state(simulator))["sessions"] == []
        how, left = await hanging.end()
        assert how == "fin" and b"reset" in left


async def test_a_reset_arms_the_faults_of_the_start_again() -> None:
    faults = (parse_fault_text("refuse:status=429,retry_after_s=7"),)
    async with Simulator(Options(token=TOKEN, faults=faults), ToneVoice()) as simulator:
        started: Answer = await ask(simulator.port, "GET /simulator/state")
        assert [fault["fault"] for fault in started.json["faults"]] == ["refuse"]
        assert (await ask(simulator.port, "DELETE /simulator/faults")).status == 200
        assert (await state(simulator))["faults"] == []
        await ask(simulator.port, "POST /simulator/reset")
        assert (await state(simulator))["faults"] == started.json["faults"]


async def test_a_reset_neither_spends_its_faults_on_what_it_ends_nor_lets_in_what_hung() -> None:
    faults = (parse_fault_text("drop"), parse_fault_text("hang"))
    async with Simulator(Options(token=TOKEN, faults=faults), ToneVoice()) as simulator:
        await ask(simulator.port, "DELETE /simulator/faults")
        async with peer(simulator.url) as client, asyncio.TaskGroup() as group:
            await ask(simulator.port, "POST /simulator/faults?fault=hang")
            hanging = group.create_task(_connected(simulator.url))
            async with asyncio.timeout(DEADLINE_S):
                while (await state(simulator))["faults"]:
                    pass
            await ask(simulator.port, "POST /simulator/reset")
            with pytest.raises(ConnectionClosed):
                await client.until("never")
            assert client.socket.close_reason == "reset"
            assert not await asyncio.wait_for(hanging, DEADLINE_S)
        now = await state(simulator)
        assert now["sessions_begun"] == 0
        assert [(fault["fault"], fault["struck"]) for fault in now["faults"]] == [
            ("hang", 0),
            ("drop", 0),
        ]


async def _connected(url: str) -> bool:
    try:
        async with peer(url):
            return True
    except (InvalidMessage, ConnectionError, EOFError):
        return False


async def test_a_fault_of_one_session_strikes_no_other_and_is_told_while_it_waits(
    simulator: Simulator,
) -> None:
    async with peer(simulator.url) as first, peer(simulator.url) as second:
        query = f"fault=close&code=4001&on=session.updated&session={second.session_id}"
        assert (await ask(simulator.port, f"POST /simulator/faults?{query}")).json[
            "session"
        ] == second.session_id
        waiting = [
            [fault["fault"] for fault in session["faults"]]
            for session in (await state(simulator))["sessions"]
        ]
        assert waiting == [[], ["close"]]
        await first.ask("session.update", "session.updated", session={})
        await second.send("session.update", session={})
        await asyncio.wait_for(second.socket.wait_closed(), DEADLINE_S)
        assert second.socket.close_code == 4001
        struck = await ended(simulator, 2)
        assert (struck["ended"]["code"], struck["faults_struck"], struck["faults"]) == (4001, 1, [])
        faults = [entry for entry in await journal(simulator) if entry["from"] == "fault"]
        assert [(entry["session"], entry["event"]) for entry in faults] == [
            (second.session_id, {"type": "close"})
        ]


async def test_faults_that_are_taken_back_do_not_strike(simulator: Simulator) -> None:
    async with peer(simulator.url) as client:
        await ask(simulator.port, "POST /simulator/faults?fault=drop&on=session.updated")
        await ask(
            simulator.port,
            f"POST /simulator/faults?fault=drop&on=session.updated&session={client.session_id}",
        )
        await ask(simulator.port, "POST /simulator/faults?fault=refuse")
        await ask(simulator.port, "DELETE /simulator/faults")
        await client.ask("session.update", "session.updated", session={})
    async with peer(simulator.url):
        pass


async def test_a_fault_for_a_session_that_does_not_run_is_refused(simulator: Simulator) -> None:
    answer = await ask(simulator.port, "POST /simulator/faults?fault=drop&session=sess_none")
    assert answer.status == 404 and answer.json["error"]["code"] == "NoSuchSession"
