"""The message bar on a clock that the test advances: which message it shows, and for how long."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.app import App, ComposeResult
from voicelive_tui.tui.widgets.message_bar import MIN_SHOWN_S, SHOWN_S, MessageBar


class BarApp(App[None]):
    """An app with nothing but the bar."""

    def compose(self) -> ComposeResult:
        yield MessageBar()


@asynccontextmanager
async def message_bar() -> AsyncIterator[MessageBar]:
    async with BarApp().run_test(size=(80, 10)) as pilot:
        yield pilot.app.query_one(MessageBar)


def shown(bar: MessageBar, now_s: float) -> str:
    bar.sync(now_s, [("the hint", "")])
    return bar.text.strip()


async def test_two_messages_in_a_row_are_shown_one_after_the_other() -> None:
    async with message_bar() as bar:
        bar.show_message("info", "first")
        bar.show_message("info", "second")
        assert shown(bar, 0.0) == "first"
        assert shown(bar, MIN_SHOWN_S - 0.1) == "first"
        assert shown(bar, MIN_SHOWN_S) == "second"
        assert shown(bar, MIN_SHOWN_S + SHOWN_S["info"] - 0.1) == "second"
        assert shown(bar, MIN_SHOWN_S + SHOWN_S["info"]) == "the hint"


async def test_a_key_brings_the_next_message_at_once_and_leaves_the_last_one() -> None:
    async with message_bar() as bar:
        bar.show_message("info", "first")
        bar.show_message("info", "second")
        assert shown(bar, 0.0).startswith("first")
        bar.acknowledge()
        assert shown(bar, 0.0) == "second"
        bar.acknowledge()
        assert shown(bar, 0.0) == "second"


async def test_an_answer_to_an_earlier_key_does_not_delay_that_to_the_newest() -> None:
    async with message_bar() as bar:
        bar.show_message("info", "the answer to the first key")
        bar.acknowledge()  # the second key came before the answer was shown
        bar.show_message("info", "the answer to the second key")
        assert shown(bar, 0.0).startswith("the answer to the first key")
        assert shown(bar, 0.0) == "the answer to the second key"


async def test_an_error_interrupts_and_stays_until_a_key() -> None:
    async with message_bar() as bar:
        bar.show_message("warning", "careful")
        assert shown(bar, 0.0) == "warning  careful"
        bar.show_message("error", "broken")
        assert shown(bar, 0.1).split() == ["error", "broken", "v", "2", "notices,", "1", "error"]
        assert shown(bar, 1_000.0).split() == [
            "error",
            "broken",
            "v",
            "2",
            "notices,",
            "1",
            "error",
        ]
        bar.acknowledge()
        assert shown(bar, 1_000.0).startswith("warning  careful ")


async def test_the_answer_to_a_key_does_not_wait_for_the_warnings_before_it() -> None:
    async with message_bar() as bar:
        for number in range(3):
            bar.show_message("warning", f"profile {number}")
        assert shown(bar, 0.0).split() == ["warning", "profile", "0", "v", "3", "notices"]
        bar.acknowledge()
        bar.show_message("info", "Copied.")
        assert shown(bar, 0.0).split() == ["Copied.", "v", "3", "notices"]
        assert shown(bar, MIN_SHOWN_S).startswith("warning  profile 1 ")
        assert shown(bar, 2 * MIN_SHOWN_S).startswith("warning  profile 2 ")
        bar.history.mark_read()
        assert shown(bar, 2 * MIN_SHOWN_S) == "warning  profile 2"


async def test_a_message_that_is_shown_or_waits_is_not_repeated() -> None:
    async with message_bar() as bar:
        for _ in range(2):
            bar.show_message("info", "first")
            bar.show_message("info", "second")
            assert shown(bar, 0.0) == "first"
        assert [notice.count for notice in bar.history.newest_first()] == [2, 2]
        bar.retract("second")
        assert shown(bar, 0.0) == "first"
        assert shown(bar, MIN_SHOWN_S) == "first"


async def test_a_good_start_takes_away_what_earlier_starts_of_that_tab_said() -> None:
    async with message_bar() as bar:
        bar.show_message("error", "it did not connect", key="a", attempt=1)
        bar.show_message("error", "its voice is unknown", key="a", attempt=1)
        bar.show_message("error", "no microphone", key="a", attempt=2)
        bar.show_message("error", "another tab", key="b", attempt=1)
        assert shown(bar, 0.0).startswith("error    it did not connect ")
        bar.retract_earlier("a", 2)
        assert shown(bar, 1.0).startswith("error    no microphone ")
        bar.acknowledge()
        assert shown(bar, 2.0).startswith("error    another tab ")


async def test_what_the_new_start_says_again_stays() -> None:
    async with message_bar() as bar:
        for attempt in (1, 2):
            bar.show_message("error", "no microphone", key="a", attempt=attempt)
        bar.retract_earlier("a", 2)
        assert shown(bar, 0.0) == "error    no microphone"


async def test_a_long_message_takes_two_rows_and_says_where_the_rest_is() -> None:
    async with message_bar() as bar:
        bar.sync(0.0, [])
        assert bar.wanted_rows == 1
        bar.show_message("info", "word " * 15)
        assert shown(bar, 0.0) == ("word " * 15).strip()
        assert bar.wanted_rows == 1
    async with BarApp().run_test(size=(80, 24)) as pilot:
        bar = pilot.app.query_one(MessageBar)
        bar.show_message("error", "word " * 60)
        text = shown(bar, 0.0)
        assert "…" in text and text.endswith("  v shows the rest")
        assert bar.wanted_rows == 2
