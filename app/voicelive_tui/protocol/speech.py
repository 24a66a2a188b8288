"""The book of the agent's audio: what was received, what may still sound, what is to be dropped.

Invariant: a part that was cut off, or arrived while nobody could hear it, never sounds again: half an answer resumed in the
middle makes no sense, and its played milliseconds would not either.
"""

from dataclasses import dataclass, field
from typing import Literal

from voicelive_tui.model.formats import WireFormat
from voicelive_tui.protocol.formats import frame_bytes

PartState = Literal["waiting", "playing", "heard", "cut", "unheard"]


@dataclass(slots=True)
class Part:
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
    def sounds(self) -> bool:
        """Some of it may still reach the ear."""
        return self.state in ("waiting", "playing")

    def cut_ms(self, played_ms: int) -> int | None:
        """Where the answer was cut off, in milliseconds of its audio; None if all of it was heard.

        Never more than was received: the service refuses a position beyond the audio it made.
        """
        heard_ms = max(0, min(played_ms, self.received_ms))
        return None if self.ended and heard_ms >= self.received_ms else heard_ms

    def take(self, audio: bytes) -> bytes:
        """Count these bytes; the whole samples among them."""
        self.received_bytes += len(audio)
        audio = self.split + audio
        whole = len(audio) - len(audio) % frame_bytes(self.format)
        self.split = audio[whole:]
        return audio[:whole]


class Speech:
    """All parts of a session, by item and content index."""

    def __init__(self) -> None:
        self.audible = False
        """There is a speaker, and it is this session's."""
        self._parts: dict[tuple[str, int], Part] = {}
        self._sounding: dict[tuple[str, int], Part] = {}
        """Those of `_parts` that may still reach the ear: asked for in every snapshot, so never searched for."""
        self._receiving: dict[str, dict[tuple[str, int], Part]] = {}
        """Those of `_sounding` that the service has not sent to their end, by their response."""
        self._playing: set[tuple[str, int]] = set()
        """Those of `_sounding` that are heard now."""
        self._silent_until_s = 0.0

    def part(self, item_id: str, content_index: int) -> Part | None:
        """The part, if any of it was received."""
        return self._parts.get((item_id, content_index))

    def receive(self, item_id: str, content_index: int, response_id: str, fmt: WireFormat) -> Part:
        """The part this delta belongs to, begun if it is new."""
        key = (item_id, content_index)
        part = self._parts.get(key)
        if part is None:
            part = Part(item_id, content_index, response_id, fmt, "waiting" if self.audible else "unheard")
            self._parts[key] = part
            if part.sounds:
                self._sounding[key] = part
                self._receiving.setdefault(response_id, {})[key] = part
        return part

    def ended(self, part: Part) -> None:
        """The service sent all of this part."""
        part.ended = True
        self._received(part)

    def end_of(self, response_id: str, *, known: bool) -> list[Part]:
        """A response is done: its parts that had no other end. One that is not known, nor by a part, ends what is received."""
        if known or (response_id and response_id in self._receiving):
            found = list(self._receiving.pop(response_id, {}).values())
        else:
            found = [part for parts in self._receiving.values() for part in parts.values()]
            self._receiving.clear()
        for part in found:
            part.ended = True
        return found

    def started(self, part: Part) -> None:
        """The first sample of this part was heard."""
        if part.state == "waiting":
            part.state = "playing"
            self._playing.add((part.item_id, part.content_index))

    def heard(self, part: Part) -> None:
        """This part was played to its end."""
        part.state = "heard"
        key = (part.item_id, part.content_index)
        self._sounding.pop(key, None)
        self._playing.discard(key)
        self._received(part)

    def unheard(self, size_bytes: int, fmt: WireFormat, now: float) -> None:
        """Let audio that nobody hears pass in its own time, so that the session still seems to speak."""
        seconds = fmt.duration_ms(size_bytes) / 1000
        self._silent_until_s = max(now, self._silent_until_s) + seconds

    @property
    def sounding(self) -> bool:
        """Some part may still reach the ear."""
        return bool(self._sounding)

    def cut(self) -> list[Part]:
        """Every sounding part is cut off; these, in the order of their arrival."""
        parts = list(self._sounding.values())
        for part in parts:
            part.state = "cut"
        for kept in (self._sounding, self._receiving, self._playing):
            kept.clear()
        return parts

    def hush(self, now: float) -> None:
        """An answer that nobody hears was cut off as well."""
        self._silent_until_s = min(self._silent_until_s, now)

    def speaking(self, now: float) -> bool:
        """Sound leaves the speaker, or would."""
        return now < self._silent_until_s or bool(self._playing)

    def speaks_until_s(self, now: float) -> float | None:
        """When unheard speech ends by itself; None if there is none."""
        return self._silent_until_s if now < self._silent_until_s else None

    def _received(self, part: Part) -> None:
        parts = self._receiving.get(part.response_id, {})
        parts.pop((part.item_id, part.content_index), None)
        if not parts:
            self._receiving.pop(part.response_id, None)
