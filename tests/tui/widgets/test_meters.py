"""The level meters as text."""

import pytest
from voicelive_tui.model.meter import SILENT, Level
from voicelive_tui.model.session.snapshot import SessionSnapshot, SessionView
from voicelive_tui.tui.widgets.meters import bar_spans, echo_word, scale
from voicelive_tui.tui.widgets.spans import cells


def test_a_meter_fills_by_zone_and_marks_the_held_peak() -> None:
    spans = bar_spans(Level(shown_dbfs=-30, hold_dbfs=-12), 60)
    assert spans[0] == ("■" * 30, "meter-low")
    assert [name for _, name in spans] == ["meter-low", "meter-off", "meter-hold", "meter-off"]
    assert cells(spans) == 60
    assert bar_spans(SILENT, 20) == [("─" * 20, "meter-off")]
    assert [name for _, name in bar_spans(Level(0, 0, 0), 60)] == [
        "meter-low",
        "meter-mid",
        "meter-high",
    ]


@pytest.mark.parametrize("bar", range(1, 90))
def test_the_scale_never_outgrows_its_bar_and_keeps_labels_apart(bar: int) -> None:
    shown = scale(bar)
    assert len(shown) <= bar
    if bar >= 12:
        assert shown.split()[0] == "-60"
        assert shown.split()[-1] == "0"


def test_echo_cancellation_is_named_as_the_service_confirmed_it() -> None:
    def session(effective: dict[str, object]) -> SessionSnapshot:
        return SessionSnapshot("k", "k", view=SessionView(effective=effective))

    assert (
        echo_word(session({"input_audio_echo_cancellation": {"type": "server_echo_cancellation"}}))
        == "server"
    )
    assert echo_word(session({"input_audio_echo_cancellation": None})) == "off"
    assert echo_word(session({})) == "-"
