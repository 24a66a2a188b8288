"""The conversion of a session's voice to prosody."""

import pytest
from voicelive_simulator.sound.prosody import prosody_of
from voicelive_simulator.sound.speakers import speaker_for
from voicelive_simulator.sound.speech import Prosody


def azure(**fields: object) -> object:
    return {"type": "azure-standard", "name": "en-US-AvaNeural", **fields}


@pytest.mark.parametrize(
    ("rate", "factor"),
    [
        ("1.2", 1.2),
        ("0.5", 0.5),
        ("+20%", 1.2),
        ("-10%", 0.9),
        ("slow", 0.64),
        ("x-fast", 2.0),
        ("9", 2.0),
        ("0", 0.5),
        ("quickly", 1.0),
        ("", 1.0),
        (None, 1.0),
        ("1.2.3", 1.0),
        ("inf", 1.0),
    ],
)
def test_rates(rate: str | None, factor: float) -> None:
    manner = prosody_of(azure(rate=rate))
    assert manner.rate == pytest.approx(factor)
    assert (manner.voice_name, manner.pitch, manner.volume) == ("en-US-AvaNeural", 1.0, 1.0)


@pytest.mark.parametrize(
    ("pitch", "factor"),
    [
        ("+12st", 2.0),
        ("-12st", 0.5),
        ("+5%", 1.05),
        ("high", 1.2),
        ("x-low", 0.55),
        ("5", 1.0),
        ("+80Hz", 1.0),
        ("+9000%", 2.0),
    ],
)
def test_pitches(pitch: str, factor: float) -> None:
    assert prosody_of(azure(pitch=pitch)).pitch == pytest.approx(factor)


@pytest.mark.parametrize(
    ("volume", "factor"),
    [
        ("50", 0.5),
        ("100", 1.0),
        ("+10", 1.1),
        ("-10%", 0.9),
        ("silent", 0.0),
        ("soft", 0.4),
        ("-6dB", 0.501),
        ("+99dB", 2.0),
    ],
)
def test_volumes(volume: str, factor: float) -> None:
    assert prosody_of(azure(volume=volume)).volume == pytest.approx(factor, rel=0.01)


def test_a_plain_name_is_a_voice() -> None:
    assert (
        prosody_of("coral") == prosody_of({"type": "openai", "name": "coral"}) == Prosody("coral")
    )
    assert prosody_of(None) == Prosody()


def test_a_name_always_has_the_same_speaker() -> None:
    assert (
        speaker_for("en-US-AvaMultilingualNeural")
        == speaker_for("en-us-ava:DragonHDLatestNeural")
        == speaker_for("ava")
    )
    assert (
        speaker_for("coral").variant == "shelby"
        and speaker_for("en-US-AndrewNeural").variant != "shelby"
    )
    assert len({speaker_for(f"my-voice-{n}") for n in range(40)}) == 5
    assert speaker_for("") == speaker_for("")
