"""The state of the assistant's audio: what was received, what may still sound, and what is to be
dropped. This is the console's one count of how much of each content part was received.

Invariant: a part that was cut off, or arrived while nobody could hear it, never sounds again: half
an answer resumed in the middle makes no sense, and its played milliseconds would not either.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from voicelive_tui.model.formats import WireFormat

PartState = Literal["sounding", "heard", "cut", "unheard"]


@dataclass(slots=True)
class AudioPart:
    """One content part of an item. `ended` means that the service sent all of it."""

    item_id: str
    content_index: int
    response_id: str
    format: WireFormat
    state: PartState
    received_bytes: int = 0
    ended: bool = False
    split: bytes = field(default=b"", repr=False)
    """The first byte of a sample whose second byte comes with the next delta."""

    @property
    def received_ms(self) -> int:
        """Whole milliseconds received."""
        return int(self.format.duration_ms(self.received_bytes))

    @property
    def audible(self) -> bool:
        """Whether some of it may still reach the ear: it waits for the speaker, or leaves it."""
        return self.state == "sounding"

    @property
    def begun(self) -> bool:
        """Whether a whole sample of it was received."""
        return self.received_bytes >= self.format.sample_bytes

    def truncation_ms(self, played_ms: int) -> int | None:
        """Where the answer was cut off, in milliseconds of its audio; None if all of it was heard.

        Never more than was received: the service refuses a position beyond the audio it made.
        """
        heard_ms = max(0, min(played_ms, self.received_ms))
        return None if self.ended and heard_ms >= self.received_ms else heard_ms

    def add_bytes(self, audio: bytes) -> bytes:
        """Count these bytes; returns the samples that are complete with them."""
        self.received_bytes += len(audio)
        audio = self.split + audio
        whole = self.format.whole_bytes(len(audio))
        self.split = audio[whole:]
        return audio[:whole]


class OutputAudio:
    """All parts of a session, by item and content index."""

    def __init__(self) -> None:
        self.audible = False
        """There is a speaker, and it is this session's."""
        self._parts: dict[tuple[str, int], AudioPart] = {}
        self._sounding: dict[tuple[str, int], AudioPart] = {}
        """Those of `_parts` that may still reach the ear: asked for in every snapshot, so never
        searched for."""
        self._receiving: dict[str, dict[tuple[str, int], AudioPart]] = {}
        """Those of `_sounding` that the service has not sent to their end, by their response.

        Invariant: each of these responses runs or is a stray.
        """
        self._strays: dict[str, None] = {}
        """Responses that did not run when their sound came: they are not waited for when another
        one is done."""
        self._begun: set[tuple[str, int]] = set()
        """Those of `_sounding` of which a whole sample was received."""
        self._silent_until_s = 0.0

    def part(self, item_id: str, content_index: int) -> AudioPart | None:
        """The part, if any of it was received."""
        return self._parts.get((item_id, content_index))

    def receive(
        self, item_id: str, content_index: int, response_id: str, fmt: WireFormat, *, runs: bool
    ) -> AudioPart:
        """The part that this delta belongs to. It is begun if it is new, and begun again if all
        that was received of it was heard already.

        runs: its response has begun and is not done.
        """
        key = (item_id, content_index)
        part = self._parts.get(key)
        if part is None or part.state == "heard":
            part = AudioPart(
                item_id, content_index, response_id, fmt, "sounding" if self.audible else "unheard"
            )
            self._parts[key] = part
            if part.audible:
                self._sounding[key] = part
                self._receiving.setdefault(response_id, {})[key] = part
                if not runs:
                    self._strays[response_id] = None
        return part

    def add_bytes(self, part: AudioPart, audio: bytes) -> bytes:
        """Count these bytes of the part; returns the samples that are complete with them."""
        whole = part.add_bytes(audio)
        if part.audible and part.begun:
            self._begun.add((part.item_id, part.content_index))
        return whole

    def ended(self, part: AudioPart) -> None:
        """Note that the service sent all of this part."""
        part.ended = True
        self._received(part)

    def end_of(
        self, response_id: str, runs: Callable[[str], bool], *, known: bool
    ) -> list[AudioPart]:
        """End the parts of a response that is done, and those of every response that does not run.

        A response that is not known ends the parts of all: nothing runs after it. Returns the parts
        that the service has not ended by itself.
        """
        ending = (
            [response_id, *(key for key in self._strays if not runs(key))]
            if known
            else list(self._receiving)
        )
        found = [part for key in ending for part in self._receiving.pop(key, {}).values()]
        self._strays.clear()
        for part in found:
            part.ended = True
        return found

    def finish(self, part: AudioPart) -> None:
        """Note that this part was played to its end."""
        part.state = "heard"
        key = (part.item_id, part.content_index)
        self._sounding.pop(key, None)
        self._begun.discard(key)
        self._received(part)

    def skip(self, size_bytes: int, fmt: WireFormat, now: float) -> None:
        """Let audio that nobody hears pass in its own time, so that the session still seems to
        speak."""
        seconds = fmt.duration_ms(size_bytes) / 1000
        self._silent_until_s = max(now, self._silent_until_s) + seconds

    @property
    def sounding(self) -> bool:
        """Whether some part may still reach the ear."""
        return bool(self._sounding)

    def truncate_all(self) -> list[AudioPart]:
        """Cut off every sounding part; returns them in the order of their arrival."""
        parts = list(self._sounding.values())
        for part in parts:
            part.state = "cut"
        for kept in (self._sounding, self._receiving, self._strays, self._begun):
            kept.clear()
        return parts

    def stop_unheard(self, now: float) -> None:
        """Cut off an answer that nobody hears."""
        self._silent_until_s = min(self._silent_until_s, now)

    def speaking(self, now: float) -> bool:
        """Whether sound leaves the speaker, waits for it, or would leave it if there were one.

        A part speaks from its first sample received until the speaker reports its end, not only
        while it is heard: a service may send minutes of it at once.
        """
        return now < self._silent_until_s or bool(self._begun)

    def speaks_until_s(self, now: float) -> float | None:
        """When unheard speech ends by itself; None if there is none."""
        return self._silent_until_s if now < self._silent_until_s else None

    def _received(self, part: AudioPart) -> None:
        parts = self._receiving.get(part.response_id, {})
        parts.pop((part.item_id, part.content_index), None)
        if not parts:
            self._receiving.pop(part.response_id, None)
