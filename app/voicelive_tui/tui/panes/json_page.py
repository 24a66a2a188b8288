"""The page with the JSON of one event: folding, search inside, copy of a value or its path."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Static
from voicelive_common.printable import printable
from voicelive_common.redaction.redact import hide_keys

from voicelive_tui.journal.event_json import event_json
from voicelive_tui.journal.index import EventIndex
from voicelive_tui.tui.commands import BY_ID
from voicelive_tui.tui.formatting import amount
from voicelive_tui.tui.keymap import key_of
from voicelive_tui.tui.panes.events import EventsPane
from voicelive_tui.tui.widgets.find_row import FindInput
from voicelive_tui.tui.widgets.json_rows import reference_words, text_of
from voicelive_tui.tui.widgets.json_view import JsonView
from voicelive_tui.tui.widgets.pane_title import PaneTitle
from voicelive_tui.tui.widgets.spans import Span, fit, fit_middle

if TYPE_CHECKING:
    from voicelive_tui.tui.clipboard import Copied

_MOST_COPIED = 16 * 1024 * 1024
_HINTS = (
    ("move.open", "fold"),
    ("events.filter", "find"),
    ("events.copy", "value"),
    ("events.copy_turn", "path"),
    ("move.back", "back"),
)


class JsonPage(Vertical):
    """The JSON of record `n`."""

    DEFAULT_CSS = """
    JsonPage { height: 1fr; width: 1fr; }
    JsonPage .find-row { height: 1; display: none; }
    JsonPage .find-row.open { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        BY_ID["events.filter"].binding("find"),
        BY_ID["events.copy"].binding("copy_value"),
        BY_ID["events.copy_turn"].binding("copy_path"),
        BY_ID["move.back"].binding("leave"),
    ]

    class Copy(Message):
        """The user copies a value or its path."""

        def __init__(self, copied: "Copied") -> None:
            super().__init__()
            self.copied = copied

    class Left(Message):
        """The user goes back to the details."""

    def __init__(self, index: EventIndex, n: int, keymap: Mapping[str, str]) -> None:
        super().__init__(id="json-page")
        self.index, self.n = index, n
        self._keymap = keymap
        self._title = PaneTitle(id="json-title")
        self.view = JsonView(event_json(index, n), key_of("events.export", keymap), id="json")
        self._find_row = Horizontal(classes="find-row")

    def compose(self) -> ComposeResult:
        """Yield title, rows, and the line that is searched with."""
        yield self._title
        yield self.view
        with self._find_row:
            yield Static(" / ", classes="prompt", markup=False)
            yield FindInput(id="json-find", compact=True)

    def on_mount(self) -> None:
        """Take the focus."""
        self.screen.set_focus(self.view)
        self.call_after_refresh(self.show_title)

    def on_resize(self) -> None:
        """Show the title for the new width."""
        self.show_title()

    def show_title(self) -> None:
        """Show which event it is, what was looked for, and the keys."""
        size = self.index.size_bytes(self.n) or self.view.json.size_bytes
        kind = printable(fit_middle(self.index.type_name(self.n), 60))
        facts: list[Span] = [(f" {kind}  {amount(size)} bytes  JSON", "dim"), *self._found()]
        room = self.size.width - len(f" Event {amount(self.n)}  {kind}  {amount(size)} bytes") - 12
        self._title.sync(f"Event {amount(self.n)}", facts, self._hints(room), focused=True)

    def _found(self) -> list[Span]:
        search = self.view.search
        if not search.words:
            return []
        count = amount(len(search.offsets)) + ("" if search.complete else "+")
        words = printable(fit(search.words, 20))
        return [(f"  {amount(self.view.match_number)} of {count} «{words}»", "accent")]

    def _hints(self, room: int) -> list[Span]:
        texts = [f"{key_of(command, self._keymap)} {word}" for command, word in _HINTS]
        while texts and len("  ".join(texts)) + 2 > room:
            texts.pop(0)
        return [(f" {'  '.join(texts)} ", "dim")] if texts else []

    # Actions

    def action_find(self) -> None:
        """Open the line that is searched with."""
        self._find_row.add_class("open")
        line = self.query_one(FindInput)
        line.value = ""
        self.screen.set_focus(line)

    @on(Input.Submitted, "#json-find")
    def _find(self, event: Input.Submitted) -> None:
        event.stop()
        self._close_find()
        self.view.find(event.value.strip())
        self.show_title()
        if event.value.strip() and not self.view.search.offsets:
            text = f"This event has no {printable(event.value.strip()[:60])!r} in it."
            self.post_message(EventsPane.Notice("info", text))

    @on(FindInput.Left)
    def _gave_up(self, event: FindInput.Left) -> None:
        event.stop()
        self._close_find()

    def _close_find(self) -> None:
        self._find_row.remove_class("open")
        self.screen.set_focus(self.view)

    @on(JsonView.Moved)
    def _moved(self, event: JsonView.Moved) -> None:
        event.stop()
        self.show_title()

    def action_copy_value(self) -> None:
        """Copy the value under the cursor: a text without its quotes, anything else as it is
        spelled."""
        from voicelive_tui.tui.clipboard import Copied

        tree, node = self.view.json, self.view.node
        if tree.is_reference(node):
            text = reference_words(tree.spelling(node))
        elif node.kind == "string":
            text = text_of(tree, node, _MOST_COPIED)[0]
        else:
            text = tree.spelling(node)
        name = tree.path(node) or f"event {amount(self.n)}"
        self.post_message(self.Copy(Copied(printable(fit_middle(name, 60)), hide_keys(text))))

    def action_copy_path(self) -> None:
        """Copy the path of the value under the cursor."""
        from voicelive_tui.tui.clipboard import Copied

        path = self.view.json.path(self.view.node)
        if not path:
            self.post_message(EventsPane.Notice("info", "The event as a whole has no path."))
            return
        self.post_message(self.Copy(Copied("the path", hide_keys(path))))

    def action_leave(self) -> None:
        """Go back to the details."""
        self.post_message(self.Left())
