"""The tokens of responses by kind, as `response.done` reports them (protocol.md 13.4)."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from voicelive_tui.model.events.fields import get_count, get_object


@dataclass(frozen=True, slots=True)
class TokenUsage:
    """Tokens, summed over responses.

    input_tokens, output_tokens: all of each, with those whose kind the service did not name.
    cached: the part of the input that the service had in its cache; cached_text and cached_audio
    are parts of it, and of input_text and input_audio.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    input_text: int = 0
    input_audio: int = 0
    input_image: int = 0
    cached: int = 0
    cached_text: int = 0
    cached_audio: int = 0
    output_text: int = 0
    output_audio: int = 0

    def __add__(self, other: "TokenUsage") -> "TokenUsage":
        return TokenUsage(*(getattr(self, name) + getattr(other, name) for name in _NAMES))


_NAMES = tuple(field.name for field in fields(TokenUsage))

NO_TOKENS = TokenUsage()
"""The usage of no response."""


def counts_of(usage: TokenUsage) -> dict[str, int]:
    """Return the counts that are not 0, by their names."""
    return {name: count for name in _NAMES if (count := getattr(usage, name))}


def usage_of(counts: Mapping[str, Any]) -> TokenUsage:
    """Return the usage with these counts, by their names; what is no count is 0."""
    return TokenUsage(*(get_count(counts, name) for name in _NAMES))


def token_usage(event: Mapping[str, Any]) -> TokenUsage:
    """Return the usage in a `response.done`; every field of it is optional."""
    usage = get_object(get_object(event, "response"), "usage")
    taken, given = (get_object(usage, f"{way}_token_details") for way in ("input", "output"))
    cached = get_object(taken, "cached_tokens_details")
    return TokenUsage(
        get_count(usage, "input_tokens"),
        get_count(usage, "output_tokens"),
        *(get_count(taken, f"{kind}_tokens") for kind in ("text", "audio", "image", "cached")),
        *(get_count(cached, f"{kind}_tokens") for kind in ("text", "audio")),
        *(get_count(given, f"{kind}_tokens") for kind in ("text", "audio")),
    )
