"""The fixture that lets a picture be taken only once the keys before it have acted."""

from tests.support.console_pilot import patient_keys

__all__ = ["patient_keys"]
