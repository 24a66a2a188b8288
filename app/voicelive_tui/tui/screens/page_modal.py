"""The base of the pages that cover the panes of the main screen. Tabs, status, message line and
meters stay in sight, and the keys of the session go on to act."""

from typing import TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widget import Widget

from voicelive_tui.tui.commands import BY_ID
from voicelive_tui.tui.widgets.key_footer import KeyFooter
from voicelive_tui.tui.widgets.message_bar import MessageBar
from voicelive_tui.tui.widgets.pane_title import PaneTitle
from voicelive_tui.tui.widgets.single_line import SingleLine
from voicelive_tui.tui.widgets.spans import Spans

Result = TypeVar("Result")

FEWEST_ROWS = 12
"""A page with less room covers the whole screen but its footer."""

SESSION_KEYS: tuple[BindingType, ...] = tuple(
    BY_ID[name].binding(f"on_main('{BY_ID[name].full_action.removeprefix('screen.')}')")
    for name in (
        "session.toggle",
        "session.mute",
        "session.on_air",
        "talk.toggle",
        "talk.interrupt",
    )
)
"""The keys that act on the session from a page without a text field."""
TEXT_KEYS: tuple[BindingType, ...] = (
    Binding("escape,q,enter,backspace", "close", show=False),
    Binding("down,j", "scroll(1)", show=False),
    Binding("up,k", "scroll(-1)", show=False),
    Binding("pagedown,space", "page(1)", show=False),
    Binding("pageup", "page(-1)", show=False),
    Binding("g,home", "scroll(-1000000)", show=False),
    Binding("G,end", "scroll(1000000)", show=False),
)
"""The keys that scroll and close a page of text."""


class PageModal(ModalScreen[Result]):
    """A page between the status line and the notices of the main screen, with a footer of its own.
    Requires a main screen with the widgets `#status` and `#hints`."""

    AUTO_FOCUS = ""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._page_title = title

    def body(self) -> ComposeResult:
        """Yield the widgets of the page."""
        raise NotImplementedError

    def facts(self) -> tuple[Spans, Spans]:
        """What the title says behind the name and at its right end."""
        return (), ()

    def keys(self) -> list[tuple[str, str, str]]:
        """The footer: (key as shown, word, action)."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Yield the page and its footer."""
        with Vertical(id="page-box"):
            yield PaneTitle(id="page-title")
            yield from self.body()
        yield KeyFooter(id="page-keys")

    def on_mount(self) -> None:
        """Take the place of the panes, also when a notice above the message line comes or goes."""
        self._fit()
        main = self.app.screen_stack[0]
        main.screen_layout_refresh_signal.subscribe(self, lambda _: self._fit())

    def on_resize(self) -> None:
        """Take the place of the panes in the new size."""
        self._fit()

    def _fit(self) -> None:
        top, bottom = self._free_rows()
        box = self.query_one("#page-box", Vertical)
        box.styles.offset = (0, top)
        box.styles.height = bottom - top

    def _free_rows(self) -> tuple[int, int]:
        main = self.app.screen_stack[0]
        last = self.size.height - 1
        edges = {each.id: each.region for each in main.query("#status, #hints").results(Widget)}
        if {"status", "hints"} <= set(edges):
            top, bottom = edges["status"].bottom, edges["hints"].y
            if bottom - top >= FEWEST_ROWS:
                return top, min(bottom, last)
        return 0, last

    def on_key(self) -> None:
        """Acknowledge the current message below the page: any key means that it has been read."""
        for bar in self.app.screen_stack[0].query(MessageBar):
            bar.acknowledge()

    @on(SingleLine.Resized)
    def show_title(self) -> None:
        """Draw title and footer anew."""
        if self.is_mounted:
            facts, right = self.facts()
            self.query_one(PaneTitle).sync(self._page_title, facts, right, focused=True)
            self.query_one(KeyFooter).sync(self.keys())

    async def action_on_main(self, action: str) -> None:
        """Run an action of the main screen."""
        await self.app.run_action(action, self.app.screen_stack[0])
