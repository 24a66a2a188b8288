"""Reports of speech at the microphone, with how much it resembles what is playing."""

import time
from queue import Queue

import numpy as np
import pytest
from voicelive_tui.audio.dsp.echo import ANALYSED_HZ
from voicelive_tui.audio.host.evidence import Evidence
from voicelive_tui.audio.host.sound_history import SoundHistory
from voicelive_tui.audio.host.speech_reports import SpeechReports
from voicelive_tui.audio.ipc.messages import AudioMessage, InputEnded, MicSpeech

from tests.support.deadlines import DEADLINE_S
from tests.support.speech_like import noise

BEGINS = MicSpeech(True, 50.0, -24.0)
ENDS = MicSpeech(False, 51.0, -20.0)
OTHER = InputEnded(52.0)


def echoing() -> Evidence:
    """A microphone that hears what plays 100 ms later."""
    played = noise("white", 2.0, rate_hz=ANALYSED_HZ, level_dbfs=-20.0) * 32767
    played *= np.arange(played.size) % 2_400 < 1_600  # pauses, in which the room is heard
    delay = ANALYSED_HZ // 10
    histories = SoundHistory(ANALYSED_HZ, 3.0), SoundHistory(ANALYSED_HZ, 3.0)
    now_s = time.perf_counter()
    for history, sound in zip(histories, (np.roll(played, delay) / 4, played), strict=True):
        history.add(sound.astype(np.int16), now_s)
    return Evidence(*histories)


class Reports:
    """The reports and what they post."""

    def __init__(self, *, plays: bool, evidence: Evidence) -> None:
        self.posted: Queue[AudioMessage] = Queue()
        self.reports = SpeechReports(self.posted.put, lambda: plays, evidence)

    def next(self) -> AudioMessage:
        return self.posted.get(timeout=DEADLINE_S)


def test_speech_that_begins_while_something_plays_says_how_much_it_resembles_that() -> None:
    reports = Reports(plays=True, evidence=echoing())
    reports.reports.put(BEGINS)
    found = reports.next()
    assert isinstance(found, MicSpeech)
    assert found.echo is not None
    assert found.echo.coefficient > 0.9
    assert found.echo.delay_ms == pytest.approx(100, abs=1)
    reports.reports.close()


def test_without_anything_to_compare_the_report_comes_at_once_and_as_it_is() -> None:
    reports = Reports(plays=False, evidence=echoing())
    for message in (BEGINS, OTHER, ENDS):
        reports.reports.put(message)
    assert [reports.posted.get_nowait() for _ in range(3)] == [BEGINS, OTHER, ENDS]
    reports.reports.close()


def test_nothing_overtakes_the_beginning_of_speech() -> None:
    reports = Reports(plays=True, evidence=echoing())
    for _ in range(20):
        reports.reports.put(BEGINS)
        reports.reports.put(ENDS)
        began, ended = reports.next(), reports.next()
        assert isinstance(began, MicSpeech)
        assert (began.on, began.at_s, ended) == (True, BEGINS.at_s, ENDS)
    reports.reports.close()


def test_what_waits_is_sent_before_a_flush_is_answered() -> None:
    reports = Reports(plays=True, evidence=echoing())
    reports.reports.close()
    reports.reports.put(BEGINS)
    reports.reports.settle()
    assert reports.posted.get_nowait() == BEGINS
    reports.reports.settle()
    assert reports.posted.empty()
