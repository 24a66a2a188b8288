"""When a round trip is told again."""

from voicelive_tui.model.session.round_trip import differs_noticeably


def test_a_round_trip_is_told_again_when_it_differs_by_a_fifth_and_a_millisecond() -> None:
    assert differs_noticeably(None, 20)
    assert not differs_noticeably(None, None)
    assert not differs_noticeably(20, 23.9)
    assert differs_noticeably(20, 24.1)
    assert differs_noticeably(20, 15.9)
    assert not differs_noticeably(0.2, 0.9)
