"""Records the conversation that `voicelive-tui open demo` shows:
`python -m tests.support.record_demo [FOLDER]`.

A caller with a synthetic voice talks to the simulator through a virtual sound card, as a user talks
through a real one: nothing in the recording is written by hand but where it was held (the profile
names the simulator instead of a port of this machine).
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from voicelive_simulator.sound.choose_voice import choose_voice
from voicelive_simulator.sound.speech import NEUTRAL_PROSODY
from voicelive_tui.audio.dsp.resample import Resampler
from voicelive_tui.engine import intents
from voicelive_tui.model.events.record import Local
from voicelive_tui.model.profile.profile import Profile, parse_profile
from voicelive_tui.model.session.snapshot import SessionState

from tests.support.engine_harness import EngineHarness, engine_harness
from tests.support.simulator_process import simulator_process
from tests.support.virtual_sound import RATE_HZ, VirtualSound

ROOT = Path(__file__).parents[2]
SCENARIO = ROOT / "tests/data/parcel-desk.toml"
PROFILE = ROOT / "tests/data/parcel-desk-profile.toml"
DEMO = ROOT / "app/voicelive_tui/demo"
CALLER = "en-US-AndrewMultilingualNeural"
LOUDNESS = 0.35
"""The caller's amplitude as a share of the voice's."""
ECHO = (140, -12.0)
"""The delay in milliseconds and the level in dB with which the caller's loudspeaker reaches the
microphone once."""
ROOM = 25
"""The amplitude of the room's noise: -62 dBFS."""


def speech(text: str) -> bytes:
    """The text in the caller's voice, as pcm16 mono at the card's rate."""
    voice, missing = choose_voice("espeak")
    assert not missing, missing
    spoken = voice.speak(text, NEUTRAL_PROSODY)
    samples = Resampler(spoken.rate_hz, RATE_HZ).feed(
        (spoken.samples * LOUDNESS).astype("<i2"), last=True
    )
    return samples.astype("<i2").tobytes()


def room_noise(seconds: float = 300.0) -> bytes:
    """The quiet noise of a room, for as long as a conversation lasts."""
    noise = np.random.default_rng(13).normal(0, ROOM, int(seconds * RATE_HZ))
    return noise.astype("<i2").tobytes()


class Caller:
    """The caller: speaks and types, and waits for what the agent says."""

    def __init__(self, harness: EngineHarness, card: VirtualSound) -> None:
        self._harness, self._card = harness, card

    def say(self, text: str) -> None:
        """Say a text and wait until the card has played it."""
        assert self._card.speak(speech(text)).wait() == 0

    def type(self, text: str) -> None:
        """Type a message."""
        self._harness.engine.post(intents.SendText("a", text))

    def hear(self, answers: int) -> None:
        """Wait until this many answers have been heard to their end, or were cut."""
        self._harness.until_event(Local.PLAYBACK_STOPPED, count=answers)

    def hear_some(self, seconds: float, answers: int) -> None:
        """Wait until this answer has been playing for some time."""
        self._harness.until_event(Local.PLAYBACK_STARTED, count=answers)
        pause(self._harness, seconds)

    def until(self, condition: Callable[[], object], what: str) -> None:
        """Wait until the condition holds."""
        self._harness.until(condition, what)


def pause(harness: EngineHarness, seconds: float) -> None:
    """Let the session go on for some seconds, measured by the microphone's audio."""
    sent = len(harness.events("input_audio_buffer.append"))
    harness.until(
        lambda: len(harness.events("input_audio_buffer.append")) >= sent + seconds * 50, "a pause"
    )


def converse(harness: EngineHarness, card: VirtualSound) -> None:
    """Hold the conversation."""
    caller = Caller(harness, card)
    pause(harness, 1.0)
    caller.say("Hello, I am calling about a parcel.")
    caller.hear(1)
    pause(harness, 1.2)
    caller.type("4471, and please be quick")
    caller.hear(2)
    pause(harness, 0.8)
    caller.say("Are you open on Sunday?")
    caller.hear(3)
    pause(harness, 0.6)
    caller.say("Where is my parcel?")
    caller.hear_some(2.1, 5)
    caller.say("Can a neighbour take it?")
    caller.hear(6)
    pause(harness, 0.9)
    caller.say("And what does that cost?")
    caller.until(lambda: harness.session().view.errors, "the failed response")
    pause(harness, 2.0)
    caller.say("Could you send it to the station instead?")
    caller.until(lambda: len(harness.events(Local.CONNECTED)) == 2, "the reconnection")
    pause(harness, 1.5)
    answers = len(harness.events(Local.PLAYBACK_STOPPED))
    started = len(harness.events(Local.PLAYBACK_STARTED))
    caller.say("I lost you. From when on?")
    caller.hear_some(0.8, started + 1)
    with card.echo(*ECHO):
        caller.hear(answers + 1)
    caller.hear(answers + 2)
    pause(harness, 1.0)
    caller.say("Thank you. Goodbye.")
    caller.hear(answers + 3)
    pause(harness, 1.0)


def demo_profile(url: str) -> Profile:
    """The demo's profile, with this server in place of the console's own simulator."""
    text = PROFILE.read_text().replace('target = "simulator"', f'target = "url"\nurl = "{url}"')
    parsed, problems = parse_profile(text, slug="demo", path="")
    assert parsed is not None, problems
    return parsed


def hide_origin(folder: Path, url: str) -> None:
    """Say that the session was held with the simulator instead of naming this machine's port."""
    (folder / "profile.toml").write_text(PROFILE.read_text())
    meta = (folder / "meta.toml").read_text().splitlines()
    kept = [line for line in meta if not line.startswith(("service =", "host ="))]
    at = next(i for i, line in enumerate(kept) if line.startswith("started"))
    kept[at + 1 : at + 1] = ['service = "simulator"', 'host = "SIMULATOR"']
    (folder / "meta.toml").write_text("\n".join(kept) + "\n")


def main() -> int:
    """Record into the package, or into the folder named on the command line."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else DEMO
    with (
        tempfile.TemporaryDirectory() as state,
        VirtualSound() as card,
        simulator_process("--scenario", str(SCENARIO)) as ready,
    ):
        os.environ.update(card.environment)
        url = ready["url"]
        with engine_harness(Path(state), input="device", output="device") as harness:
            harness.start(of=demo_profile(url))
            noise = card.speak(room_noise())
            converse(harness, card)
            noise.terminate()
            noise.wait()
            harness.engine.post(intents.Stop("a"))
            harness.until_state(SessionState.ENDED)
            folder = Path(harness.session().folder)
        hide_origin(folder, url)
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(folder, target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
