"""Answers that are cut while they play on the virtual sound card, each by one cause: the engine
hears, plays and measures as on a real device, and a service that a test plays by hand detects
speech, as a cloud's would, some time after a sound began."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from voicelive_tui.engine import intents
from voicelive_tui.model.events.record import Local
from voicelive_tui.model.transcript.line import TranscriptLine

from tests.support.engine_harness import EngineHarness, engine_harness, profile
from tests.support.interruptions import (
    AGENT,
    ANSWER,
    RATE_HZ,
    Sound,
    pcm16,
    room_noise,
    spoken,
)
from tests.support.scripted_service import ScriptedService
from tests.support.virtual_sound import VirtualSound

_AUDIBLE = 0.01
"""The amplitude from which on a sound has reached the microphone: -40 dBFS."""
_LEAST_PLAYED_S = 1.3


class CutAnswers:
    """An engine in a session, whose answers are cut one after the other."""

    def __init__(
        self, harness: EngineHarness, service: ScriptedService, card: VirtualSound
    ) -> None:
        self._harness, self._service, self._card = harness, service, card
        self._answer = pcm16(spoken(ANSWER, AGENT))
        self._number = 0
        self.session = harness.session

    def by_sound(self, sound: Sound, after_ms: int, audible: float = _AUDIBLE) -> TranscriptLine:
        """Cut the next answer `after_ms` after this sound has begun at the microphone. audible: the
        amplitude that only this sound has there."""
        item_id = self._begin()
        already = len(self._service.microphone)
        playing = self._card.speak(pcm16(sound))
        self._service.wait(lambda: self._onset(already, audible) is not None)
        onset = self._onset(already, audible) or 0
        self._service.wait(lambda: len(self._service.microphone) >= onset + after_ms * 48)
        line = self._detected(item_id)
        playing.wait()
        return line

    def by_detection(self, played_s: float = 0.0) -> TranscriptLine:
        """Cut the next answer after it has played for some time, without another sound."""
        item_id = self._begin()
        self._listen(played_s)
        return self._detected(item_id)

    def by_command(self) -> TranscriptLine:
        """Cut the next answer by the user's command."""
        item_id = self._begin()
        self._harness.engine.post(intents.Interrupt("a"))
        return self._cut(item_id)

    def records(self, kind: str = Local.CUT) -> list[Mapping[str, Any]]:
        """What was measured at each cut."""
        return self._harness.events(kind)

    @contextmanager
    def echo(self, delay_ms: int, level_db: float) -> Iterator[None]:
        """Let the microphone hear the speaker meanwhile."""
        with self._card.echo(delay_ms, level_db):
            yield

    def _begin(self) -> str:
        self._number += 1
        item_id = self._service.answer(self._number, self._answer)
        self._harness.until_event(Local.PLAYBACK_STARTED, count=self._number)
        self._listen(_LEAST_PLAYED_S)
        return item_id

    def _listen(self, seconds: float) -> None:
        """Wait until so much more has come from the microphone."""
        wanted = len(self._service.microphone) + int(seconds * RATE_HZ) * 2
        self._service.wait(lambda: len(self._service.microphone) >= wanted)

    def _onset(self, after: int, audible: float) -> int | None:
        """The byte of the microphone at which a sound begins; None for none."""
        heard = np.frombuffer(bytes(self._service.microphone[after:]), "<i2") / 32768
        loud = np.flatnonzero(np.abs(heard) >= audible)
        return after + int(loud[0]) * 2 if loud.size else None

    def _detected(self, item_id: str) -> TranscriptLine:
        user = f"user_{self._number}"
        started = {"type": "input_audio_buffer.speech_started", "item_id": user}
        self._service.send({**started, "audio_start_ms": 0})
        line = self._cut(item_id)
        stopped = {"type": "input_audio_buffer.speech_stopped", "item_id": user}
        self._service.send({**stopped, "audio_end_ms": 500})
        return line

    def _cut(self, item_id: str) -> TranscriptLine:
        """Wait until the answer is cut, and end its response. It is not measured when the
        microphone's sound comes too late, as on a busy machine."""
        self._harness.until(lambda: self._is_cut(item_id), "the cut")
        self._harness.catch_up()
        done = {"id": f"resp_{self._number}", "status": "cancelled", "output": []}
        self._service.send({"type": "response.done", "response": done})
        self._harness.until(self._done, "the end of the response")
        return next(line for line in self._lines() if line.item_id == item_id)

    def _done(self) -> bool:
        turns = self._harness.session().view.turns
        ended = [turn for turn in turns if turn.done_s is not None]
        return any(turn.response_id == f"resp_{self._number}" for turn in ended)

    def _is_cut(self, item_id: str) -> bool:
        return any(event["item_id"] == item_id for event in self.records(Local.PLAYBACK_STOPPED))

    def _lines(self) -> tuple[TranscriptLine, ...]:
        return tuple(self._harness.session().view.transcript)


@contextmanager
def cut_answers(tmp_path: Path, card: VirtualSound, **fields: Any) -> Iterator[CutAnswers]:
    """A session on the card, in a room with a quiet noise."""
    with (
        ScriptedService() as service,
        engine_harness(tmp_path, input="device", output="device", **fields) as harness,
    ):
        noise = card.speak(pcm16(room_noise(900.0)))
        try:
            harness.start(of=profile(service={"target": "url", "url": service.url}))
            service.wait(lambda: len(service.microphone) > 3 * RATE_HZ * 2)
            yield CutAnswers(harness, service, card)
            harness.stop()
        finally:
            noise.terminate()
            noise.wait()
