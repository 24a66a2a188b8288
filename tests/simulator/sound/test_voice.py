"""The voices: sound with word timings, in every output format."""

import importlib.util
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from voicelive_tui.simulator.sound import g711
from voicelive_tui.simulator.sound.espeak import EspeakUnavailable, EspeakVoice, copy_english, data_path
from voicelive_tui.simulator.sound.render import render
from voicelive_tui.simulator.sound.speech import OUTPUT_FORMATS, Utterance, split_words
from voicelive_tui.simulator.sound.tones import ToneVoice
from voicelive_tui.simulator.sound.voices import choose_voice

TEXT = "This is  a test, with 2.4 seconds. It ends here."
spoken = pytest.mark.skipif(importlib.util.find_spec("espeakng_loader") is None, reason="the demo extra is not installed")


@pytest.mark.parametrize("text", [TEXT, "one", " leading", "trailing ", "", "  ", "line\nbreak and more"])
def test_words_join_to_their_text(text: str) -> None:
    assert "".join(split_words(text)) == text


def check(utterance: Utterance) -> None:
    assert "".join(word.text for word in utterance.words) == TEXT
    starts = [word.start_ms for word in utterance.words]
    assert starts == sorted(starts) and len(set(starts)) > len(starts) / 2
    duration_ms = len(utterance.samples) * 1000 / utterance.rate_hz
    assert 1000 < duration_ms < 8000 and starts[-1] < duration_ms
    assert 8000 < np.max(np.abs(utterance.samples.astype(int))) < 32_767


def test_tones_have_timings() -> None:
    check(ToneVoice().speak(TEXT))


@spoken
def test_espeak_has_timings() -> None:
    check(EspeakVoice().speak(TEXT))


@spoken
def test_espeak_speaks_from_many_threads_without_mixing_voices() -> None:
    voice = EspeakVoice()
    alone = {n: voice.speak(f"number {n}" * (n + 1)) for n in range(4)}
    together: dict[int, Utterance] = {}
    threads = [threading.Thread(target=lambda n=n: together.update({n: voice.speak(f"number {n}" * (n + 1))})) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for n, expected in alone.items():  # espeak-ng itself varies by some milliseconds from call to call
        assert [word.text for word in together[n].words] == [word.text for word in expected.words]
        onsets = [word.start_ms for word in expected.words]
        assert [word.start_ms for word in together[n].words] == pytest.approx(onsets, abs=40)


@spoken
def test_a_long_data_path_is_copied_to_a_short_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundled = data_path()
    far = tmp_path / ("x" * 160)
    far.symlink_to(bundled)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    short = data_path(far)
    assert short != far and len(str(short)) < 150
    assert (short / "en_dict").stat().st_size == (bundled / "en_dict").stat().st_size
    assert list(short.glob("lang/gmw/en*"))
    assert data_path(far) == short


@spoken
def test_a_cache_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(EspeakUnavailable, match="cannot be copied"):
        copy_english(data_path(), tmp_path / "file" / "cache")


@pytest.mark.parametrize("output_format", OUTPUT_FORMATS)
def test_every_output_format_is_as_long_and_as_loud(output_format: str) -> None:
    wire = OUTPUT_FORMATS[output_format]
    rendered = render(ToneVoice(), TEXT, output_format)
    plain = ToneVoice().speak(TEXT)
    assert (rendered.rate_hz, rendered.frame_bytes) == (wire.rate_hz, wire.frame_bytes)
    assert rendered.bytes_at(rendered.duration_ms) == len(rendered.audio)
    assert abs(rendered.duration_ms - len(plain.samples) / 24) <= 1
    assert all(rendered.bytes_at(ms) % wire.frame_bytes == 0 for ms in range(40))
    samples = np.frombuffer(rendered.audio, dtype="<i2") if wire.codec == "pcm16" else g711.decode(rendered.audio, wire.codec)
    level, expected = (np.sqrt(np.mean(s.astype(float) ** 2)) for s in (samples, plain.samples))
    assert abs(20 * np.log10(level / expected)) < 0.5


def test_without_the_extra_tones_speak_and_the_reason_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "espeakng_loader", None)
    voice, why = choose_voice()
    assert voice.name == "tone"
    assert "demo extra" in why
