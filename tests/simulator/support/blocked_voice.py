"""A voice that does not return before it is released."""

import threading
from types import TracebackType

from voicelive_simulator.sound.speech import NEUTRAL_PROSODY, Prosody, Utterance
from voicelive_simulator.sound.tones import ToneVoice

from tests.support.deadlines import DEADLINE_S


class BlockedVoice(ToneVoice):
    """Tones that wait until they are released; `spoken` lists the requested texts. As a context
    manager it releases them at the end, because otherwise their threads would delay the end of the
    test."""

    def __init__(self) -> None:
        self.spoken: list[str] = []
        self.may = threading.Event()

    def __enter__(self) -> "BlockedVoice":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.may.set()

    def speak(self, text: str, manner: Prosody = NEUTRAL_PROSODY) -> Utterance:
        self.spoken.append(text)
        assert self.may.wait(DEADLINE_S)
        return super().speak(text, manner)
