"""The history of notices: bounded, and without repetitions."""

from voicelive_tui.tui.notice_history import NoticeHistory


def test_the_same_text_again_is_counted_and_becomes_the_newest() -> None:
    history = NoticeHistory()
    history.add("warning", "no microphone", at="0:01.0", key="a")
    history.add("info", "Copied.")
    history.add("warning", "no microphone", at="0:09.0", key="b")
    newest, other = history.newest_first()
    assert (newest.text, newest.count, newest.at, newest.key) == ("no microphone", 2, "0:09.0", "b")
    assert (other.text, other.count) == ("Copied.", 1)


def test_only_the_last_notices_are_kept() -> None:
    history = NoticeHistory(most=3)
    for number in range(5):
        history.add("info", f"notice {number}")
    assert [notice.text for notice in history.newest_first()] == [
        "notice 4",
        "notice 3",
        "notice 2",
    ]


def test_warnings_and_errors_are_unread_until_the_list_is_seen() -> None:
    history = NoticeHistory()
    history.add("info", "Copied.")
    history.add("warning", "careful")
    history.add("error", "broken")
    assert history.unread() == (2, 1)
    history.mark_read()
    assert history.unread() == (0, 0)
    history.add("warning", "careful")
    assert history.unread() == (1, 0)
