"""Maps a voice's name to a speaker: a variant of espeak-ng whose samples are reproducible bit by
bit.

espeak-ng carries the phase of its pitch flutter and a count of pitch cycles from one utterance into
the next, so its plain voices never speak a text twice alike. A variant with `flutter 0` and
`roughness 0` uses neither.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Speaker:
    """A variant of espeak-ng's voice (voices/!v). pitch: a factor. amplitude: in espeak-ng's units
    (100 is its default).

    The amplitude makes all speakers equally loud, and stays below the level at which espeak-ng's
    gain control starts, which remembers the last utterance too.
    """

    variant: str
    pitch: float = 1.0
    amplitude: int = 100


_MEN = (Speaker("Denis"), Speaker("Diogo", 0.9), Speaker("miguel", 1.15, 55))
_WOMEN = (Speaker("shelby", 1.2, 55), Speaker("shelby", 1.4, 55))
VARIANTS = tuple(sorted({speaker.variant for speaker in _MEN + _WOMEN}))

_MEN_NAMES = """ash ballad cedar echo verse andrew brian christopher davis eric florian guy jacob
    jason roger ryan steffan tony yunxi"""
_WOMEN_NAMES = """coral marin sage shimmer aarti amanda amber ana aria ashley ava cora denise diya
    elizabeth elsa emma evelyn francisca jane jenny katja meera michelle monica nancy nova phoebe
    sara seraphina sonia xiaoxiao ximena"""
_SPEAKERS_BY_NAME = {name: _MEN for name in _MEN_NAMES.split()} | {
    name: _WOMEN for name in _WOMEN_NAMES.split()
}
_GIVEN_NAME = re.compile(r"(?:[a-z]{2,3}-[a-z0-9]+-)*([A-Za-z][a-z]*)", re.IGNORECASE)
_CAMEL = re.compile(r"[A-Z]?[a-z]+")


def speaker_for(voice_name: str) -> Speaker:
    """The speaker for a name, always the same one: with a man's or a woman's voice where the name
    is known as such, any voice otherwise."""
    if not voice_name:
        return _MEN[0]
    match = _GIVEN_NAME.match(voice_name)
    camel = _CAMEL.match(match[1]) if match else None
    given = camel[0].lower() if camel else ""
    candidates, name = (
        (_SPEAKERS_BY_NAME[given], given)
        if given in _SPEAKERS_BY_NAME
        else (_MEN + _WOMEN, voice_name)
    )
    return candidates[zlib.crc32(name.encode("utf-8", "replace")) % len(candidates)]
