"""How the main screen is divided, at every size of the terminal."""

import pytest
from voicelive_tui.tui.screen_layout import ScreenLayout, screen_layout

WIDTHS, HEIGHTS = range(1, 260), range(1, 90)


@pytest.mark.parametrize(
    ("size", "division"),
    [
        ((39, 60), ScreenLayout("too small", 39, 1, 0)),
        ((220, 11), ScreenLayout("too small", 220, 1, 0)),
        ((40, 12), ScreenLayout("compact", 40, 1, 0)),
        ((79, 60), ScreenLayout("compact", 79, 1, 0)),
        ((220, 21), ScreenLayout("compact", 220, 1, 0)),
        ((80, 22), ScreenLayout("stacked", 80, 1, 0, timeline_rows=2)),
        ((99, 50), ScreenLayout("stacked", 99, 2, 8, timeline_rows=4)),
        ((100, 30), ScreenLayout("columns", 52, 1, 0, timeline_rows=4)),
        ((120, 35), ScreenLayout("columns", 60, 1, 0, timeline_rows=4)),
        ((119, 36), ScreenLayout("columns", 59, 1, 0, timeline_rows=4)),
        ((120, 36), ScreenLayout("columns", 60, 1, 0, timeline_rows=6)),
        ((140, 40), ScreenLayout("columns", 70, 2, 6, timeline_rows=6)),
        ((160, 49), ScreenLayout("columns", 89, 2, 6, timeline_rows=6)),
        ((200, 50), ScreenLayout("columns", 92, 2, 8, timeline_rows=6)),
    ],
    ids=str,
)
def test_a_screen_is_divided_by_its_size(size: tuple[int, int], division: ScreenLayout) -> None:
    assert screen_layout(*size) == division


def test_a_wider_screen_never_has_a_narrower_pane_beside_another() -> None:
    for rows in (24, 40, 60):
        layouts = [(columns, screen_layout(columns, rows)) for columns in range(100, 260)]
        transcripts = [layout.transcript_cells for _, layout in layouts]
        assert transcripts == sorted(transcripts)
        assert all(layout.transcript_cells >= 52 for _, layout in layouts)
        assert all(columns - layout.transcript_cells >= 48 for columns, layout in layouts)


def test_every_size_has_exactly_one_arrangement_and_room_for_its_panes() -> None:
    for columns in WIDTHS:
        for rows in HEIGHTS:
            layout = screen_layout(columns, rows)
            classes = layout.style_classes
            assert sum(classes[name] for name in ("tiny", "compact", "narrow")) == (
                layout.arrangement != "columns"
            )
            if layout.arrangement in ("stacked", "columns"):
                around = 2 + layout.timeline_rows + layout.notice_rows + 3
                events = (rows - around) // (2 if layout.arrangement == "stacked" else 1)
                detail = layout.detail_rows + 1 if layout.detail_rows else 0
                assert events - detail - 1 >= 6


@pytest.mark.parametrize(
    ("size", "transcript", "third"),
    [((159, 50), 79, 0), ((160, 50), 62, 49), ((200, 50), 84, 49), ((259, 50), 92, 49)],
)
def test_a_third_column_has_its_cells_from_160_columns(
    size: tuple[int, int], transcript: int, third: int
) -> None:
    layout = screen_layout(*size, third_column=True)
    assert (layout.transcript_cells, layout.third_cells) == (transcript, third)
    assert not third or size[0] - transcript - third >= 48
