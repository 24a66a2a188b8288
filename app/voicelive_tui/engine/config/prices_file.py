"""Reads the user's price table, `prices.toml` in the configuration folder. None comes with the
program."""

import datetime
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import platformdirs
from voicelive_common.printable import printable
from voicelive_common.text_file import read_text_file
from voicelive_common.toml.read import TomlProblem, read_toml

from voicelive_tui.engine.config.settings import APP
from voicelive_tui.model.turns.prices import ModelPrices, PriceTable

_KINDS = tuple(field.name for field in fields(ModelPrices))
_MOST_CURRENCY = 4
_HIGHEST_PRICE = 1e12


@dataclass(frozen=True, slots=True)
class UnusablePrices:
    """The file cannot be used. problem: why, as a sentence."""

    problem: str


class _Fault(Exception):
    """An entry that cannot be used; the text is a clause that says so."""


def prices_path() -> Path:
    """The path of the price table."""
    return Path(platformdirs.user_config_dir(APP, appauthor=False)) / "prices.toml"


def read_prices(path: Path) -> PriceTable | UnusablePrices | None:
    """Read the file; None without one."""
    try:
        text = read_text_file(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        return _unusable(path, f" cannot be read ({error.strerror})")
    except UnicodeDecodeError:
        return _unusable(path, " is not UTF-8 text")
    document = read_toml(text)
    if isinstance(document, TomlProblem):
        line, column = document.at or (0, 0)
        where = f", line {line}, column {column}" if line else ""
        return _unusable(path, f"{where}: {printable(document.message)}")
    try:
        return _table(document)
    except _Fault as fault:
        return _unusable(path, f": {fault}")


def _unusable(path: Path, fault: str) -> UnusablePrices:
    return UnusablePrices(f"{path.name}{fault}; no costs are shown.")


def _table(document: dict[str, Any]) -> PriceTable:
    for entry in document:
        if entry not in ("date", "currency", "models"):
            raise _Fault(f'there is no "{printable(entry)}"; date, currency and models are known')
    models = document.get("models")
    if not isinstance(models, dict) or not models:
        raise _Fault("it needs a table for each model, such as [models.gpt-4o]")
    prices = {name: _prices(f"models.{printable(name)}", value) for name, value in models.items()}
    return PriceTable(_date(document), _currency(document), prices)


def _date(document: dict[str, Any]) -> str:
    value = document.get("date")
    if not isinstance(value, datetime.date) or isinstance(value, datetime.datetime):
        raise _Fault("date must say of which day the prices are, such as date = 2026-11-01")
    return value.isoformat()


def _currency(document: dict[str, Any]) -> str:
    value = document.get("currency", "$")
    if isinstance(value, str) and 0 < len(value) <= _MOST_CURRENCY and printable(value) == value:
        return value
    raise _Fault(f'currency must have 1 to {_MOST_CURRENCY} characters, such as "$" or "EUR"')


def _prices(where: str, table: object) -> ModelPrices:
    if not isinstance(table, dict):
        raise _Fault(f"{where} must be a table")
    for kind, value in table.items():
        if kind not in _KINDS:
            known = ", ".join(_KINDS)
            raise _Fault(f'{where} has no price "{printable(kind)}"; {known} are known')
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise _Fault(f"{where}.{kind} must be the price of a million tokens")
        if not 0 <= value <= _HIGHEST_PRICE:  # also false for NaN
            raise _Fault(f"{where}.{kind} must be from 0 to {_HIGHEST_PRICE:g}")
    return ModelPrices(**{kind: float(value) for kind, value in table.items()})
