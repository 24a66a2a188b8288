"""The questions about the files of profiles: whether one is to be deleted, and whether a starter is
to be copied."""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual.binding import Binding, BindingType
from voicelive_common.printable import printable

from voicelive_tui.paths import short_path
from voicelive_tui.tui.screens.question import TEXT_CELLS, QuestionScreen, answers
from voicelive_tui.tui.widgets.spans import Spans, hanging_indent


class DeleteProfileScreen(QuestionScreen):
    """The result is True when the user deletes the profile."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "agree", show=False),
        Binding("n", "close", show=False),
    ]

    def __init__(self, path: Path, trash: Path, tabs: Sequence[int]) -> None:
        """tabs: the numbers of the tabs that have the profile."""
        super().__init__(f"Delete {printable(path.stem)}?")
        self._path, self._trash, self._tabs = path, trash, tabs

    def lines(self) -> list[Spans]:
        """The file, where it is kept, the tabs that have it, and the answers."""
        out = [*_fact("file", short_path(self._path)), *_fact("kept in", short_path(self._trash))]
        if self._tabs:
            numbers = ", ".join(map(str, self._tabs))
            out += _fact("open in", f"tab {numbers}, which keeps what it has")
        return [*out, [], answers(("y", "move it to the trash"), ("n", "keep it"))]

    def action_agree(self) -> None:
        """Delete it."""
        self.dismiss(True)


class CopyStarterScreen(QuestionScreen):
    """The result is True when the user edits a copy."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "agree", show=False),
        Binding("n", "close", show=False),
    ]

    def __init__(self, name: str, copy: Path) -> None:
        """copy: the file that will be made."""
        super().__init__(f"Edit a copy of {printable(name)}?")
        self._copy = copy

    def lines(self) -> list[Spans]:
        """That a starter stays, where the copy is made, and the answers."""
        return [
            [("This starter came with the program and stays as it is.", "")],
            [("Your copy has the same name and is used in its place.", "")],
            [],
            *_fact("copy", short_path(self._copy)),
            [],
            answers(("y", "make the copy and edit it"), ("n", "not now")),
        ]

    def action_agree(self) -> None:
        """Make the copy."""
        self.dismiss(True)


def _fact(label: str, text: str) -> list[Spans]:
    return list(hanging_indent([(f"{label:<9}", "dim"), (printable(text), "")], TEXT_CELLS))
