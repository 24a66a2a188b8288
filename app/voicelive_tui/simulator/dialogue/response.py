"""One response as a stream of events on a schedule: words and audio paced faster than real time, and always one ending.

`due_s` says when the next events are due; `take` hands out all that are. The order is that of protocol.md 15.2; an interrupted
response sends the same `.done` events with what was sent until then (15.5).
"""

from __future__ import annotations

import base64
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from voicelive_tui.simulator.api.schema import JSON
from voicelive_tui.simulator.dialogue.items import Item
from voicelive_tui.simulator.sound.speech import Rendered, Word, split_words

FIRST_DELTA_S = 0.3  # from response.created to the first delta: what people call a quick answer of a cascaded model
AUDIO_DELTA_MS = 200
PACE = 5.0  # audio leaves this many times faster than it plays
TEXT_WORDS_PER_S = 30.0
AUDIO_TOKENS_PER_S = 20  # protocol.md 2
CHARS_PER_TOKEN = 4


def text_tokens(text: str) -> int:
    return -(-len(text) // CHARS_PER_TOKEN)


@dataclass(frozen=True, slots=True)
class Plan:
    """A response's effective parameters. `out_of_band` keeps it out of the conversation; `voice` and the rest are echoed."""

    text: str
    speaks: bool
    output_audio_format: str
    timestamps: bool
    out_of_band: bool
    max_tokens: int | None
    echoed: JSON
    input_tokens: int = 0
    input_audio_tokens: int = 0


@dataclass(frozen=True, slots=True)
class _Step:
    after_s: float
    events: tuple[JSON, ...]
    word: Word | None = None
    audio_ms: int = 0


@dataclass(slots=True)
class _Sent:
    words: list[Word] = field(default_factory=list)
    audio_ms: int = 0


class Response:
    """From `created` to `response.done`. Event dicts lack event_id, which the conversation adds."""

    def __init__(self, response_id: str, item_id: str, plan: Plan, now_s: float) -> None:
        self.id = response_id
        self.plan = plan
        self.item = Item(
            {"id": item_id, "object": "realtime.item", "type": "message", "status": "in_progress", "role": "assistant"}
        )
        self.item.wire["content"] = []
        self.item.spoken = plan.speaks
        self._created_s = now_s
        self._start_s: float | None = None
        self._steps: deque[_Step] = deque()
        self._sent = _Sent()
        self._cut = False
        self.opened = False

    @property
    def transcript(self) -> str:
        return "".join(word.text for word in self._sent.words)

    @property
    def due_s(self) -> float | None:
        """When `take` next has something; None while the voice is still at work."""
        if self._start_s is None:
            return None
        return self._start_s + (self._steps[0].after_s if self._steps else 0.0)

    @property
    def finished(self) -> bool:
        return self._start_s is not None and self.opened and not self._steps

    def created(self) -> JSON:
        return {"type": "response.created", "response": self._wire("in_progress", None, [])}

    def schedule(self, rendered: Rendered | None, now_s: float) -> None:
        """The content is there (`rendered` for speech): the first delta leaves FIRST_DELTA_S after the creation, or now."""
        self._start_s = max(now_s, self._created_s + FIRST_DELTA_S)
        steps = self._text_steps() if rendered is None else self._audio_steps(rendered)
        self._steps.extend(self._within_tokens(steps))

    def _text_steps(self) -> Iterator[_Step]:
        for n, text in enumerate(split_words(self.plan.text)):
            yield _Step(n / TEXT_WORDS_PER_S, (self._delta("response.text.delta", text),), Word(text, 0, 0))

    def _audio_steps(self, rendered: Rendered) -> Iterator[_Step]:
        """Each audio delta after the words that begin in it."""
        words = deque(rendered.words)
        after_s = 0.0
        for at_ms in range(0, rendered.duration_ms, AUDIO_DELTA_MS):
            after_s, end_ms = at_ms / 1000 / PACE, min(at_ms + AUDIO_DELTA_MS, rendered.duration_ms)
            while words and words[0].start_ms < end_ms:
                yield self._word_step(words.popleft(), after_s)
            chunk = rendered.audio[rendered.bytes_at(at_ms) : rendered.bytes_at(end_ms)]
            delta = self._delta("response.audio.delta", base64.b64encode(chunk).decode())
            yield _Step(after_s, (delta,), audio_ms=end_ms - at_ms)
        for word in words:
            yield self._word_step(word, after_s)

    def _word_step(self, word: Word, after_s: float) -> _Step:
        events = [self._delta("response.audio_transcript.delta", word.text)]
        if self.plan.timestamps:
            events.append(
                self._event(
                    "response.audio_timestamp.delta",
                    audio_offset_ms=word.start_ms,
                    audio_duration_ms=word.duration_ms,
                    text=word.text.strip(),
                    timestamp_type="word",
                )
            )
        return _Step(after_s, tuple(events), word)

    def _within_tokens(self, steps: Iterator[_Step]) -> Iterator[_Step]:
        """Stops at max_output_tokens, counted as usage counts them."""
        chars, audio_ms = 0, 0
        for step in steps:
            chars += len(step.word.text) if step.word else 0
            audio_ms += step.audio_ms
            tokens = -(-chars // CHARS_PER_TOKEN) + -(-audio_ms * AUDIO_TOKENS_PER_S // 1000)
            if self.plan.max_tokens is not None and tokens > self.plan.max_tokens:
                self._cut = True
                return
            yield step

    def open(self) -> list[JSON]:
        """The item's and the part's beginning; the conversation announces the item between the two."""
        self.opened = True
        part = {"type": "audio", "transcript": ""} if self.plan.speaks else {"type": "text", "text": ""}
        added = {"type": "response.output_item.added", "response_id": self.id, "output_index": 0, "item": self.item.shown()}
        self.item.wire["content"] = [part]
        return [added, self._event("response.content_part.added", part=dict(part))]

    def take(self, now_s: float) -> list[JSON]:
        """All events due by now."""
        events: list[JSON] = []
        while self._start_s is not None and self._steps and self._start_s + self._steps[0].after_s <= now_s:
            step = self._steps.popleft()
            if step.word:
                self._sent.words.append(step.word)
            self._sent.audio_ms += step.audio_ms
            events += step.events
        if not self.item.truncated:
            self.item.audio_ms = self._sent.audio_ms
            self.item.words = tuple(self._sent.words)
        return events

    @property
    def has_audio(self) -> bool:
        """Whether audio was sent."""
        return self._sent.audio_ms > 0

    def close(self, status: str, reason: str | None = None, error: JSON | None = None) -> list[JSON]:
        """The `.done` family and response.done; `status` "completed" becomes "incomplete" when the tokens ran out.
        `reason` belongs to "cancelled", `error` to "failed". They tell what was sent, also of an item truncated meanwhile."""
        if status == "completed" and self._cut:
            status, reason = "incomplete", "max_output_tokens"
        whole = "completed" if status == "completed" else "incomplete"
        self._steps.clear()
        events: list[JSON] = []
        output: list[JSON] = []
        if self.opened:
            self.item.wire["status"] = whole
            part = {**self.item.wire["content"][0], "transcript" if self.plan.speaks else "text": self.transcript}
            if not self.item.truncated:
                self.item.wire["content"] = [part]
            events += self._content_done(part)
            sent = {**self.item.wire, "content": [dict(part)]}
            events.append({"type": "response.output_item.done", "response_id": self.id, "output_index": 0, "item": sent})
            output = [sent]
        details: JSON | None = {"type": status, "reason": reason} if reason else None
        if error:
            details = {"type": status, "error": error}
        return [*events, {"type": "response.done", "response": self._wire(status, details, output)}]

    def _content_done(self, part: JSON) -> list[JSON]:
        if not self.plan.speaks:
            events = [self._event("response.text.done", text=self.transcript)]
        else:
            events = [self._event("response.audio.done")]
            if self.plan.timestamps:
                events.append(self._event("response.audio_timestamp.done"))
            events.append(self._event("response.audio_transcript.done", transcript=self.transcript))
        return [*events, self._event("response.content_part.done", part=dict(part))]

    def _delta(self, name: str, delta: str) -> JSON:
        return self._event(name, delta=delta)

    def _event(self, name: str, **fields: object) -> JSON:
        place = {"response_id": self.id, "item_id": self.item.id, "output_index": 0, "content_index": 0}
        return {"type": name, **place, **fields}

    def _wire(self, status: str, details: JSON | None, output: list[JSON]) -> JSON:
        return {
            "id": self.id,
            "object": "realtime.response",
            "status": status,
            "status_details": details,
            "output": output,
            "usage": self.usage(done=status != "in_progress"),
            **self.plan.echoed,
        }

    def usage(self, *, done: bool) -> JSON:
        """Estimates: a token for four characters, 10 for a second of audio heard and 20 for one spoken (protocol.md 2)."""
        plan = self.plan
        text_in, audio_in = (plan.input_tokens, plan.input_audio_tokens) if done else (0, 0)
        text_out = text_tokens(self.transcript)
        audio_out = -(-self._sent.audio_ms * AUDIO_TOKENS_PER_S // 1000)
        none = {"text_tokens": 0, "audio_tokens": 0, "image_tokens": 0}
        return {
            "total_tokens": text_in + audio_in + text_out + audio_out,
            "input_tokens": text_in + audio_in,
            "output_tokens": text_out + audio_out,
            "input_token_details": {
                "cached_tokens": 0,
                "text_tokens": text_in,
                "audio_tokens": audio_in,
                "image_tokens": 0,
                "cached_tokens_details": none,
            },
            "output_token_details": {"text_tokens": text_out, "audio_tokens": audio_out, "reasoning_tokens": 0},
        }
