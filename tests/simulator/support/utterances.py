"""A sentence to speak, and properties of every voice that speaks it."""

import zlib
from itertools import pairwise

import numpy as np
from voicelive_simulator.sound.speech import Utterance

TEXT = "This is  a test, with 2.4 seconds. It ends here."


def check_utterance(utterance: Utterance) -> None:
    """Assert that its words join to TEXT, its times ascend, it is neither silent nor clipped, and
    the mouth moves and closes."""
    assert "".join(word.text for word in utterance.words) == TEXT
    starts = [word.start_ms for word in utterance.words]
    assert starts == sorted(starts) and len(set(starts)) > len(starts) / 2
    duration_ms = len(utterance.samples) * 1000 / utterance.rate_hz
    assert 1000 < duration_ms < 8000 and starts[-1] < duration_ms
    assert 8000 < np.max(np.abs(utterance.samples.astype(int))) < 32_767
    times = [viseme.start_ms for viseme in utterance.visemes]
    assert times == sorted(times) and times[0] == 0 and times[-1] <= duration_ms
    assert utterance.visemes[0].viseme_id == utterance.visemes[-1].viseme_id == 0
    assert all(one.viseme_id != other.viseme_id for one, other in pairwise(utterance.visemes))
    assert {viseme.viseme_id for viseme in utterance.visemes} <= set(range(22))


def fingerprint(utterance: Utterance) -> tuple[int, str]:
    """A value that is equal for utterances with equal samples."""
    return zlib.crc32(utterance.samples.tobytes()), repr((utterance.words, utterance.visemes))
