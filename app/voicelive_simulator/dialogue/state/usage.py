"""Estimates of the tokens that a response costs, in the API's form (protocol.md 2 and 13.4).

A token is four characters of text, a tenth of a second of audio heard, or a twentieth of a second
of audio spoken. An image counts as 85 tokens with detail "low", else as 765, as in OpenAI's models
for 1024 x 1024 pixels; its contents are not examined. Reasoning tokens are always 0.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from voicelive_simulator.api.schema import JSON
from voicelive_simulator.dialogue.state.items import Item

CHARS_PER_TOKEN = 4
HEARD_TOKENS_PER_S = 10
SPOKEN_TOKENS_PER_S = 20
_IMAGE_TOKENS, _SMALL_IMAGE_TOKENS = 765, 85


@dataclass(frozen=True, slots=True)
class Tokens:
    text: int = 0
    audio: int = 0
    image: int = 0

    @property
    def total(self) -> int:
        return self.text + self.audio + self.image

    def __add__(self, other: Tokens) -> Tokens:
        return Tokens(self.text + other.text, self.audio + other.audio, self.image + other.image)

    def to_json(self) -> JSON:
        return {"text_tokens": self.text, "audio_tokens": self.audio, "image_tokens": self.image}


@dataclass(frozen=True, slots=True)
class InputTokens:
    """The tokens that the model read, and those among them that it had read before."""

    read: Tokens = Tokens()
    cached: Tokens = Tokens()


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the model's input; equal parts have equal keys."""

    key: tuple[str, int]
    tokens: Tokens


class PromptCache:
    """Counts the beginning that an input shares with the one before it as cached, like the models'
    own prompt caches. Their minimum length and their expiry are not simulated."""

    def __init__(self) -> None:
        self._previous: tuple[Part, ...] = ()

    def read(self, parts: Sequence[Part]) -> InputTokens:
        cached, is_cached = Tokens(), True
        total = Tokens()
        for n, part in enumerate(parts):
            is_cached = is_cached and n < len(self._previous) and self._previous[n] == part
            cached += part.tokens if is_cached else Tokens()
            total += part.tokens
        self._previous = tuple(parts)
        return InputTokens(total, cached)


def text_tokens(text: str) -> int:
    return -(-len(text) // CHARS_PER_TOKEN)


def output_tokens(chars: int, audio_ms: int) -> Tokens:
    """The tokens of `chars` characters of transcript, text and arguments, and `audio_ms` of
    speech."""
    return Tokens(-(-chars // CHARS_PER_TOKEN), -(-audio_ms * SPOKEN_TOKENS_PER_S // 1000))


def prompt_part(instructions: str, tools: Sequence[JSON]) -> Part:
    """The instructions and tools, with which every input begins."""
    text = instructions + "".join(json.dumps(tool, sort_keys=True) for tool in tools)
    return Part(("", hash(text)), Tokens(text_tokens(text)))


def item_part(item: Item) -> Part:
    """An item of the context: heard audio counts as audio, everything else as its text."""
    images = sum(_image_tokens(part) for part in item.wire.get("content", ()))
    if item.measurement:
        tokens = Tokens(audio=-(-item.audio_ms * HEARD_TOKENS_PER_S // 1000), image=images)
    else:
        tokens = Tokens(text=text_tokens(item.text), image=images)
    return Part((item.id, hash(item.text)), tokens)


def _image_tokens(part: JSON) -> int:
    if part.get("type") != "input_image":
        return 0
    return _SMALL_IMAGE_TOKENS if part.get("detail") == "low" else _IMAGE_TOKENS


def usage(read: InputTokens, written: Tokens) -> JSON:
    """The `usage` object of a response."""
    return {
        "total_tokens": read.read.total + written.total,
        "input_tokens": read.read.total,
        "output_tokens": written.total,
        "input_token_details": {
            "cached_tokens": read.cached.total,
            **read.read.to_json(),
            "cached_tokens_details": read.cached.to_json(),
        },
        "output_token_details": {
            "text_tokens": written.text,
            "audio_tokens": written.audio,
            "reasoning_tokens": 0,
        },
    }
