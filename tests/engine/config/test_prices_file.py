"""The user's price table: read as a whole, or refused with one sentence that says why."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from voicelive_tui.engine.config.prices_file import UnusablePrices, read_prices
from voicelive_tui.model.turns.prices import ModelPrices, PriceTable

from tests.support.hostile_documents import hostile_toml

GOOD = """date = 2026-11-01
currency = "EUR"

[models.gpt-4o]
input_text = 4
output_audio = 80.5
"""
MODEL = GOOD[GOOD.index("[models") :]
DATE = "date must say of which day the prices are, such as date = 2026-11-01"


def read(folder: Path, text: str) -> PriceTable | UnusablePrices | None:
    path = folder / "prices.toml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    return read_prices(path)


def test_a_table_is_read_with_its_date(tmp_path: Path) -> None:
    prices = {"gpt-4o": ModelPrices(input_text=4.0, output_audio=80.5)}
    assert read(tmp_path, GOOD) == PriceTable("2026-11-01", "EUR", prices)


def test_without_a_file_there_are_no_prices(tmp_path: Path) -> None:
    assert read_prices(tmp_path / "prices.toml") is None


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("date = 2026-11-01", "", DATE),
        ("2026-11-01", '"yesterday"', DATE),
        ('"EUR"', '"Euros"', 'currency must have 1 to 4 characters, such as "$" or "EUR"'),
        ("currency", "curency", 'there is no "curency"; date, currency and models are known'),
        ("input_text = 4", "input_text = -4", "models.gpt-4o.input_text must be from 0 to 1e+12"),
        ("80.5", "1e308", "models.gpt-4o.output_audio must be from 0 to 1e+12"),
        ("80.5", "nan", "models.gpt-4o.output_audio must be from 0 to 1e+12"),
        ("80.5", "inf", "models.gpt-4o.output_audio must be from 0 to 1e+12"),
        ("80.5", '"80.5"', "models.gpt-4o.output_audio must be the price of a million tokens"),
        ("80.5", "true", "models.gpt-4o.output_audio must be the price of a million tokens"),
        ("[models.gpt-4o]", "[models]", "models.input_text must be a table"),
        (MODEL, "", "it needs a table for each model, such as [models.gpt-4o]"),
    ],
)
def test_a_mistake_costs_the_table_and_one_sentence(
    tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    assert read(tmp_path, GOOD.replace(old, new)) == UnusablePrices(
        f"prices.toml: {sentence}; no costs are shown."
    )


def test_a_price_of_an_unknown_kind_names_the_known_ones(tmp_path: Path) -> None:
    prices = read(tmp_path, GOOD.replace("input_text", "input_txt"))
    assert isinstance(prices, UnusablePrices)
    assert 'has no price "input_txt"; input_text, input_audio, ' in prices.problem


def test_what_is_no_toml_is_named_with_its_place(tmp_path: Path) -> None:
    prices = read(tmp_path, "date = \n")
    assert isinstance(prices, UnusablePrices)
    assert prices.problem.startswith("prices.toml, line 1, column 8: ")


def test_a_folder_in_its_place_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "prices.toml").mkdir()
    prices = read_prices(tmp_path / "prices.toml")
    assert isinstance(prices, UnusablePrices)
    assert prices.problem.startswith("prices.toml cannot be read (")


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(hostile_toml(GOOD.splitlines()))
def test_any_file_is_a_table_or_one_sentence(tmp_path: Path, text: str) -> None:
    prices = read(tmp_path, text)
    assert isinstance(prices, PriceTable) or (
        isinstance(prices, UnusablePrices) and "\n" not in prices.problem
    )
