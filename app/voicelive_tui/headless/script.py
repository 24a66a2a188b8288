"""The script of a run without a console: its spoken and typed turns in order, and how many are
wanted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Mic = Literal["file", "user", "none"]
"""The source of the microphone's audio: a sound file, the user or nothing."""

TURN_TIMEOUT_S = 60.0


@dataclass(frozen=True, slots=True)
class TypedTurn:
    """A typed turn."""

    text: str


@dataclass(frozen=True, slots=True)
class SpokenTurn:
    """A turn that the microphone's file speaks."""


Prompt = TypedTurn | SpokenTurn


class ScriptError(ValueError):
    """The wanted turns cannot be held. The text is one sentence with the cure."""


@dataclass(frozen=True, slots=True)
class Script:
    """The turns of a run. turns: how many are wanted, None for no limit. prompts: what opens the
    first turns; the user opens the others."""

    prompts: tuple[Prompt, ...]
    turns: int | None

    def prompt(self, held: int) -> Prompt | None:
        """The prompt for the turn that follows `held` turns; None when the user opens it."""
        return self.prompts[held] if held < len(self.prompts) else None

    def timeout_s(self, requested_s: float | None) -> float | None:
        """The longest time of the run in seconds; None for no limit."""
        return (
            requested_s
            if requested_s is not None or self.turns is None
            else self.turns * TURN_TIMEOUT_S
        )


def write_script(mic: Mic, texts: Sequence[str], turns: int | None) -> Script:
    """The script for a microphone, typed turns and a wanted number of turns. Raises ScriptError.

    A file speaks first, because it is heard as soon as the session is on air, and again in every
    turn without a text.
    """
    typed = [TypedTurn(text) for text in texts]
    match mic:
        case "none" if not typed:
            raise ScriptError(
                "there is nothing to say: give --mic a file or a device, or --text a message"
            )
        case "none" if turns is not None and turns > len(typed):
            raise ScriptError(
                f"--turns asks for {turns} turns, and without a microphone --text gives "
                f"{len(typed)}"
            )
        case "none":
            return Script(tuple(typed), turns or len(typed))
        case "user":
            return Script(tuple(typed), turns)
        case "file":
            wanted = turns or len(typed) + 1
            prompts: list[Prompt] = [SpokenTurn(), *typed, *[SpokenTurn()] * wanted]
            return Script(tuple(prompts[:wanted]), wanted)
