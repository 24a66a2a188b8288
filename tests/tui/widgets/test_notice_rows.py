"""The rows of the newest notice: whole where two rows are enough, and never cut without a word."""

import pytest
from voicelive_tui.model.notice import NoticeLevel
from voicelive_tui.tui.widgets.notice_rows import notice_rows
from voicelive_tui.tui.widgets.spans import cells

from tests.tui.support.spans import text_of

WHAT = (
    "session.voice: cannot_update_voice. The voice stays as it is until a new session. R starts "
    "one, Esc takes the value back."
)
OTHERS = ("v 3 notices, 1 error", "v 3")


def rows(text: str, width: int, level: NoticeLevel = "error", **more: object) -> list[str]:
    return [text_of(row) for row in notice_rows(level, text, width, **more)]  # type: ignore[arg-type]


def test_two_rows_hold_a_long_notice_and_the_count_of_the_others() -> None:
    first, second = rows(WHAT, 100, at="1:01", others=OTHERS)
    assert first == f" 1:01  error    {WHAT[:83]}"
    assert second == f"{' ' * 16}{WHAT[84:]}".ljust(79) + OTHERS[0]


def test_one_row_is_enough_where_everything_fits() -> None:
    (row,) = rows(WHAT, 200, at="1:01", others=OTHERS)
    assert WHAT in row and row.endswith(f"  {OTHERS[0]}")
    assert rows("No sound.", 80, "info") == [" No sound."]


def test_a_row_with_little_room_left_says_less_about_the_others() -> None:
    (row,) = rows("word " * 13, 80, "warning", others=OTHERS)
    assert row.endswith(" v 3")
    assert len(rows("word " * 14, 80, "warning", others=OTHERS)) == 2


def test_a_narrow_screen_leaves_the_time_out() -> None:
    assert rows("No sound.", 80, "warning", at="0:01") == [" warning  No sound."]


@pytest.mark.parametrize("width", [40, 80, 100, 200])
@pytest.mark.parametrize("others", [(), OTHERS])
def test_a_notice_that_is_cut_says_where_the_rest_is(width: int, others: tuple[str, ...]) -> None:
    shown = rows(WHAT * 5, width, others=others, rest="v shows the rest")
    assert len(shown) == 2
    assert "…" in shown[1] and shown[1].endswith(f"  {others[0] if others else 'v shows the rest'}")


@pytest.mark.parametrize("width", [40, 80, 100, 200])
@pytest.mark.parametrize("text", [WHAT, WHAT * 3, "漢字" * 60, "a" * 300, "word"])
@pytest.mark.parametrize("most_rows", [1, 2])
def test_no_row_is_wider_than_the_screen(width: int, text: str, most_rows: int) -> None:
    laid_out = notice_rows(
        "warning", text, width, at="1:01", others=OTHERS, rest="v", most_rows=most_rows
    )
    assert 1 <= len(laid_out) <= most_rows
    assert all(cells(row) <= width for row in laid_out)
