"""Speech that was cancelled before the voice came to it is not rendered: all sessions share one
voice."""

from voicelive_simulator.service.options import Options
from voicelive_simulator.service.server import Simulator

from tests.simulator.support.blocked_voice import BlockedVoice
from tests.support.voice_live_peer import peer

TIMES = 20


def greeting(number: int) -> dict[str, object]:
    part = {"type": "text", "text": f"Greeting number {number}."}
    return {
        "pre_generated_assistant_message": {
            "type": "message",
            "role": "assistant",
            "content": [part],
        }
    }


async def test_only_the_first_and_the_last_of_many_are_spoken() -> None:
    with BlockedVoice() as voice:
        async with Simulator(Options(), voice) as simulator, peer(simulator.url) as client:
            for number in range(TIMES):
                await client.send("response.create", response=greeting(number))
                await client.send("response.cancel")
                assert (await client.until("response.done"))["response"]["status"] == "cancelled"
            await client.send("response.create", response=greeting(TIMES))
            await client.until("response.created")
            voice.may.set()
            assert (await client.until("response.done"))["response"]["status"] == "completed"
    assert voice.spoken[-1] == f"Greeting number {TIMES}."
    assert len(voice.spoken) <= 2
