"""The questions about changes of a profile that are not saved, and the page that shows them."""

import difflib
from typing import ClassVar

from textual.binding import Binding, BindingType
from voicelive_common.printable import printable

from voicelive_tui.engine.config.profile_writer import Choice
from voicelive_tui.tui.formatting import plural
from voicelive_tui.tui.screens.question import TEXT_CELLS, QuestionScreen, answers
from voicelive_tui.tui.screens.text_modal import TextModal
from voicelive_tui.tui.widgets.spans import Spans, fit, wrap

_MOST_KEYS = 8
_LOOKS = {"+": "good", "-": "bad", "@": "dim"}


class ConflictScreen(QuestionScreen):
    """The question what holds where a profile was changed here and in its file. The result is True
    when the user chose; `choice` says what."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "choose('ours')", show=False),
        Binding("f", "choose('theirs')", show=False),
        Binding("n", "close", show=False),
    ]

    def __init__(self, name: str, keys: tuple[str, ...]) -> None:
        shown = fit(printable(name), 20).strip()
        super().__init__(f"{shown} changed here and on the disk: which holds?")
        self.choice: Choice = "ours"
        self._keys = keys

    def lines(self) -> list[Spans]:
        """The settings that both changed, and the answers."""
        return [
            *wrap([("Both changed:", "dim")], TEXT_CELLS),
            *_listed(self._keys),
            [],
            answers(("m", "mine"), ("f", "the file's"), ("n", "not now: write nothing")),
        ]

    def action_choose(self, choice: Choice) -> None:
        """Let these values hold."""
        self.choice = choice
        self.dismiss(True)


class RevertScreen(QuestionScreen):
    """The question whether the changes in memory are taken back. The result is True for yes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "revert", show=False),
        Binding("n", "close", show=False),
    ]

    def __init__(self, name: str, keys: tuple[str, ...]) -> None:
        """keys: the dotted keys of the settings that were changed."""
        super().__init__(
            f"Take back {plural(len(keys), 'change')} of {fit(printable(name), 24).strip()}?"
        )
        self._keys = keys

    def lines(self) -> list[Spans]:
        """The settings that would be as in the file again, and the answers."""
        return [*_listed(self._keys), [], answers(("y", "as in the file"), ("n", "keep them"))]

    def action_revert(self) -> None:
        """Take the changes back."""
        self.dismiss(True)


class DifferenceScreen(TextModal):
    """What saving a profile would change in its file."""

    def __init__(self, name: str, before: str, after: str) -> None:
        """before, after: the file's text without and with the changes, without secrets."""
        super().__init__(f"{printable(name)}: what saving would change")
        self._before, self._after = before.splitlines(), after.splitlines()

    def lines(self) -> list[Spans]:
        """The lines that would go and come, each with the lines around it."""
        changes = list(difflib.unified_diff(self._before, self._after, lineterm="", n=2))[2:]
        if not changes:
            return [[("Nothing: the file has the same settings as this tab.", "dim")]]
        return [[(printable(line), _LOOKS.get(line[:1], ""))] for line in changes]


def _listed(keys: tuple[str, ...]) -> list[Spans]:
    lines: list[Spans] = [[(f"  {printable(key)}", "strong")] for key in keys[:_MOST_KEYS]]
    more = len(keys) - _MOST_KEYS
    return [*lines, [(f"  and {more} more", "dim")]] if more > 0 else lines
