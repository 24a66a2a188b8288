"""A table of prices that the user supplies, and the cost of tokens by it. A cost is an estimate:
the service says nothing of prices.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from voicelive_tui.model.turns.token_usage import NO_TOKENS, TokenUsage

PER_TOKENS: Final = 1_000_000
"""The number of tokens that a price is for."""


@dataclass(frozen=True, slots=True)
class ModelPrices:
    """The prices of one model for `PER_TOKENS` tokens of each kind; None for a kind without one.
    Cached input without a price of its own costs what other input does."""

    input_text: float | None = None
    input_audio: float | None = None
    input_image: float | None = None
    cached_text: float | None = None
    cached_audio: float | None = None
    output_text: float | None = None
    output_audio: float | None = None


@dataclass(frozen=True, slots=True)
class Cost:
    """An estimated cost in the table's currency."""

    amount: float


@dataclass(frozen=True, slots=True)
class NoCost:
    """No cost can be estimated. reason: why, as a clause."""

    reason: str


@dataclass(frozen=True, slots=True)
class PriceTable:
    """Prices by the name of the model. date: when they were looked up, as `2026-11-01`. currency:
    the sign or the letters before an amount."""

    date: str
    currency: str = "$"
    models: Mapping[str, ModelPrices] = field(default_factory=dict)

    def cost(self, model: str | None, usage: TokenUsage) -> Cost | NoCost:
        """Estimate what these tokens of this model cost."""
        prices = self.models.get(model) if model else None
        if prices is None:
            return NoCost(f"prices.toml has no {model}" if model else "the model is not known")
        if _unnamed(usage):
            return NoCost("the service did not say which tokens are audio")
        amount = 0.0
        for kind, count, price in _items(prices, usage):
            if count and price is None:
                return NoCost(f"prices.toml has no {kind} of {model}")
            amount += count * (price or 0.0) / PER_TOKENS
        return Cost(amount)

    def total(self, usage: Iterable[tuple[str, TokenUsage]]) -> Cost | NoCost:
        """Estimate what the tokens of several models cost together."""
        amount = 0.0
        for model, used in usage:
            if used == NO_TOKENS:
                continue
            cost = self.cost(model, used)
            if isinstance(cost, NoCost):
                return cost
            amount += cost.amount
        return Cost(amount)

    def shown(self, amount: float, decimals: int) -> str:
        """Format an amount: `$0.0052`, `EUR 0.0052`."""
        gap = " " if self.currency[-1:].isalpha() else ""
        return f"{self.currency}{gap}{amount:.{decimals}f}"


def _unnamed(usage: TokenUsage) -> bool:
    """Whether there are tokens whose kind the service did not name."""
    named = usage.input_text + usage.input_audio + usage.input_image
    return named < usage.input_tokens or (
        usage.output_text + usage.output_audio < usage.output_tokens
    )


def _items(prices: ModelPrices, usage: TokenUsage) -> list[tuple[str, int, float | None]]:
    """The kinds of tokens, each with its number and its price."""
    cached_text = min(usage.cached_text, usage.input_text)
    cached_audio = min(usage.cached_audio, usage.input_audio)
    text_price, audio_price = prices.cached_text, prices.cached_audio
    return [
        ("input_text", usage.input_text - cached_text, prices.input_text),
        ("input_audio", usage.input_audio - cached_audio, prices.input_audio),
        ("input_image", usage.input_image, prices.input_image),
        ("input_text", cached_text, prices.input_text if text_price is None else text_price),
        ("input_audio", cached_audio, prices.input_audio if audio_price is None else audio_price),
        ("output_text", usage.output_text, prices.output_text),
        ("output_audio", usage.output_audio, prices.output_audio),
    ]
