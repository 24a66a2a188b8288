"""Rendered speech: every output format, at the requested volume, cached for sessions with the same
text."""

import threading

import numpy as np
import pytest
from voicelive_common import g711
from voicelive_simulator.sound.render import Renderer, render
from voicelive_simulator.sound.speech import NEUTRAL_PROSODY, OUTPUT_FORMATS, Prosody, Utterance
from voicelive_simulator.sound.tones import ToneVoice

TEXT = "This is  a test, with 2.4 seconds. It ends here."


class CountingVoice(ToneVoice):
    """Tones that count how often they were asked for."""

    def __init__(self) -> None:
        self.spoken: list[str] = []

    def speak(self, text: str, manner: Prosody = NEUTRAL_PROSODY) -> Utterance:
        self.spoken.append(text)
        return super().speak(text, manner)


@pytest.mark.parametrize("output_format", OUTPUT_FORMATS)
def test_every_output_format_is_as_long_and_as_loud(output_format: str) -> None:
    wire = OUTPUT_FORMATS[output_format]
    rendered = render(ToneVoice(), TEXT, output_format)
    plain = ToneVoice().speak(TEXT)
    assert (rendered.rate_hz, rendered.frame_bytes) == (wire.rate_hz, wire.frame_bytes)
    assert rendered.bytes_at(rendered.duration_ms) == len(rendered.audio)
    assert abs(rendered.duration_ms - len(plain.samples) / 24) <= 1
    assert all(rendered.bytes_at(ms) % wire.frame_bytes == 0 for ms in range(40))
    assert (rendered.words, rendered.visemes) == (plain.words, plain.visemes)
    samples = (
        np.frombuffer(rendered.audio, dtype="<i2")
        if wire.codec == "pcm16"
        else g711.decode(rendered.audio, wire.codec)
    )
    assert level_db(samples) == pytest.approx(level_db(plain.samples), abs=0.5)


def level_db(samples: np.ndarray) -> float:
    return float(10 * np.log10(np.mean(samples.astype(float) ** 2)))


def test_the_volume_is_a_factor_and_never_wraps() -> None:
    usual, half, double = (
        np.frombuffer(render(ToneVoice(), TEXT, "pcm16", Prosody(volume=volume)).audio, "<i2")
        for volume in (1.0, 0.5, 2.0)
    )
    assert level_db(half) == pytest.approx(level_db(usual) - 6.0, abs=0.1)
    assert np.array_equal(double, np.clip(usual.astype(int) * 2, -32768, 32767))


def test_nothing_to_say_is_rendered_too() -> None:
    assert render(ToneVoice(), "", "pcm16_44100hz").words == ()


def test_what_was_rendered_is_shared() -> None:
    voice = CountingVoice()
    renderer = Renderer(voice)
    assert renderer.cached(TEXT, "pcm16") is None
    first = renderer.render(TEXT, "pcm16")
    assert renderer.render(TEXT, "pcm16").audio is first.audio
    assert renderer.cached(TEXT, "pcm16") is first
    assert renderer.render(TEXT, "g711_ulaw").audio != first.audio
    assert renderer.render(TEXT, "pcm16", Prosody(pitch=2.0)).audio != first.audio
    assert len(voice.spoken) == 3


def test_who_asks_at_the_same_time_shares_too() -> None:
    voice = CountingVoice()
    renderer = Renderer(voice)
    threads = [threading.Thread(target=renderer.render, args=(TEXT, "pcm16")) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert voice.spoken == [TEXT]


def test_what_is_kept_is_bounded_and_the_oldest_goes() -> None:
    voice = CountingVoice()
    size = len(render(voice, "word 1", "pcm16").audio)
    renderer = Renderer(voice, kept_bytes=size * 2 + 3000)
    for number in (1, 2, 3):
        renderer.render(f"word {number}", "pcm16")
    assert renderer.cached("word 1", "pcm16") is None
    assert renderer.cached("word 2", "pcm16") and renderer.cached("word 3", "pcm16")
    renderer.render("a text much longer than all that may be kept", "pcm16")
    assert renderer.cached("word 3", "pcm16") is None


def test_what_is_kept_counts_the_names_of_voices_which_clients_choose() -> None:
    renderer = Renderer(ToneVoice(), kept_bytes=1_000_000)
    for number in (1, 2):
        renderer.render("Hi", "pcm16", Prosody(f"{number}" * 600_000))
    assert renderer.cached("Hi", "pcm16", Prosody("1" * 600_000)) is None
    assert renderer.cached("Hi", "pcm16", Prosody("2" * 600_000))


def test_what_is_kept_counts_words_and_visemes() -> None:
    """The audio of a short word takes fewer bytes than its Word and Viseme."""
    renderer = Renderer(ToneVoice(), kept_bytes=300_000)
    many = "a " * 1000
    audio = renderer.render(many, "g711_ulaw", Prosody(rate=10.0)).audio
    assert len(audio) < 200_000
    renderer.render("Hi", "pcm16")
    assert renderer.cached(many, "g711_ulaw", Prosody(rate=10.0)) is None


def test_what_was_forgotten_is_rendered_anew_and_kept() -> None:
    voice = CountingVoice()
    renderer = Renderer(voice)
    renderer.render(TEXT, "pcm16")
    renderer.clear_cache()
    assert renderer.cached(TEXT, "pcm16") is None
    assert renderer.render(TEXT, "pcm16") is renderer.cached(TEXT, "pcm16")
