"""The fixtures of tests/support for every test, and marks for tests that need a sound card, a
terminal or an engine."""

import os
from collections.abc import Iterable

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

from tests.support.program import program
from tests.support.sound_fixtures import fragile_sound_card, shared_sound_card, sound_card
from tests.support.ssh_fixtures import shared_ssh_server

__all__ = [
    "fragile_sound_card",
    "program",
    "shared_sound_card",
    "shared_ssh_server",
    "sound_card",
]

# A slow machine is not a failure, and neither is chance: the same examples are tried in every run,
# unless `make test-random` asks for new ones. Loaded here, because @given takes the settings that
# are in force when its module is imported.
settings.register_profile(
    "patient",
    deadline=None,
    derandomize=not os.environ.get("TEST_RANDOM"),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("patient")
if not os.environ.get("TEST_RANDOM"):
    # Examples are also drawn from the constants of the modules that a worker happens to have
    # loaded, which differ from run to run; there is no setting for it.
    vars(providers)["is_local_module_file"] = lambda path: False

_SOUND_CARDS = {"shared_sound_card", "fragile_sound_card"}
_TERMINALS = {"PtyRun", "Terminal", "start_console", "ssh_console", "pty"}
"""Names whose import means that the module's tests run in a terminal."""
_ENGINES = {"running_engine", "engine_harness"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """Mark each test by what it uses, before `-m` selects, so that no test of audio or terminals
    can run in parallel by mistake."""
    for item in items:
        if isinstance(item, pytest.Function):
            if _SOUND_CARDS.intersection(item.fixturenames):
                item.add_marker("sound")
            if _TERMINALS.intersection(vars(item.module)):
                item.add_marker("terminal")
            if "engine" in item.fixturenames or _ENGINES.intersection(vars(item.module)):
                item.add_marker("engine")
