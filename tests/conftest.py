"""Fixtures for every test; they live in tests/support."""

from hypothesis import HealthCheck, settings

from tests.support.program import program
from tests.support.sound_fixtures import fragile_sound_card, probe, shared_sound_card, sound_card

__all__ = ["fragile_sound_card", "probe", "program", "shared_sound_card", "sound_card"]

# A loaded machine is no failure. Loaded here, because @given takes the settings that hold when its module is imported.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
