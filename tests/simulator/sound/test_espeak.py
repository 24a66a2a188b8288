"""eSpeak NG's voice: words with times, the same in every run."""

import importlib.util
import random
import subprocess
import sys
import threading
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest
from voicelive_simulator.sound.espeak import EspeakUnavailable, EspeakVoice, copy_english, data_path
from voicelive_simulator.sound.speakers import VARIANTS
from voicelive_simulator.sound.speech import Prosody, Utterance

from tests.simulator.support.utterances import TEXT, check_utterance, fingerprint

spoken = pytest.mark.skipif(
    importlib.util.find_spec("espeakng_loader") is None, reason="the demo extra is not installed"
)


@spoken
def test_espeak_has_timings() -> None:
    check_utterance(EspeakVoice().speak(TEXT))


@spoken
@pytest.mark.parametrize(
    "text",
    [
        "One, two. Wait \u2014 is it in the end of a - hmm; ah & oh?",
        "one\n\ntwo (three)",
        "1,234,567 so",
    ],
)
def test_espeak_words_last_as_long_as_they_sound(text: str) -> None:
    """Every word has a duration, punctuation has none, and no pause belongs to a word."""
    utterance = EspeakVoice().speak(text)
    lasts = {word.text.strip(): word.duration_ms for word in utterance.words}
    assert {word for word, duration_ms in lasts.items() if duration_ms == 0} == {
        "\u2014",
        "-",
    } & set(text.split())
    for one, other in pairwise(utterance.words):
        assert one.start_ms + one.duration_ms <= other.start_ms
    level = np.abs(utterance.samples.astype(int))
    for word in utterance.words:
        if word.duration_ms:
            begin, end = (
                ms * utterance.rate_hz // 1000
                for ms in (word.start_ms, word.start_ms + word.duration_ms)
            )
            assert np.max(level[begin:end]) > 1000
            assert np.max(level[max(begin, end - utterance.rate_hz // 25) : end]) > 100, word


@spoken
def test_espeak_speaks_from_many_threads_without_mixing_voices() -> None:
    voice = EspeakVoice()
    alone = {n: voice.speak(f"number {n}" * (n + 1)) for n in range(4)}
    together: dict[int, Utterance] = {}
    threads = [
        threading.Thread(
            target=lambda n=n: together.update({n: voice.speak(f"number {n}" * (n + 1))})
        )
        for n in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for n, expected in alone.items():
        assert together[n].samples.tobytes() == expected.samples.tobytes()
        assert (together[n].words, together[n].visemes) == (expected.words, expected.visemes)


MANNERS = [
    Prosody(),
    Prosody("alloy"),
    Prosody("ash", 1.3),
    Prosody("coral", pitch=0.8),
    Prosody("en-US-AvaNeural", 0.7, 1.2),
]
TEXTS = [
    TEXT,
    "HELLO! Wow, who is there?",
    "привет, hola señor, 1,234,567 of them",
    "x",
    "",
    "uh-oh; hmm... ok",
    "a \x01100P b",
]
_FRESH = """
import sys, zlib
from voicelive_simulator.sound.espeak import EspeakVoice
sys.stdout.write(str(zlib.crc32(EspeakVoice().speak(sys.argv[1]).samples.tobytes())))
"""


@spoken
def test_espeak_repeats_itself_bit_by_bit_in_any_order() -> None:
    voice = EspeakVoice()
    first = {job: fingerprint(voice.speak(*job)) for job in product(TEXTS, MANNERS)}
    again = list(first)
    random.Random(3).shuffle(again)
    assert {job: fingerprint(voice.speak(*job)) for job in again} == first
    assert len({samples for (text, _), (samples, _) in first.items() if text == TEXT}) == len(
        MANNERS
    )


@spoken
def test_espeak_repeats_itself_in_another_process() -> None:
    here = EspeakVoice()
    here.speak("something else before")
    there = subprocess.run(
        [sys.executable, "-c", _FRESH, TEXT], capture_output=True, text=True, check=True
    )
    assert there.stdout == str(fingerprint(here.speak(TEXT))[0])


@spoken
def test_espeak_speaks_faster_and_higher_when_asked() -> None:
    voice = EspeakVoice()
    usual = voice.speak(TEXT)
    assert len(voice.speak(TEXT, Prosody(rate=1.5)).samples) < 0.8 * len(usual.samples)
    assert len(voice.speak(TEXT, Prosody(rate=0.5)).samples) > 1.6 * len(usual.samples)
    plain, high = (
        fundamental_hz(voice.speak("aaah", Prosody(pitch=pitch))) for pitch in (1.0, 1.5)
    )
    assert high == pytest.approx(1.5 * plain, rel=0.1)


def fundamental_hz(utterance: Utterance) -> float:
    """Measure the pitch by autocorrelation of the loudest 80 ms."""
    size = utterance.rate_hz * 80 // 1000
    blocks = [
        utterance.samples[at : at + size].astype(float)
        for at in range(0, len(utterance.samples) - size, size // 4)
    ]
    block = max(blocks, key=lambda samples: float(np.sum(samples**2)))
    like = np.correlate(block, block, "full")[size - 1 :]
    shortest = utterance.rate_hz // 400
    return utterance.rate_hz / (shortest + int(np.argmax(like[shortest : utterance.rate_hz // 50])))


@spoken
def test_a_long_data_path_is_copied_to_a_short_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundled = data_path()
    far = tmp_path / ("x" * 160)
    far.symlink_to(bundled)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    short = data_path(far)
    assert short != far and len(str(short)) < 150
    assert (short / "en_dict").stat().st_size == (bundled / "en_dict").stat().st_size
    assert list(short.glob("lang/gmw/en*"))
    assert all((short / "voices" / "!v" / variant).is_file() for variant in VARIANTS)
    assert data_path(far) == short


@spoken
def test_a_cache_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(EspeakUnavailable, match="cannot be copied"):
        copy_english(data_path(), tmp_path / "file" / "cache")
