"""The history of the message line: up and down, the draft, and no message twice in a row."""

from voicelive_tui.tui.message_history import MOST_KEPT, MessageHistory


def history(*texts: str) -> MessageHistory:
    made = MessageHistory()
    for text in texts:
        made.add(text)
    return made


def test_a_walk_goes_from_the_newest_to_the_oldest_and_back_to_the_draft() -> None:
    kept = history("one", "two")
    assert kept.newer() is None
    assert [kept.older("dra"), kept.older("two"), kept.older("one")] == ["two", "one", None]
    assert [kept.newer(), kept.newer(), kept.newer()] == ["two", "dra", None]


def test_a_message_is_kept_once_in_a_row() -> None:
    kept = history("one", "one", "two", "one")
    assert [kept.older(""), kept.older(""), kept.older(""), kept.older("")] == [
        "one",
        "two",
        "one",
        None,
    ]


def test_a_sent_message_ends_the_walk() -> None:
    kept = history("one", "two")
    assert (kept.older(""), kept.older("")) == ("two", "one")
    kept.add("one")
    assert kept.newer() is None
    assert kept.older("") == "one"


def test_only_the_newest_messages_are_kept() -> None:
    kept = history(*map(str, range(MOST_KEPT + 5)))
    walk = [kept.older("") for _ in range(MOST_KEPT + 1)]
    assert walk[0] == str(MOST_KEPT + 4) and walk[-2:] == ["5", None]
