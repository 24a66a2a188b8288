"""Tests for the timeline as a fold: who was heard when, and how loud."""

from voicelive_tui.model.timeline.loudness import dbfs_of
from voicelive_tui.model.timeline.moments import ConnectionGap, EchoStretch, HeardStretch, LinkGap

from tests.support.timeline_audio import TimelineJournal, tone


def loud(levels: bytes) -> list[int]:
    """The cells in which something is louder than -50 dBFS."""
    return [cell for cell, level in enumerate(levels) if dbfs_of(level) > -50]


def test_the_microphone_is_shown_when_it_was_heard() -> None:
    say = TimelineJournal()
    say.speaks(0.5, 0.5, -20.0)
    say("=", 1.5, "console.notice")
    assert loud(say.timeline.you.peaks(0, 40, 1)) == list(range(10, 20))


def test_blocks_that_are_sent_together_were_heard_one_after_the_other() -> None:
    say = TimelineJournal()
    say.speaks(0.0, 0.1, -60.0)

    for _ in range(10):
        say(">", 0.4, "input_audio_buffer.append", tone(-20.0, 20))
    say("=", 1.0, "console.notice")
    assert loud(say.timeline.you.peaks(0, 20, 1)) == [4, 5, 6, 7]


def test_an_answer_is_shown_when_it_is_heard() -> None:
    say = TimelineJournal()
    say.answers(1.0, "a", 0.5)
    assert not loud(say.timeline.agent.peaks(0, 60, 1))
    say("=", 1.2, "console.playback_started", item_id="a", content_index=0)
    say.answers(1.25, "a", 0.5)
    assert loud(say.timeline.agent.peaks(0, 60, 1)) == list(range(24, 44))
    assert say.timeline.heard == [HeardStretch(1.2)]


def test_what_was_received_and_not_heard_is_not_drawn() -> None:
    say = TimelineJournal()
    say.answers(1.0, "a", 2.0)
    say("=", 1.0, "console.playback_started", item_id="a", content_index=0)
    say(
        "=", 1.5, "console.playback_stopped", item_id="a", content_index=0,
        played_ms=500, received_ms=2000, reason="barge_in",
    )  # fmt: skip
    assert loud(say.timeline.agent.peaks(0, 80, 1)) == list(range(20, 30))
    assert say.timeline.heard == [HeardStretch(1.0, 1.5, cut=True)]


def test_an_answer_that_came_to_its_end_is_not_cut() -> None:
    say = TimelineJournal()
    say.answers(1.0, "a", 0.2)
    say("=", 1.0, "console.playback_started", item_id="a", content_index=0)
    say(
        "=", 1.2, "console.playback_stopped", item_id="a", content_index=0,
        played_ms=200, received_ms=200, reason="drained",
    )  # fmt: skip
    assert say.timeline.heard == [HeardStretch(1.0, 1.2)]


def test_a_gap_moves_what_comes_after_it() -> None:
    say = TimelineJournal()
    say.answers(1.0, "a", 0.4)
    say("=", 1.0, "console.playback_started", item_id="a", content_index=0)
    say("=", 1.2, "console.underrun", item_id="a", gap_ms=300)
    assert loud(say.timeline.agent.peaks(0, 60, 1)) == [20, 21, 22, 23, 30, 31, 32, 33]
    say(
        "=", 1.7, "console.playback_stopped", item_id="a", content_index=0,
        played_ms=400, received_ms=400, reason="drained",
    )  # fmt: skip
    assert loud(say.timeline.agent.peaks(0, 60, 1)) == [20, 21, 22, 23, 30, 31, 32, 33]


def test_the_speech_is_where_the_service_says_and_the_silence_where_the_voice_ended() -> None:
    say = TimelineJournal()
    say.speaks(0.0, 3.0, -40.0)
    say("=", 2.0, "console.speech", on=False)
    say("<", 1.0, "input_audio_buffer.speech_started", item_id="u", audio_start_ms=800)
    say("<", 3.0, "input_audio_buffer.speech_stopped", item_id="u", audio_end_ms=2300)
    (speech,) = say.timeline.speech
    assert abs(speech.begin_s - 0.8) < 0.03
    assert speech.end_s is not None and abs(speech.end_s - 2.3) < 0.03
    assert (speech.voice_ended_s, speech.stopped_s) == (2.0, 3.0)


def test_without_a_detector_of_its_own_the_voice_has_no_known_end() -> None:
    say = TimelineJournal()
    say("<", 1.0, "input_audio_buffer.speech_started", item_id="u", audio_start_ms=800)
    say("<", 3.0, "input_audio_buffer.speech_stopped", item_id="u", audio_end_ms=2300)
    assert say.timeline.speech[0].voice_ended_s is None


def test_the_time_without_a_connection() -> None:
    say = TimelineJournal()
    say("=", 0.1, "console.connected")
    say("=", 5.0, "console.closed", code=1011)
    say("=", 6.0, "console.closed", code=None)
    assert say.timeline.away == [ConnectionGap(5.0)]
    say("=", 8.0, "console.connected", connection=2)
    assert say.timeline.away == [ConnectionGap(5.0, 8.0)]


def test_an_echo_lasts_as_long_as_the_speech_that_resembles_what_plays() -> None:
    say = TimelineJournal()
    say("=", 1.0, "console.speech", on=True, echo=0.82, echo_delay_ms=140)
    say("=", 2.0, "console.speech", on=False)
    say("=", 3.0, "console.speech", on=True, echo=0.2, echo_delay_ms=140)
    assert say.timeline.echoes == [EchoStretch(1.0, 2.0)]


def test_records_that_make_no_sense_raise_nothing() -> None:
    say = TimelineJournal()
    say("<", 1.0, "input_audio_buffer.speech_stopped", item_id="u", audio_end_ms="late")
    say("=", 1.0, "console.playback_started", item_id=["a"], content_index="x")
    say("=", 1.0, "console.playback_stopped", played_ms=-5, received_ms=None)
    say("=", 1.0, "console.underrun", item_id="a", gap_ms=10**18)
    say("=", 1.0, "console.speech", on="yes", echo="loud")
    say("<", 1.0, "session.created", session=[])
    assert say.timeline.speech == []


def test_marks_are_in_order_and_a_moment_has_one() -> None:
    say = TimelineJournal()
    for t_s, note in [(5.0, ""), (2.0, "early"), (5.0, "later"), (7.0, "")]:
        say("=", t_s, "console.mark", note=note, item_id="")
    assert say.timeline.marks == [2.0, 5.0, 7.0]


def test_the_link_to_the_devices_is_away_from_the_last_sign_of_it() -> None:
    say = TimelineJournal()
    say("=", 1.0, "console.link", state="up")
    say("=", 5.0, "console.link", state="stalled")
    say("=", 14.0, "console.link", state="lost")
    assert say.timeline.link_away == [LinkGap(5.0)]
    say("=", 16.0, "console.link", state="back", away_ms=12_000)
    say("=", 17.0, "console.link", state="lost")
    say("=", 18.0, "console.link", state="up", away_ms="x")
    say("=", 19.0, "console.link", state="stalled")
    say("=", 20.0, "console.link", state="back", away_ms=90_000)
    gaps = [LinkGap(4.0, 16.0), LinkGap(17.0, 18.0), LinkGap(18.0, 20.0)]
    assert say.timeline.link_away == gaps
