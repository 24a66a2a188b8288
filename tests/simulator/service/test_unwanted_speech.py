"""What was cancelled before its voice came is not spoken: all sessions share one voice."""

import threading

from voicelive_tui.simulator.service.options import Options
from voicelive_tui.simulator.service.server import Simulator
from voicelive_tui.simulator.sound.speech import PLAINLY, Manner, Utterance
from voicelive_tui.simulator.sound.tones import ToneVoice

from tests.support.voice_live_peer import DEADLINE_S, peer

TIMES = 20


class SlowVoice(ToneVoice):
    """Tones that wait until they may sound; `spoken` is what was asked of them."""

    def __init__(self) -> None:
        self.spoken: list[str] = []
        self.may = threading.Event()

    def speak(self, text: str, manner: Manner = PLAINLY) -> Utterance:
        self.spoken.append(text)
        assert self.may.wait(DEADLINE_S)
        return super().speak(text, manner)


def greeting(number: int) -> dict[str, object]:
    part = {"type": "text", "text": f"Greeting number {number}."}
    return {"pre_generated_assistant_message": {"type": "message", "role": "assistant", "content": [part]}}


async def test_only_the_first_and_the_last_of_many_are_spoken() -> None:
    voice = SlowVoice()
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
