"""Measures the sound over a link, whatever carries it: gaps, lost microphone audio, and how long an
interruption takes."""

import asyncio
import statistics
import time
from dataclasses import dataclass

from voicelive_tui.audio.client.link_address import LinkAddress
from voicelive_tui.audio.ipc.messages import Drained, Flushed, MicBlock, PlaybackStarted, Underrun

from tests.audio.support.audio_probe import AudioProbe
from tests.support.counter import counter, heard, jumps
from tests.support.virtual_sound import RATE_HZ, VirtualSound

_PIECE_MS = 200
_INTERRUPTIONS = 7
_BEFORE_CUT_S = 0.7
_SPOKEN_S = 5


@dataclass(frozen=True, slots=True)
class LinkFigures:
    """round_trip_ms, clock_error_ms: as the program measured them. gaps: underruns in the playback,
    and jumps: places where the monitor's counter does not continue. lost_blocks: of the microphone;
    spoken_jumps: jumps of the counter that was spoken into it. link_ms, device_ms: medians of an
    interruption's parts. ahead_ms: by how much more the speaker had played than was reported as
    heard, the worst of all interruptions."""

    round_trip_ms: float
    clock_error_ms: float
    gaps: int
    jumps: int
    lost_blocks: int
    spoken_jumps: int
    link_ms: float
    device_ms: float
    ahead_ms: float

    def __str__(self) -> str:
        return (
            f"round trip {self.round_trip_ms:6.1f} ms ± {self.clock_error_ms:5.1f}   "
            f"gaps {self.gaps}   jumps {self.jumps}   microphone: {self.lost_blocks} lost, "
            f"{self.spoken_jumps} jumps   silent after {self.link_ms + self.device_ms:6.1f} ms "
            f"(link {self.link_ms:.1f}, device {self.device_ms:.1f})   "
            f"heard but not reported {self.ahead_ms:+.1f} ms at most"
        )


async def link_figures(at: LinkAddress, card: VirtualSound, seconds: int) -> LinkFigures:
    """Play for this many seconds, speak meanwhile, then interrupt some answers. card: the sound of
    the other machine."""
    async with AudioProbe(at) as probe:
        await probe.open("device", "device")
        probe.client.listen(True)
        card.speak(counter(_SPOKEN_S * RATE_HZ))
        with card.record() as recording:
            frames = RATE_HZ * _PIECE_MS // 1000
            for start in range(0, seconds * RATE_HZ, frames):
                probe.play("long", 0, counter(frames, start=start))
            probe.client.end("long", 0)
            async with asyncio.timeout(seconds + 60):
                while not probe.of(Drained):
                    await asyncio.sleep(0.1)
            audio = recording.wait(lambda audio: heard(audio).size >= seconds * RATE_HZ)
        cuts = [await _interrupt(probe, card, number) for number in range(_INTERRUPTIONS)]
        link = probe.client.link
        assert link is not None
        sequences = [block.sequence for block in probe.of(MicBlock)]
        return LinkFigures(
            round_trip_ms=link.round_trip_ms or 0.0,
            clock_error_ms=link.clock_error_ms or 0.0,
            gaps=len(probe.of(Underrun)),
            jumps=jumps(audio),
            lost_blocks=sequences[-1] - sequences[0] + 1 - len(sequences),
            spoken_jumps=jumps(probe.heard),
            link_ms=statistics.median(cut[0] for cut in cuts),
            device_ms=statistics.median(cut[1] for cut in cuts),
            ahead_ms=max((cut[2] for cut in cuts), key=abs),
        )


async def _interrupt(
    probe: AudioProbe, card: VirtualSound, number: int
) -> tuple[float, float, float]:
    """Cut an answer. Returns the link's part in ms, the device's, and by how much the monitor heard
    more than was reported."""
    item_id = f"cut{number}"
    with card.record() as recording:
        probe.play(item_id, 0, counter(10 * RATE_HZ))
        await probe.until(lambda: any(m.item_id == item_id for m in probe.of(PlaybackStarted)))
        await asyncio.sleep(_BEFORE_CUT_S)
        answers = len(probe.of(Flushed))
        asked_s = time.perf_counter()
        probe.client.flush()
        flushed = await probe.one(Flushed, answers + 1)
        await asyncio.sleep(0.3)
        heard_ms = heard(recording.audio).size * 1000 / RATE_HZ
    assert flushed.asked_at_s is not None
    return (
        (flushed.asked_at_s - asked_s) * 1000,
        (flushed.at_s - flushed.asked_at_s) * 1000,
        heard_ms - flushed.parts[0].played_ms,
    )
