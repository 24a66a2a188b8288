"""What tokens cost by a table of the user's, and when nothing can be said of it."""

import pytest
from voicelive_tui.model.turns.prices import Cost, ModelPrices, NoCost, PriceTable
from voicelive_tui.model.turns.token_usage import NO_TOKENS, TokenUsage

from tests.support.memory_journal import MemoryJournal
from tests.support.tool_turn import tool_turn

PRICES = ModelPrices(input_text=4, input_audio=40, cached_text=2, output_text=16, output_audio=80)
TABLE = PriceTable("2026-11-01", "$", {"gpt-4o": PRICES})


def test_the_tokens_of_a_turn_are_those_of_all_its_responses_by_kind() -> None:
    journal = MemoryJournal()
    tool_turn(journal)
    turn = journal.turn(1)
    assert turn.model == "gpt-4o"
    assert turn.usage == TokenUsage(
        input_tokens=141,
        output_tokens=196,
        input_text=97,
        input_audio=44,
        cached=32,
        cached_text=32,
        output_text=26,
        output_audio=170,
    )
    assert journal.view.usage == (("gpt-4o", turn.usage),)


def test_each_kind_has_its_price_and_cached_input_its_own() -> None:
    journal = MemoryJournal()
    tool_turn(journal)
    cost = TABLE.cost("gpt-4o", journal.turn(1).usage)
    whole = 65 * 4 + 32 * 2 + 44 * 40 + 26 * 16 + 170 * 80
    assert isinstance(cost, Cost)
    assert cost.amount == pytest.approx(whole / 1_000_000)


def test_cached_input_without_a_price_costs_what_other_input_does() -> None:
    usage = TokenUsage(100, 0, input_audio=100, cached=50, cached_audio=50)
    cost = TABLE.cost("gpt-4o", usage)
    assert isinstance(cost, Cost)
    assert cost.amount == pytest.approx(100 * 40 / 1_000_000)


@pytest.mark.parametrize(
    ("model", "usage", "reason"),
    [
        ("gpt-5", TokenUsage(10, 0, input_text=10), "prices.toml has no gpt-5"),
        (None, TokenUsage(10, 0, input_text=10), "the model is not known"),
        ("gpt-4o", TokenUsage(10, 0), "the service did not say which tokens are audio"),
        ("gpt-4o", TokenUsage(9, 0, input_image=9), "prices.toml has no input_image of gpt-4o"),
    ],
)
def test_a_cost_that_is_not_known_is_not_guessed(
    model: str | None, usage: TokenUsage, reason: str
) -> None:
    assert TABLE.cost(model, usage) == NoCost(reason)


def test_a_session_costs_what_its_models_cost_together() -> None:
    table = PriceTable("2026-11-01", "EUR", {"a": ModelPrices(4), "b": ModelPrices(8)})
    text = TokenUsage(1_000_000, 0, input_text=1_000_000)
    assert table.total([("a", text), ("b", text), ("c", NO_TOKENS)]) == Cost(12)
    assert table.total([("a", text), ("c", text)]) == NoCost("prices.toml has no c")


def test_an_amount_has_its_sign_or_its_letters_before_it() -> None:
    assert TABLE.shown(0.00524, 4) == "$0.0052"
    assert PriceTable("2026-11-01", "EUR").shown(0.015, 2) == "EUR 0.01"
