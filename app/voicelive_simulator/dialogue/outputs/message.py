"""The assistant's message as an output: text, or speech with its transcript, word times and visemes
(protocol.md 5 and 15.2)."""

from __future__ import annotations

import base64
from collections import deque
from collections.abc import Iterator

from voicelive_simulator.api.schema import JSON
from voicelive_simulator.dialogue.outputs.output import DELTAS_PER_S, OutputPosition, OutputStep
from voicelive_simulator.dialogue.state.items import Item, message_json
from voicelive_simulator.dialogue.state.script import Pacing
from voicelive_simulator.sound.speech import Rendered, Viseme, Word, split_words


class MessageOutput:
    """A message that is sent in text deltas, or in audio deltas, each after the words and visemes
    that begin in it."""

    announced = ""
    continues = False

    def __init__(
        self,
        position: OutputPosition,
        text: str,
        pacing: Pacing,
        *,
        speaks: bool,
        timestamps: bool = False,
        visemes: bool = False,
    ) -> None:
        self.item = Item(
            message_json(position.item_id, "assistant", [], "in_progress"), spoken=speaks
        )
        self._position = position
        self._text = text
        self._pacing = pacing
        self._timestamps = timestamps
        self._visemes = visemes
        self._rendered: Rendered | None = None
        self._words: list[Word] = []
        self._audio_ms = 0

    @property
    def ready(self) -> bool:
        return self._rendered is not None or not self.item.spoken

    @property
    def transcript(self) -> str:
        """The text of the words sent so far."""
        return "".join(word.text for word in self._words)

    @property
    def has_audio(self) -> bool:
        """Whether any audio was sent."""
        return self._audio_ms > 0

    def rendered(self, rendered: Rendered) -> None:
        """Take the rendered speech; the output is ready from then on."""
        self._rendered = rendered

    def opening(self) -> list[JSON]:
        part = (
            {"type": "audio", "transcript": ""}
            if self.item.spoken
            else {"type": "text", "text": ""}
        )
        self.item.wire["content"] = [part]
        return [self._event("response.content_part.added", part=dict(part))]

    def steps(self) -> Iterator[OutputStep]:
        return self._text_steps() if self._rendered is None else self._audio_steps(self._rendered)

    def _text_steps(self) -> Iterator[OutputStep]:
        for n, text in enumerate(split_words(self._text)):
            delta = self._event("response.text.delta", delta=text)
            yield OutputStep(
                n / DELTAS_PER_S / self._pacing.pace, (delta,), text, word=Word(text, 0, 0)
            )

    def _audio_steps(self, rendered: Rendered) -> Iterator[OutputStep]:
        words = deque(rendered.words)
        visemes = deque(rendered.visemes if self._visemes else ())
        after_s = 0.0
        for at_ms in range(0, rendered.duration_ms, self._pacing.delta_ms):
            after_s, end_ms = (
                at_ms / 1000 / self._pacing.pace,
                min(at_ms + self._pacing.delta_ms, rendered.duration_ms),
            )
            while words and words[0].start_ms < end_ms:
                yield self._word_step(words.popleft(), after_s)
            while visemes and visemes[0].start_ms < end_ms:
                yield self._viseme_step(visemes.popleft(), after_s)
            chunk = rendered.audio[rendered.bytes_at(at_ms) : rendered.bytes_at(end_ms)]
            delta = self._event("response.audio.delta", delta=base64.b64encode(chunk).decode())
            yield OutputStep(after_s, (delta,), audio_ms=end_ms - at_ms)
        for word in words:
            yield self._word_step(word, after_s)
        for viseme in visemes:
            yield self._viseme_step(viseme, after_s)

    def _word_step(self, word: Word, after_s: float) -> OutputStep:
        events = [self._event("response.audio_transcript.delta", delta=word.text)]
        if self._timestamps and word.duration_ms:  # a dash is written but not spoken
            events.append(
                self._event(
                    "response.audio_timestamp.delta",
                    audio_offset_ms=word.start_ms,
                    audio_duration_ms=word.duration_ms,
                    text=word.text.strip(),
                    timestamp_type="word",
                )
            )
        return OutputStep(after_s, tuple(events), word.text, word=word)

    def _viseme_step(self, viseme: Viseme, after_s: float) -> OutputStep:
        position = {"audio_offset_ms": viseme.start_ms, "viseme_id": viseme.viseme_id}
        return OutputStep(after_s, (self._event("response.animation_viseme.delta", **position),))

    def sent(self, step: OutputStep) -> None:
        if step.word:
            self._words.append(step.word)
        self._audio_ms += step.audio_ms
        if not self.item.truncated:
            self.item.audio_ms = self._audio_ms
            self.item.words = tuple(self._words)

    def closing(self, *, whole: bool) -> list[JSON]:
        self.item.wire["status"] = "completed" if whole else "incomplete"
        if not self.item.truncated:
            self.item.wire["content"] = [self._part()]
        return [*self._content_done(), self._event("response.content_part.done", part=self._part())]

    def _content_done(self) -> list[JSON]:
        if not self.item.spoken:
            return [self._event("response.text.done", text=self.transcript)]
        events = [self._event("response.audio.done")]
        if self._timestamps:
            events.append(self._event("response.audio_timestamp.done"))
        if self._visemes:
            events.append(self._event("response.animation_viseme.done"))
        return [*events, self._event("response.audio_transcript.done", transcript=self.transcript)]

    def to_json(self) -> JSON:
        return {**self.item.wire, "content": [self._part()]}

    def _part(self) -> JSON:
        if self.item.spoken:
            return {"type": "audio", "transcript": self.transcript}
        return {"type": "text", "text": self.transcript}

    def _event(self, kind: str, **fields: object) -> JSON:
        return self._position.event(kind, content_index=0, **fields)
