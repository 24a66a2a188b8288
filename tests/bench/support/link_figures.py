"""Measures the sound over a link, whatever carries it: gaps, lost microphone audio, a stall, and
how long an interruption takes and how exactly it is reported."""

import asyncio
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from voicelive_tui.audio.client.link_address import LinkAddress
from voicelive_tui.audio.ipc.messages import Drained, Flushed, MicBlock, PlaybackStarted, Underrun
from voicelive_tui.model.session.snapshot import SoundLink

from tests.audio.support.audio_probe import AudioProbe
from tests.support.counter import counter, heard, jumps, longest_silence_ms
from tests.support.slow_link import SlowLink
from tests.support.speaker_recording import Recording
from tests.support.virtual_sound import RATE_HZ, VirtualSound

STALL_S = 2.0
_PIECE_MS = 200
_INTERRUPTIONS = 9
_BEFORE_CUT_S = 0.7
_AFTER_CUT_S = 0.4
_AROUND_STALL_S = 6
_PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class PlayFigures:
    """round_trip_ms, clock_error_ms: as the program measured them. gaps: underruns in the playback;
    jumps: places where the monitor's counter does not continue; pause_ms: the longest silence in
    it. lost_blocks, spoken_jumps, missing_ms: of the counter that was spoken into the microphone
    meanwhile."""

    round_trip_ms: float
    clock_error_ms: float
    gaps: int
    jumps: int
    pause_ms: float
    lost_blocks: int
    spoken_jumps: int
    missing_ms: float


@dataclass(frozen=True, slots=True)
class CutFigures:
    """One interruption. silent_ms: from the flush to the last sample at the monitor. link_ms,
    device_ms: the parts of it that were reported. error_ms: by how much more the monitor has heard
    than was reported as played."""

    silent_ms: float
    link_ms: float
    device_ms: float
    error_ms: float


@dataclass(frozen=True, slots=True)
class StallFigures:
    """back_ms: from the end of the stall until the speaker sounds again. jumps: of the counter at
    the monitor and of the one at the microphone; missing_ms: of both together."""

    back_ms: float
    jumps: int
    missing_ms: float


class LinkMeasurement:
    """One connection to the devices of another machine, whose sound is `card`, open for the length
    of a block. at: None for the devices of this machine, to compare with."""

    def __init__(self, at: LinkAddress | None, card: VirtualSound) -> None:
        self._card = card
        self._probe = AudioProbe(at)
        self._cuts = 0

    async def __aenter__(self) -> "LinkMeasurement":
        await self._probe.__aenter__()
        await self._probe.open("device", "device")
        self._probe.client.listen(True)
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._probe.client.close()

    async def play(self, seconds: int) -> PlayFigures:
        """Play for this many seconds, and speak meanwhile."""
        probe, frames = self._probe, seconds * RATE_HZ
        blocks, underruns = len(probe.of(MicBlock)), len(probe.of(Underrun))
        with self._card.record() as recording:
            self._card.speak(counter(frames))
            self._play("long", frames)
            await self._until(lambda: bool(probe.of(Drained)), seconds)
            await self._until(lambda: self._spoken(blocks)[1] >= frames, seconds)
            audio = await asyncio.to_thread(
                recording.wait, lambda audio: heard(audio).size >= frames
            )
        link = probe.client.link or SoundLink("", "socket")
        spoken, size = self._spoken(blocks)
        sequences = probe.sequences[blocks:]
        return PlayFigures(
            round_trip_ms=link.round_trip_ms or 0.0,
            clock_error_ms=link.clock_error_ms or 0.0,
            gaps=len(probe.of(Underrun)) - underruns,
            jumps=jumps(audio),
            pause_ms=longest_silence_ms(audio),
            lost_blocks=sequences[-1] - sequences[0] + 1 - len(sequences),
            spoken_jumps=jumps(spoken),
            missing_ms=(frames - size) * 1000 / RATE_HZ,
        )

    async def interruptions(self) -> list[CutFigures]:
        """Cut some answers."""
        return [await self._interrupt() for _ in range(_INTERRUPTIONS)]

    async def stall(self, relay: SlowLink) -> StallFigures:
        """Hold the link back in the middle of an answer and of the user's words."""
        probe, frames = self._probe, _AROUND_STALL_S * RATE_HZ
        blocks, drained = len(probe.of(MicBlock)), len(probe.of(Drained))
        with self._card.record() as recording:
            self._card.speak(counter(frames))
            self._play("stalled", frames)
            await probe.until(lambda: self._has_started("stalled"))
            await asyncio.sleep(1.0)
            relay.stall()
            await asyncio.sleep(STALL_S)
            resumed_s = time.perf_counter()
            relay.resume()
            await self._until(lambda: len(probe.of(Drained)) > drained, _AROUND_STALL_S)
            await self._until(lambda: self._spoken(blocks)[1] >= frames, _AROUND_STALL_S)
            audio = await asyncio.to_thread(
                recording.wait, lambda audio: heard(audio).size >= frames
            )
        spoken, size = self._spoken(blocks)
        sounding = np.flatnonzero(np.frombuffer(audio[: len(audio) // 2 * 2], "<i2"))
        first = int(sounding[np.argmax(np.diff(sounding)) + 1])
        return StallFigures(
            back_ms=(_heard_at_s(recording, first) - resumed_s) * 1000,
            jumps=jumps(audio) + jumps(spoken),
            missing_ms=(2 * frames - size - heard(audio).size) * 1000 / RATE_HZ,
        )

    async def _interrupt(self) -> CutFigures:
        probe, item_id = self._probe, f"cut{self._cuts}"
        self._cuts += 1
        with self._card.record() as recording:
            self._play(item_id, 10 * RATE_HZ)
            await probe.until(lambda: self._has_started(item_id))
            await asyncio.sleep(_BEFORE_CUT_S)
            answers = len(probe.of(Flushed))
            asked_s = time.perf_counter()
            probe.client.flush()
            flushed = await probe.one(Flushed, answers + 1)
            await asyncio.sleep(_AFTER_CUT_S)
            audio = recording.audio
        sounding = np.flatnonzero(np.frombuffer(audio[: len(audio) // 2 * 2], "<i2"))
        arrived_s = flushed.asked_at_s or asked_s
        return CutFigures(
            silent_ms=(_heard_at_s(recording, int(sounding[-1])) - asked_s) * 1000,
            link_ms=(arrived_s - asked_s) * 1000,
            device_ms=(flushed.at_s - arrived_s) * 1000,
            error_ms=sounding.size * 1000 / RATE_HZ - flushed.parts[0].played_ms,
        )

    def _play(self, item_id: str, frames: int) -> None:
        piece = RATE_HZ * _PIECE_MS // 1000
        for start in range(0, frames, piece):
            self._probe.play(item_id, 0, counter(min(piece, frames - start), start=start))
        self._probe.client.end(item_id, 0)

    def _has_started(self, item_id: str) -> bool:
        return any(each.item_id == item_id for each in self._probe.of(PlaybackStarted))

    def _spoken(self, blocks: int) -> tuple[bytes, int]:
        """What came from the microphone after so many blocks, and the samples of the counter in
        it."""
        audio = b"".join(block.audio for block in self._probe.of(MicBlock)[blocks:])
        return audio, heard(audio).size

    async def _until(self, condition: Callable[[], bool], seconds: float) -> None:
        async with asyncio.timeout(seconds + _PATIENCE_S):
            while not condition():
                await asyncio.sleep(0.25)


def median_cut(cuts: list[CutFigures]) -> CutFigures:
    """The median of each time, and the worst error."""
    return CutFigures(
        silent_ms=statistics.median(cut.silent_ms for cut in cuts),
        link_ms=statistics.median(cut.link_ms for cut in cuts),
        device_ms=statistics.median(cut.device_ms for cut in cuts),
        error_ms=max((cut.error_ms for cut in cuts), key=abs),
    )


def _heard_at_s(recording: Recording, frame: int) -> float:
    """When a frame was recorded: its piece arrived with the last of its frames."""
    end = next((at_s, size) for at_s, size in recording.arrivals if size > 2 * frame)
    return end[0] - (end[1] - 2 * frame) / 2 / RATE_HZ
