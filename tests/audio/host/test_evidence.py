"""What was at the microphone when an answer was cut."""

import numpy as np
import pytest
from voicelive_tui.audio.dsp.echo import ANALYSED_HZ, Floats
from voicelive_tui.audio.host.evidence import Evidence
from voicelive_tui.audio.host.sound_history import SoundHistory
from voicelive_tui.audio.ipc.messages import CutEvidence, MicSound

from tests.support.speech_like import noise, silence, speech_like

RATE = {"rate_hz": ANALYSED_HZ}
END_S = 100.0


def history(*sounds: Floats, end_s: float = END_S) -> SoundHistory:
    """A history of these sounds, one after the other, that ends at `end_s`."""
    kept = SoundHistory(ANALYSED_HZ, 3.0)
    if sounds:
        kept.add((np.concatenate(sounds) * 32767).astype(np.int16), end_s)
    return kept


def room(seconds: float) -> Floats:
    return noise("white", seconds, level_dbfs=-62.0, **RATE)


def test_a_voice_has_its_level_and_its_beginning_and_resembles_nothing() -> None:
    mic = history(room(2.0), speech_like(0.4, level_dbfs=-24.0, **RATE))
    playing = history(noise("pink", 2.0, level_dbfs=-20.0, **RATE))
    found = Evidence(mic, playing).at_cut(END_S)
    assert found is not None
    assert found.loudest_dbfs == pytest.approx(-22, abs=3)
    assert found.sound is not None
    assert found.sound.before_ms == pytest.approx(400, abs=20)
    assert found.echo is not None
    assert found.echo.coefficient < 0.3


def test_what_came_after_the_cut_does_not_count() -> None:
    mic = history(room(2.0), speech_like(0.4, level_dbfs=-24.0, **RATE))
    found = Evidence(mic, history()).at_cut(END_S - 0.4)
    assert found is not None
    assert (found.sound, found.echo) == (None, None)


def test_a_muted_microphone_is_silent() -> None:
    found = Evidence(history(silence(2.0, **RATE)), history()).at_cut(END_S)
    assert found == CutEvidence(-96.0, None, None)


def test_a_voice_before_anything_played_has_no_resemblance() -> None:
    mic = history(room(2.0), speech_like(0.4, level_dbfs=-24.0, **RATE))
    found = Evidence(mic, history()).at_cut(END_S)
    assert found is not None
    assert isinstance(found.sound, MicSound)
    assert found.echo is None


@pytest.mark.parametrize("at_s", [END_S + 1.0, END_S - 1.99])
def test_a_microphone_that_brought_nothing_lately_was_not_in_use(at_s: float) -> None:
    assert Evidence(history(room(2.0)), history()).at_cut(at_s) is None
    assert Evidence(history(), history()).at_cut(at_s) is None
