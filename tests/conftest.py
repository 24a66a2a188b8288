"""Fixtures for every test; they live in tests/support."""

from tests.support.program import program
from tests.support.sound_fixtures import fragile_sound_card, probe, shared_sound_card, sound_card

__all__ = ["fragile_sound_card", "probe", "program", "shared_sound_card", "sound_card"]
