"""Fixtures for the engine's tests."""

from tests.support.patient_journals import patient_journals

__all__ = ["patient_journals"]
