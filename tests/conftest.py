"""Fixtures for every test, which live in tests/support, and the marks of what needs a sound card, a
terminal or an engine."""

from collections.abc import Iterable

import pytest
from hypothesis import HealthCheck, settings

from tests.support.program import program
from tests.support.sound_fixtures import fragile_sound_card, shared_sound_card, sound_card

__all__ = ["fragile_sound_card", "program", "shared_sound_card", "sound_card"]

# A loaded machine is no failure. Loaded here, because @given takes the settings that hold when its
# module is imported.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

_SOUND_CARDS = {"shared_sound_card", "fragile_sound_card"}
_TERMINALS = {"PtyRun", "Terminal", "start_console", "pty"}
"""What a module imports whose tests run in a terminal."""
_ENGINES = {"running_engine", "engine_harness"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """Mark each test by what it uses, before `-m` selects: no test of sound or terminal can run
    beside others by mistake."""
    for item in items:
        if isinstance(item, pytest.Function):
            if _SOUND_CARDS.intersection(item.fixturenames):
                item.add_marker("sound")
            if _TERMINALS.intersection(vars(item.module)):
                item.add_marker("terminal")
            if "engine" in item.fixturenames or _ENGINES.intersection(vars(item.module)):
                item.add_marker("engine")
