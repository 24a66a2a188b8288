"""Notices are numbered, read once, and not repeated immediately."""

from voicelive_tui.engine.notice_log import REPEAT_AFTER_S, NoticeLog
from voicelive_tui.model.notice import Notice


def test_notices_are_read_once() -> None:
    board = NoticeLog()
    assert board.after(0) == ()
    for text in ("a", "b", "c"):
        board.put(Notice("info", text))
    assert [serial for serial, _ in board.after(0)] == [1, 2, 3]
    assert [notice.text for _, notice in board.after(2)] == ["c"]
    assert board.after(3) == ()


def test_the_same_complaint_at_once_again_is_told_once() -> None:
    now_s = 100.0
    board = NoticeLog(lambda: now_s)
    for text in ("a", "a", "b", "a"):
        board.put(Notice("error", text))
    for _ in range(2):
        board.put(Notice("info", "There is nothing to interrupt."))
    assert [notice.text for _, notice in board.after(0)][:3] == ["a", "b", "a"]
    assert len(board.after(3)) == 2
    board.put(Notice("error", "a"))
    now_s += REPEAT_AFTER_S
    board.put(Notice("error", "a"))
    assert [notice.text for _, notice in board.after(5)] == ["a", "a"]


def test_an_answer_to_a_key_is_told_each_time() -> None:
    log = NoticeLog()
    for _ in range(2):
        log.put(Notice("error", "Not changed."), "tab", answers_key=True)
    assert [notice.text for _, notice in log.after(0)] == ["Not changed."] * 2


def test_a_notice_has_the_time_at_which_it_was_given() -> None:
    log = NoticeLog(lambda: 7.5)
    log.put(Notice("error", "a"), "desk")
    ((_, notice),) = log.after(0)
    assert (notice.at_s, notice.key) == (7.5, "desk")
