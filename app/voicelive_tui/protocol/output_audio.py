"""The state of the assistant's audio: which content parts were received, which may still be heard,
and which are dropped. Whatever acts on how much of a part was received takes it from here; the
transcript counts again, from the journal, because a recording has nothing else.

Invariant: a part that was cut off, or that arrived while there was no speaker, is never played
again. An answer that is resumed in the middle makes no sense, and its played milliseconds would be
wrong.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol

from voicelive_tui.model.formats import AudioFormat

PartState = Literal["sounding", "heard", "cut", "unheard"]


class Played(Protocol):
    """The heard length of one content part."""

    @property
    def item_id(self) -> str: ...
    @property
    def content_index(self) -> int: ...
    @property
    def played_ms(self) -> int: ...


@dataclass(slots=True)
class AudioPart:
    """One content part of an item. `ended` means that the service has sent all of it."""

    item_id: str
    content_index: int
    response_id: str
    format: AudioFormat
    state: PartState
    received_bytes: int = 0
    ended: bool = False
    split: bytes = field(default=b"", repr=False)
    """The first byte of a sample whose second byte comes with the next delta."""

    @property
    def received_ms(self) -> int:
        """The whole milliseconds received."""
        return int(self.format.duration_ms(self.received_bytes))

    @property
    def audible(self) -> bool:
        """Whether some of it may still be heard: it waits for the speaker or is being played."""
        return self.state == "sounding"

    @property
    def begun(self) -> bool:
        """Whether a whole sample of it was received."""
        return self.received_bytes >= self.format.sample_bytes

    def truncation_ms(self, played_ms: int) -> int | None:
        """The position in milliseconds at which the answer was cut off; None if all of it was
        heard.

        It is never more than was received, because the service refuses a position beyond the audio
        it made.
        """
        heard_ms = max(0, min(played_ms, self.received_ms))
        return None if self.ended and heard_ms >= self.received_ms else heard_ms

    def add_bytes(self, audio: bytes) -> bytes:
        """Count these bytes; returns the whole samples among them."""
        self.received_bytes += len(audio)
        audio = self.split + audio
        whole = self.format.whole_bytes(len(audio))
        self.split = audio[whole:]
        return audio[:whole]


class OutputAudio:
    """All parts of a session, by item and content index. Times are in seconds, on the caller's
    clock."""

    def __init__(self) -> None:
        self.audible = False
        """Whether this session has a speaker."""
        self._parts: dict[tuple[str, int], AudioPart] = {}
        self._sounding: dict[tuple[str, int], AudioPart] = {}
        """The entries of `_parts` that may still be heard. They are kept apart because every
        snapshot asks for them."""
        self._receiving: dict[str, dict[tuple[str, int], AudioPart]] = {}
        """The entries of `_sounding` that the service has not sent completely, by their response.

        Invariant: each of these responses is running or a stray.
        """
        self._strays: dict[str, None] = {}
        """Responses that were not running when their audio came. Their parts end when another
        response is done."""
        self._begun: set[tuple[str, int]] = set()
        """The keys in `_sounding` of parts of which a whole sample was received."""
        self.due_s: float | None = None
        """When audio without a speaker will have passed, and `tick` has something to do; None if
        there is none."""

    def part(self, item_id: str, content_index: int) -> AudioPart | None:
        """The part with this key; None if nothing of it was received."""
        return self._parts.get((item_id, content_index))

    def receive(
        self, item_id: str, content_index: int, response_id: str, fmt: AudioFormat, *, runs: bool
    ) -> AudioPart:
        """Return the part that a delta belongs to. It is a new one for the first delta, and also
        when all audio received of it before was already heard.

        runs: whether its response has begun and is not done.
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
        """Count these bytes of the part; returns the whole samples among them."""
        whole = part.add_bytes(audio)
        if part.audible and part.begun:
            self._begun.add((part.item_id, part.content_index))
        return whole

    def ended(self, part: AudioPart) -> None:
        """Note that the service has sent all of this part."""
        part.ended = True
        self._received(part)

    def end_parts(
        self, response_id: str, runs: Callable[[str], bool], *, known: bool
    ) -> list[AudioPart]:
        """End the parts of a response that is done, and of all responses that do not run; returns
        those that had no end of their own.

        known: False for a response whose id is not known. It ends all parts: nothing runs after it.
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

    def _over(self, part: AudioPart, state: PartState) -> None:
        """Note that nothing more of this part will be heard."""
        part.state = state
        key = (part.item_id, part.content_index)
        self._sounding.pop(key, None)
        self._begun.discard(key)
        self._received(part)

    def drained(self, played: Played) -> None:
        """Handle the speaker's report that it has played this part to its end."""
        part = self.part(played.item_id, played.content_index)
        if part is not None and part.audible:
            self._over(part, "heard")

    def lost(self, played: Played) -> None:
        """Cut this part off, because the speaker went away in the middle of it."""
        part = self.part(played.item_id, played.content_index)
        if part is not None and part.audible:
            self._over(part, "cut")

    def skip(self, size_bytes: int, fmt: AudioFormat, now: float) -> None:
        """Let audio without a speaker pass in real time, so that the assistant counts as speaking
        for that long."""
        begins_s = now if self.due_s is None else max(now, self.due_s)
        self.due_s = begins_s + fmt.duration_ms(size_bytes) / 1000

    def tick(self, now: float) -> None:
        """End the audio without a speaker when its time has passed."""
        if self.due_s is not None and now >= self.due_s:
            self.due_s = None

    @property
    def sounding(self) -> bool:
        """Whether some part may still be heard."""
        return bool(self._sounding)

    def cut_all(self) -> list[AudioPart]:
        """Cut off every sounding part; returns them in the order of their arrival."""
        parts = list(self._sounding.values())
        for part in parts:
            part.state = "cut"
        for kept in (self._sounding, self._receiving, self._strays, self._begun):
            kept.clear()
        return parts

    def stop_unheard(self) -> None:
        """Cut off audio without a speaker."""
        self.due_s = None

    def speaking(self, now: float) -> bool:
        """Whether audio is being played or waits to be, or would if the session had a speaker.

        A part counts from its first received sample until the speaker reports its end, not only
        while it is heard, because a service may send minutes of it at once.
        """
        return bool(self._begun) or (self.due_s is not None and now < self.due_s)

    def _received(self, part: AudioPart) -> None:
        parts = self._receiving.get(part.response_id, {})
        parts.pop((part.item_id, part.content_index), None)
        if not parts:
            self._receiving.pop(part.response_id, None)
