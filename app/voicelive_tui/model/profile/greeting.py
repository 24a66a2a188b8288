"""The greeting of a profile: what the agent says before the user has said anything."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Greeting:
    """The `[greeting]` table. text: said word for word. prompt: what the model is told for its
    first words. One of both is empty; without a greeting, both are."""

    text: str = ""
    prompt: str = ""

    def __bool__(self) -> bool:
        return bool(self.text or self.prompt)


NO_GREETING: Final = Greeting()


def greeting_of(document: Mapping[str, Any]) -> Greeting:
    """Return the greeting of a profile's document, whose `[greeting]` table was checked."""
    table = document.get("greeting", {})
    return Greeting(table.get("text", "").strip(), table.get("prompt", "").strip())
