"""What is reported of the parts that an audio process took with it."""

import pytest
from voicelive_tui.audio.client.pending import PendingParts
from voicelive_tui.audio.ipc.messages import Drained, Flushed, PlaybackStarted, PlayedPart


@pytest.mark.parametrize(("now_s", "played_ms"), [(9.0, 0), (10.25, 250), (60.0, 400)])
def test_what_was_heard_is_estimated_from_the_start_and_never_more_than_was_received(
    now_s: float, played_ms: int
) -> None:
    pending = PendingParts()
    pending.play("a", 0, 200)
    pending.resolve(PlaybackStarted("a", 0, 10.0))
    pending.play("a", 0, 400)
    pending.play("b", 1, 20)
    assert pending.close(now_s) == (PlayedPart("a", 0, played_ms, 400), PlayedPart("b", 1, 0, 20))
    assert not pending and pending.close(now_s) == ()


def test_an_end_without_sound_is_pending_too_and_an_end_after_sound_keeps_its_count() -> None:
    pending = PendingParts()
    pending.end("a", 0)
    pending.play("b", 0, 40)
    pending.end("b", 0)
    assert pending.close(1.0) == (PlayedPart("a", 0, 0, 0), PlayedPart("b", 0, 0, 40))


def test_a_part_that_was_answered_is_pending_no_longer() -> None:
    pending = PendingParts()
    for item_id in "abc":
        pending.play(item_id, 0, 100)
    pending.resolve(Drained(PlayedPart("a", 0, 100, 100), 1.0))
    pending.resolve(Flushed(1, (PlayedPart("b", 0, 10, 100),), 1.0))
    assert pending.close(1.0) == (PlayedPart("c", 0, 0, 100),)


def test_no_more_was_heard_than_was_sent_over_a_link() -> None:
    pending = PendingParts()
    for item_id in ("a", "b"):
        pending.play(item_id, 0, 5_000)
        pending.resolve(PlaybackStarted(item_id, 0, 10.0))
    sent_ms = {"a": 400, "b": None}
    assert pending.close(13.0, lambda item_id, _: sent_ms[item_id]) == (
        PlayedPart("a", 0, 400, 5_000),
        PlayedPart("b", 0, 3_000, 5_000),
    )
