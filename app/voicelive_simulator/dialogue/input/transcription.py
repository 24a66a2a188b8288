"""Transcription of the user's turns: the events of input transcription and the fields that
`include` adds (protocol.md 9)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from voicelive_simulator.api.recognisers import streams
from voicelive_simulator.api.schema import JSON
from voicelive_simulator.api.session_fields import LOGPROBS, PHRASES
from voicelive_simulator.dialogue.state.effects import EffectQueue
from voicelive_simulator.dialogue.state.items import Item, Items
from voicelive_simulator.dialogue.state.script import Heard
from voicelive_simulator.dialogue.state.session import SessionConfig

TRANSCRIPTION_S = 0.2  # native models transcribe beside the response: this long after the commit
DELTA_S = 0.02  # between the deltas of a recogniser that streams
_EVENT = "conversation.item.input_audio_transcription"


@dataclass(frozen=True, slots=True)
class _ScheduledEvent:
    """An event about `item` to be sent at `at_s`, with the transcript that the item has from then
    on."""

    at_s: float
    item: Item
    event: JSON
    transcript: str | None = None


class Transcription:
    """Sends transcripts and writes them into items: at once for cascaded models, beside the
    response for native ones (protocol.md 15.2)."""

    def __init__(self, session: SessionConfig, items: Items, effects: EffectQueue) -> None:
        self._session = session
        self._items = items
        self._effects = effects
        self._scheduled: list[_ScheduledEvent] = []

    @property
    def due_s(self) -> float | None:
        return min((due.at_s for due in self._scheduled), default=None)

    def before_item(self, item: Item, heard: Heard | None) -> None:
        """Transcribe the turn of a cascaded model before its item is announced: the transcript is
        known by then and put into the item."""
        if self._session.transcribes and not self._session.opening.is_native:
            for due in self._events(item, heard, 0.0, deltas=False):
                self._send(due)

    def after_item(self, item: Item, heard: Heard | None, now_s: float) -> None:
        """Schedule the transcript of a native model's turn after its item was announced."""
        if self._session.transcribes and self._session.opening.is_native:
            deltas = streams(self._session["input_audio_transcription"]["model"])
            self._scheduled += self._events(item, heard, now_s + TRANSCRIPTION_S, deltas=deltas)

    def tick(self, now_s: float) -> None:
        """Send the events that are due, except those about items deleted meanwhile."""
        due = sorted(
            (event for event in self._scheduled if event.at_s <= now_s),
            key=lambda event: event.at_s,
        )
        self._scheduled = [event for event in self._scheduled if event.at_s > now_s]
        for event in due:
            if self._items.holds(event.item):
                self._send(event)

    def _send(self, due: _ScheduledEvent) -> None:
        if due.transcript is not None:
            due.item.wire["content"][0]["transcript"] = due.transcript
        self._effects.send(due.event)

    def _events(
        self, item: Item, heard: Heard | None, at_s: float, *, deltas: bool
    ) -> Iterator[_ScheduledEvent]:
        position = {"item_id": item.id, "content_index": 0}
        if heard and heard.failed:
            error = {
                "type": "server_error",
                "code": "transcription_failed",
                "message": heard.failed,
                "param": None,
            }
            yield _ScheduledEvent(
                at_s, item, {"type": f"{_EVENT}.failed", **position, "error": error}
            )
            return
        include = self._session["include"] or []
        # A script's transcript is certain; the probability of a measured one is unknown.
        certain = LOGPROBS in include and heard is not None and heard.transcript is not None
        transcript = item.transcript
        for token in _tokens(transcript) if deltas else ():
            delta = {"type": f"{_EVENT}.delta", **position, "delta": token}
            yield _ScheduledEvent(
                at_s, item, delta | ({"logprobs": logprobs([token])} if certain else {})
            )
            at_s += DELTA_S
        completed: JSON = {"type": f"{_EVENT}.completed", **position, "transcript": transcript}
        if certain:
            completed["logprobs"] = logprobs(_tokens(transcript))
        if PHRASES in include:
            completed["phrases"] = self._phrases(item, heard)
        yield _ScheduledEvent(at_s, item, completed, transcript)

    def _phrases(self, item: Item, heard: Heard | None) -> list[JSON]:
        """The speech of the turn as one phrase, timed from the start of the item's audio; empty
        when there was no speech."""
        measurement = item.measurement
        if measurement is None or not measurement.speech_ms:
            return []
        start_ms, duration_ms = measurement.speech_start_ms, measurement.speech_ms
        phrase: JSON = {
            "offset_milliseconds": start_ms,
            "duration_milliseconds": duration_ms,
            "text": item.transcript,
        }
        if heard and heard.transcript is not None:
            phrase["words"] = words_in(heard.transcript, start_ms, duration_ms)
        language = (self._session["input_audio_transcription"] or {}).get("language")
        if language and "," not in language:
            phrase["locale"] = language
        return [phrase]


def words_in(transcript: str, start_ms: int, duration_ms: int) -> list[JSON]:
    """Spread a script's words over the speech in proportion to their lengths: an estimate, because
    nothing recognised them in the sound. They follow one another without gaps and fill the span."""
    words = transcript.split()
    letters = sum(map(len, words))
    timed: list[JSON] = []
    before = 0
    for word in words:
        begin, end = (start_ms + duration_ms * n // letters for n in (before, before + len(word)))
        timed.append(
            {"text": word, "offset_milliseconds": begin, "duration_milliseconds": end - begin}
        )
        before += len(word)
    return timed


def logprobs(tokens: Sequence[str]) -> list[JSON]:
    """The tokens in the API's shape, as certain ones: with a natural logarithm of 0."""
    return [{"token": token, "logprob": 0.0, "bytes": list(token.encode())} for token in tokens]


def _tokens(transcript: str) -> list[str]:
    """Split a transcript into words with the white space before them; joined they are the
    transcript again."""
    return re.findall(r"\s*\S+|\s+$", transcript)
