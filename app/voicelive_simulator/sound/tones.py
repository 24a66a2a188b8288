"""A voice that needs no library: each word is a gliding tone, so that speech can be heard, seen and
interrupted.

It has no phonemes: its mouth opens for each word and closes after it.
"""

from __future__ import annotations

import zlib

import numpy as np

from voicelive_simulator.sound.speech import (
    NEUTRAL_PROSODY,
    Prosody,
    Samples,
    Utterance,
    Viseme,
    Word,
    split_words,
)

RATE_HZ = 24000
_WORD_MS, _LETTER_MS, _GAP_MS, _PAUSE_MS = 90, 32, 50, 250
_LEVEL = 0.6
_OPEN, _CLOSED = 2, 0  # visemes


class ToneVoice:
    name = "tone"
    remark = "You hear tones, because I have no voice here; the demo extra brings one."

    def speak(self, text: str, prosody: Prosody = NEUTRAL_PROSODY) -> Utterance:
        """One glide per word. The pitch depends only on the word, so the same text always sounds
        the same."""
        pieces: list[Samples] = [_silence(_GAP_MS)]
        words: list[Word] = []
        visemes = [Viseme(_CLOSED, 0)]
        at_ms = _GAP_MS
        for word in split_words(text):
            bare = word.strip()
            duration_ms = round((_WORD_MS + _LETTER_MS * min(len(bare), 12)) / prosody.rate)
            gap_ms = round(
                (_PAUSE_MS if bare.endswith((".", "?", "!", ":")) else _GAP_MS) / prosody.rate
            )
            pieces += [_glide(bare, duration_ms, prosody.pitch), _silence(gap_ms)]
            words.append(Word(word, at_ms, duration_ms))
            visemes += [Viseme(_OPEN, at_ms), Viseme(_CLOSED, at_ms + duration_ms)]
            at_ms += duration_ms + gap_ms
        return Utterance(np.concatenate(pieces), RATE_HZ, tuple(words), tuple(visemes))


def _silence(duration_ms: int) -> Samples:
    return np.zeros(duration_ms * RATE_HZ // 1000, dtype=np.int16)


def _glide(word: str, duration_ms: int, pitch: float) -> Samples:
    size = duration_ms * RATE_HZ // 1000
    seed = zlib.crc32(word.lower().encode("utf-8", "replace"))
    low_hz, high_hz = pitch * (180 + seed % 120), pitch * (180 + seed // 120 % 160)
    phase = np.cumsum(np.linspace(low_hz, high_hz, size)) * (2 * np.pi / RATE_HZ)
    wave = np.sin(phase) + 0.4 * np.sin(3 * phase) + 0.2 * np.sin(5 * phase)
    return (wave * np.sin(np.linspace(0, np.pi, size)) * _LEVEL * 32767 / 1.6).astype(np.int16)
