"""Fixtures for the console's tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from voicelive_tui.engine.engine import Engine

from tests.support.console_pilot import patient_keys, running_engine
from tests.support.patient_journals import patient_journals

__all__ = ["patient_journals", "patient_keys"]


@pytest.fixture(autouse=True)
def _own_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the developer's config file out of the tests."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A running engine that talks to the simulator, with a silent microphone."""
    with running_engine(tmp_path) as running:
        yield running
