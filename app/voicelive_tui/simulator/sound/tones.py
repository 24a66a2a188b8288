"""The voice that needs no library: each word is a run of gliding tones, so that talk can be heard, seen and interrupted."""

from __future__ import annotations

import zlib

import numpy as np

from voicelive_tui.simulator.sound.speech import Samples, Utterance, Word, split_words

RATE_HZ = 24000
_WORD_MS, _LETTER_MS, _GAP_MS, _PAUSE_MS = 90, 32, 50, 250
_LEVEL = 0.6


class ToneVoice:
    name = "tone"
    remark = "You hear tones, because I have no voice here; the demo extra brings one."

    def speak(self, text: str) -> Utterance:
        """One glide per word, its pitch from the word itself: the same text always sounds the same."""
        pieces: list[Samples] = [_silence(_GAP_MS)]
        words: list[Word] = []
        at_ms = _GAP_MS
        for word in split_words(text):
            bare = word.strip()
            duration_ms = _WORD_MS + _LETTER_MS * min(len(bare), 12)
            gap_ms = _PAUSE_MS if bare.endswith((".", "?", "!", ":")) else _GAP_MS
            pieces += [_glide(bare, duration_ms), _silence(gap_ms)]
            words.append(Word(word, at_ms, duration_ms))
            at_ms += duration_ms + gap_ms
        return Utterance(np.concatenate(pieces), RATE_HZ, tuple(words))


def _silence(duration_ms: int) -> Samples:
    return np.zeros(duration_ms * RATE_HZ // 1000, dtype=np.int16)


def _glide(word: str, duration_ms: int) -> Samples:
    size = duration_ms * RATE_HZ // 1000
    seed = zlib.crc32(word.lower().encode("utf-8", "replace"))
    low_hz, high_hz = 180 + seed % 120, 180 + seed // 120 % 160
    phase = np.cumsum(np.linspace(low_hz, high_hz, size)) * (2 * np.pi / RATE_HZ)
    wave = np.sin(phase) + 0.4 * np.sin(3 * phase) + 0.2 * np.sin(5 * phase)
    return (wave * np.sin(np.linspace(0, np.pi, size)) * _LEVEL * 32767 / 1.6).astype(np.int16)
