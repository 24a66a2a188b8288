"""Maps espeak-ng's phonemes to Azure's viseme ids: 22 poses of the mouth, each for phonemes that
look alike.

The table is that of Azure's Speech service for en-US.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from voicelive_simulator.sound.speech import Viseme

SILENCE = 0
_STRESS = "',%=!"

# One pose, or the two of a diphthong or an r-coloured vowel, by the mnemonics of espeak-ng's
# English phoneme tables.
_ENGLISH: dict[str, tuple[int, ...]] = {
    **dict.fromkeys(("@", "@2", "@5", "@-", "@#", "a", "a#", "a#2", "a2", "aa", "V"), (1,)),
    **dict.fromkeys(("0", "0#", "02", "A:", "A#", "A~"), (2,)),
    **dict.fromkeys(("O", "O2", "O:", "O~"), (3,)),
    **dict.fromkeys(("E", "E#", "E2", "eI", "e", "e:", "e#", "U"), (4,)),
    **dict.fromkeys(("I", "I#", "I2", "I2#", "i", "i:"), (6,)),
    **dict.fromkeys(("u", "u:"), (7,)),
    **dict.fromkeys(("oU", "oU#", "o", "o:"), (8,)),
    **{"aU": (9,), "OI": (10,), "aI": (11,), "i@": (6, 1), "@L": (1, 14)},
    **{
        "3": (1, 13),
        "3:": (5, 13),
        "VR": (1, 13),
        "IR": (6, 13),
        "i@3": (6, 13),
        "e@": (4, 13),
        "U@": (4, 13),
    },
    **dict.fromkeys(("O@", "o@"), (3, 13)),
    **{"A@": (2, 13), "aI@": (11, 13), "aI3": (11, 13), "aU@": (9, 13)},
    **dict.fromkeys(("w", "w#", "w2"), (7,)),
    **dict.fromkeys(("tS", "dZ", "S", "Z"), (16,)),
}
# Mnemonics that neither open nor close the mouth: a glottal stop, a softened consonant, a boundary,
# "(en-us)" where the language changes.
_INVISIBLE = frozenset("?;|*-:#(")
# Phonemes of other languages in foreign words, by their first letter: espeak-ng's mnemonics follow
# ASCII-IPA.
_LETTERS = {
    letter: pose
    for pose, letters in {
        1: "a@V3", 2: "A0", 3: "O", 4: "EeU", 5: "8WY", 6: "iIjyJ", 7: "uwMP", 8: "o",
        12: "hHxXCQ", 13: "rR", 14: "lL", 15: "sz", 16: "SZ", 17: "TD", 18: "fvB", 19: "tdn",
        20: "kgNcqGK", 21: "pbm",
    }.items()
    for letter in letters
}  # fmt: skip


def poses(mnemonic: str) -> tuple[int, ...] | None:
    """The viseme ids of a phoneme as espeak-ng announces it, with stress marks; () when the mouth
    does not move, None when the phoneme is unknown."""
    bare = mnemonic.lstrip(_STRESS)
    if bare.startswith("_"):
        return (SILENCE,)
    if not bare or bare[0] in _INVISIBLE:
        return ()
    if bare in _ENGLISH:
        return _ENGLISH[bare]
    return (_LETTERS[bare[0]],) if bare[0] in _LETTERS else None


def visemes(phonemes: Iterable[tuple[str, int]], end_ms: int) -> tuple[Viseme, ...]:
    """The poses for phonemes (mnemonic, start_ms) in an utterance of `end_ms`: from silence at 0 to
    silence at the end at the latest, in ascending order, each different from the one before."""
    timeline: list[Viseme] = [Viseme(SILENCE, 0)]
    for (mnemonic, start_ms), (_, next_ms) in pairwise([*phonemes, ("", end_ms)]):
        shown = poses(mnemonic) or ()
        for n, viseme_id in enumerate(shown):
            _show(timeline, viseme_id, start_ms + max(0, next_ms - start_ms) * n // len(shown))
    _show(timeline, SILENCE, end_ms)
    return tuple(timeline)


def _show(timeline: list[Viseme], viseme_id: int, start_ms: int) -> None:
    """Add a pose. espeak-ng announces the burst of a stop a little before its closure ends, so
    times are clamped to never decrease."""
    start_ms = max(start_ms, timeline[-1].start_ms)
    if len(timeline) > 1 and timeline[-1].start_ms == start_ms:
        timeline.pop()
    if timeline[-1].viseme_id != viseme_id:
        timeline.append(Viseme(viseme_id, start_ms))
