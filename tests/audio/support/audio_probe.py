"""An AudioClient for tests that keeps every message and waits for conditions on them."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Self, TypeVar

from voicelive_tui.audio.client.client import AudioClient
from voicelive_tui.audio.client.link_address import LinkAddress
from voicelive_tui.audio.ipc.messages import (
    AudioMessage,
    DeviceNotice,
    MicBlock,
    Opened,
    OpenRequest,
)
from voicelive_tui.model.formats import AudioFormat

from tests.support.deadlines import DEADLINE_S

T = TypeVar("T")


class AudioProbe:
    """An AudioClient, with other limits where the test gives some, or with the devices at the end
    of a link; it is closed at the end of the block. The level reports in a `MicBlock` are kept like
    messages of their own."""

    def __init__(self, at: LinkAddress | None = None, **limits: float) -> None:
        self.messages: list[AudioMessage] = []
        self._changed = asyncio.Event()
        self._received_bytes: dict[tuple[str, int], int] = {}
        self.client = AudioClient(self._take, at=at, link_changed=self._changed.set, **limits)

    def _take(self, message: AudioMessage) -> None:
        self.messages.append(message)
        if isinstance(message, MicBlock):
            self.messages += message.levels
        self._changed.set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.client.close()

    async def open(self, microphone: str = "none", speaker: str = "none") -> Opened:
        """Open these ports."""
        return await self.client.open(OpenRequest(microphone, speaker))

    def play(self, item_id: str, content_index: int, audio: bytes) -> None:
        """Queue sound with the count of all that was received of its part, as a conversation does;
        it is taken for pcm16 of 24 kHz."""
        key = (item_id, content_index)
        self._received_bytes[key] = self._received_bytes.get(key, 0) + len(audio)
        received_ms = int(AudioFormat().duration_ms(self._received_bytes[key]))
        self.client.play(item_id, content_index, audio, received_ms)

    def of(self, kind: type[T]) -> list[T]:
        """Return every message of this kind so far."""
        return [message for message in self.messages if isinstance(message, kind)]

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until the messages fulfil the condition."""
        async with asyncio.timeout(DEADLINE_S):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    async def one(self, kind: type[T], number: int = 1) -> T:
        """Wait for the message of this kind with this number (0 for the first) and return it."""
        await self.until(lambda: len(self.of(kind)) >= number)
        return self.of(kind)[number - 1]

    async def notice(self, text: str) -> DeviceNotice:
        """Wait for a notice with this text and return the first; others may come before it."""
        await self.until(lambda: any(text in notice.text for notice in self.of(DeviceNotice)))
        return next(notice for notice in self.of(DeviceNotice) if text in notice.text)

    @property
    def heard(self) -> bytes:
        """Return the microphone's audio so far."""
        return b"".join(block.audio for block in self.of(MicBlock))

    @property
    def sequences(self) -> list[int]:
        """Return the numbers of the microphone's blocks so far."""
        return [block.sequence for block in self.of(MicBlock)]
