"""With a seed and a clock two runs give the same bytes, however busy the machine is."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from voicelive_simulator.scenario.load import load_scenario
from voicelive_simulator.scenario.scenario import Scenario
from voicelive_simulator.service.options import Options
from voicelive_simulator.service.server import Simulator
from voicelive_simulator.sound.tones import ToneVoice

from tests.support.control_requests import TOKEN, ask
from tests.support.simulator_process import simulator_process
from tests.support.speech_like import pcm16, silence, speech_like
from tests.support.voice_live_peer import Peer, peer

SCENARIO = """
seed = 11
clock = 2026-01-01T09:00:00Z
voice = "tone"
jitter_ms = 60
pace = 20.0

[[turn]]
text = "hello"
says = "Hello to you. Ask for the weather when you like, or say anything at all."

[[turn]]
spoken = true
hears = ["Tell me a long story.", "No, stop."]

[[turn]]
text = "story"
says = "Once upon a time there was a very small server, which lived on \
the loopback of a big machine and feared nothing."
pace = 2.0  # so that it can be interrupted

[[turn]]
text = "stop"
says = "I stop."

[[turn]]
text = "weather"
says = "I have a look."
calls = [{ name = "get_weather", arguments = { place = "here" } }]

[[turn]]
tool = "get_weather"
says = "It is {output.sky}."
"""
SPOKEN_WITH_BARGE_IN = pcm16(
    silence(0.5), speech_like(1.0), silence(2.5), speech_like(0.8), silence(1.0)
)  # the second speech interrupts the response to the first
DETECTION = {"type": "server_vad", "auto_truncate": True}
TOOL = {
    "type": "function",
    "name": "get_weather",
    "parameters": {"type": "object", "properties": {}},
}


async def driver(client: Peer) -> None:
    """A text turn, a spoken one whose response is interrupted, and a function call."""
    await client.send("session.update", session={"turn_detection": DETECTION, "tools": [TOOL]})
    await client.until("session.updated")
    # As text: how much of an interrupted spoken response is heard depends on the time of the
    # interruption.
    await say(client, "hello", modalities=["text"])
    await client.until("rate_limits.updated")
    await client.append(SPOKEN_WITH_BARGE_IN)
    await client.until("rate_limits.updated", 2)
    await say(client, "the weather?")
    call = await client.until("response.function_call_arguments.done")
    await client.until("rate_limits.updated")
    output = {
        "type": "function_call_output",
        "call_id": call["call_id"],
        "output": '{"sky": "blue"}',
    }
    await client.send("conversation.item.create", item=output)
    await client.send("response.create")
    await client.until("rate_limits.updated")


async def say(client: Peer, text: str, **response: object) -> None:
    item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}
    await client.send("conversation.item.create", item=item)
    await client.send("response.create", response=response)


@pytest.fixture
def scenario(tmp_path: Path) -> Scenario:
    (tmp_path / "story.toml").write_text(SCENARIO)
    return load_scenario(str(tmp_path / "story.toml"))


Said = Callable[[Peer], Awaitable[None]]


async def heard(
    scenario: Scenario | None, model: str = "gpt-4o", said: Said = driver
) -> list[str | bytes]:
    """Everything that a client receives from a new server."""
    async with (
        Simulator(Options(scenario=scenario), ToneVoice()) as simulator,
        peer(simulator.url, model=model) as client,
    ):
        await said(client)
    return client.frames


@pytest.mark.parametrize("model", ["gpt-4o", "gpt-realtime"])
async def test_two_servers_give_the_same_bytes(scenario: Scenario, model: str) -> None:
    first = await heard(scenario, model)
    second = await heard(scenario, model)
    assert first == second
    events = [json.loads(frame) for frame in first]
    statuses = [event["response"]["status"] for event in events if event["type"] == "response.done"]
    assert statuses == ["completed", "cancelled", "completed", "completed", "completed"]
    assert "conversation.item.truncated" in {event["type"] for event in events}
    session = events[0]["session"]
    assert session["expires_at"] == 1_767_258_000 + 3600
    texts = [
        event["transcript"] for event in events if event["type"] == "response.audio_transcript.done"
    ]
    assert texts[0].startswith("Once upon a time") and not texts[0].endswith("nothing.")
    assert texts[1:] == ["I stop.", "I have a look.", "It is blue."]


async def test_sessions_of_one_server_differ_and_repeat_one_after_the_other(
    scenario: Scenario,
) -> None:
    async def ids() -> list[str]:
        async with Simulator(Options(scenario=scenario), ToneVoice()) as simulator:
            found = []
            for _ in range(2):
                async with peer(simulator.url) as client:
                    found.append(client.session_id)
        return found

    first = await ids()
    assert len(set(first)) == 2
    assert await ids() == first


async def test_a_reset_begins_with_the_first_session_again(scenario: Scenario) -> None:
    async with Simulator(Options(scenario=scenario, token=TOKEN), ToneVoice()) as simulator:
        runs = []
        for _ in range(2):
            async with peer(simulator.url) as client:
                await driver(client)
            runs.append(client.frames)
            assert (await ask(simulator.port, "POST /simulator/reset")).status == 200
    assert runs[0] == runs[1] == await heard(scenario)


async def test_without_a_seed_no_two_runs_are_alike() -> None:
    async def greet(client: Peer) -> None:
        assert client.types() == ["session.created"]

    assert await heard(None, said=greet) != await heard(None, said=greet)


async def test_two_processes_give_the_same_bytes(scenario: Scenario, tmp_path: Path) -> None:
    async def run() -> list[str | bytes]:
        with simulator_process("--scenario", str(tmp_path / "story.toml")) as ready:
            assert (ready["scenario"], ready["voice"]) == ("story", "tone")
            async with peer(ready["url"]) as client:
                await driver(client)
        return client.frames

    first = await run()
    assert await run() == first
    assert await heard(scenario) == first
