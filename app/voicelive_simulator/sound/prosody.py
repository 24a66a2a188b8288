"""Converts the `voice` of a session (protocol.md 8) to a name and three factors."""

from __future__ import annotations

import math
import re

from voicelive_simulator.api.schema import JSON
from voicelive_simulator.sound.speech import Prosody

# The words of SSML's prosody element, as factors.
_RATES = {"x-slow": 0.5, "slow": 0.64, "medium": 1.0, "default": 1.0, "fast": 1.55, "x-fast": 2.0}
_PITCHES = {"x-low": 0.55, "low": 0.8, "medium": 1.0, "default": 1.0, "high": 1.2, "x-high": 1.45}
_VOLUMES = {
    "silent": 0.0,
    "x-soft": 0.2,
    "soft": 0.4,
    "medium": 0.6,
    "loud": 0.8,
    "x-loud": 1.0,
    "default": 1.0,
}
_RATE_RANGE, _PITCH_RANGE, _VOLUME_RANGE = (0.5, 2.0), (0.5, 2.0), (0.0, 2.0)
_QUANTITY = re.compile(r"([+-]?)(\d{1,4}(?:\.\d{1,4})?)\s*(%|st|dB|)")


def prosody_of(voice: object) -> Prosody:
    """The prosody of a checked `voice`: a name, or an object with `rate`, `pitch` and `volume`.
    Values that are not understood are ignored; values beyond the range of the voices are clamped to
    it."""
    if isinstance(voice, str):
        return Prosody(voice)
    if not isinstance(voice, dict):
        return Prosody()
    fields: JSON = voice
    return Prosody(
        str(fields.get("name") or fields.get("model") or ""),
        _within(_RATE_RANGE, _factor(fields.get("rate"), _RATES, plain=1.0)),
        _within(_PITCH_RANGE, _factor(fields.get("pitch"), _PITCHES, plain=None)),
        _within(_VOLUME_RANGE, _factor(fields.get("volume"), _VOLUMES, plain=0.01)),
    )


def _factor(value: object, words: dict[str, float], *, plain: float | None) -> float:
    """Convert a value to a factor. `plain` is the factor for the number 1 without sign and unit;
    None when such a number has no meaning."""
    text = value.strip() if isinstance(value, str) else ""
    if text in words:
        return words[text]
    match = _QUANTITY.fullmatch(text)
    if match is None:
        return 1.0
    sign, digits, unit = match.groups()
    number = float(sign + digits)
    if unit == "%":
        return 1.0 + number / 100
    if unit == "st":
        return math.pow(2.0, number / 12)
    if unit == "dB":
        return math.pow(10.0, number / 20)
    if plain is None:
        return 1.0
    return 1.0 + number * plain if sign else number * plain


def _within(bounds: tuple[float, float], factor: float) -> float:
    return min(max(factor, bounds[0]), bounds[1])
