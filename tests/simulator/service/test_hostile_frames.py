"""Hostile frames on a real socket: each gets a reply of a reasonable size, and the session goes
on."""

import json
from typing import Any

import pytest
from voicelive_simulator.dialogue.conversation import MOST_WARNINGS
from voicelive_simulator.service.server import Options, Simulator
from voicelive_simulator.sound.tones import ToneVoice

from tests.simulator.support.manual_clock import ManualClock
from tests.support.speech_like import pcm16, silence, speech_like
from tests.support.voice_live_peer import peer


def nested(depth: int) -> str:
    return "[" * depth + "]" * depth


def update(session: str) -> str:
    return f'{{"type":"session.update","event_id":"event_mine","session":{session}}}'


@pytest.mark.parametrize(
    "frame",
    [
        update('{"temperature":NaN}'),
        update('{"turn_detection":{"type":"server_vad","threshold":Infinity}}'),
        update('{"tools":[{"type":"function","name":"f","parameters":1e999}]}'),
        update('{"tools":[{"type":"function","name":"f","parameters":' + nested(400) + "}]}"),
        update('{"avatar":{"a":' + nested(400) + "}}"),
        update('{"voice":"' + "x" * 2**20 + '"}'),
        update("9" * 5000),
        '{"type":"' + "x" * 2**20 + '"}',
        '{"type":"nonsense","event_id":"' + "x" * 2**20 + '"}',
        '{"type":"conversation.item.delete","item_id":"' + "x" * 2**20 + '"}',
        '{"type":"response.create","response":' + nested(400) + "}",
        '{"type":"conversation.item.create","item":{"type":"message","role":"\\ud800","content":[]}}',
        # beyond the size at which frames are decoded in a thread, whose stack leaves more room for
        # nesting
        update(
            '{"tools":[{"type":"function","name":"f","parameters":['
            + nested(950)
            + ',"'
            + "x" * 300_000
            + '"]}]}'
        ),
    ],
    ids=lambda frame: f"{frame[:70]}",
)
async def test_a_frame_made_to_hurt_gets_one_short_error(url: str, frame: str) -> None:
    async with peer(url) as client:
        await client.socket.send(frame)
        answer = await client.receive()
        assert answer["type"] == "error"
        assert len(json.dumps(answer)) < 2000
        assert (await client.ask("session.update", "session.updated", session={}))[
            "type"
        ] == "session.updated"


async def test_many_unknown_fields_are_named_up_to_a_limit(url: str) -> None:
    async with peer(url) as client:
        unknown: dict[str, Any] = {f"field_{n}" + "x" * 5000: 1 for n in range(100)}
        await client.ask("session.update", "session.updated", session=unknown)
        await client.ask("session.update", "session.updated", session={})
        warnings = [e["warning"] for e in client.events if e["type"] == "warning"]
        assert len(warnings) == MOST_WARNINGS + 1
        assert warnings[-1]["message"].startswith("80 more")
        assert all(len(json.dumps(w)) < 2000 for w in warnings)


async def test_unknown_query_parameters_are_taken(url: str) -> None:
    query = "&x-ms-client-sdk=a&features=client_ec_reference:true&trafficType=Test&%zz&=&a=1&a=2"
    async with peer(url, query=query) as client:
        assert client.events[0]["session"]["model"] == "gpt-4o"


async def test_nothing_of_an_interrupted_answer_follows_its_done() -> None:
    """The time of the audio lets only part of the first response out: it cannot end before the
    interruption."""
    clock = ManualClock()
    async with Simulator(Options(), ToneVoice(), clock) as simulator, peer(simulator.url) as client:
        await client.append(pcm16(silence(0.5), speech_like(1.0), silence(1.0)))
        await client.until("response.audio.delta")
        await client.append(pcm16(speech_like(0.6), silence(1.0)))
        await client.until("response.done")
        cancelled = client.events[-1]["response"]
        assert cancelled["status"] == "cancelled"
        at = len(client.events)
        clock.release()
        assert (await client.until("response.done"))["response"]["status"] == "completed"
        assert all(event.get("response_id") != cancelled["id"] for event in client.events[at:])
        ids = [e["response"]["id"] for e in client.events if e["type"] == "response.done"]
        assert len(ids) == len(set(ids)) == 2
