"""A window that shows a profile's file and its problems."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from voicelive_common.printable import printable

from voicelive_tui.model.profile.problem import Problem
from voicelive_tui.tui.commands import BY_ID
from voicelive_tui.tui.problem_words import SEVERITY_LOOKS, problem_text
from voicelive_tui.tui.screens.text_modal import TextModal
from voicelive_tui.tui.widgets.spans import Span, Spans


class ProfileScreen(TextModal):
    """The file's text with line numbers, lines with problems marked. editable: whether a key starts
    the editor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        BY_ID["profile.show"].binding("close"),
        BY_ID["profile.edit"].binding("edit"),
        Binding("e", "edit", show=False),
    ]

    def __init__(
        self, title: str, path: str, text: str, problems: Sequence[Problem], *, editable: bool
    ) -> None:
        super().__init__(printable(title), "e edits, Esc closes" if editable else "Esc closes")
        self._editable = editable
        self._path, self._text, self._problems = path, text, problems

    def lines(self) -> list[Spans]:
        """The path, the problems and the text."""
        out: list[Spans] = [[("file  ", "dim"), (printable(self._path) or "(only in memory)", "")]]
        if not self._problems:
            out.append([("ok    ", "good"), ("no problems", "dim")])
        for problem in self._problems:
            look = SEVERITY_LOOKS[problem.severity]
            out.append([(f"{problem.severity} ", look), (printable(problem_text(problem)), "")])
        wrong = {problem.line: SEVERITY_LOOKS[problem.severity] for problem in self._problems}
        out.append([])
        for number, line in enumerate(self._text.splitlines(), start=1):
            mark = wrong.get(number)
            out.append(
                [
                    (f"{'!' if mark else ' '}{number:>4}  ", mark or "faint"),
                    *toml_spans(printable(line)),
                ]
            )
        return out

    def action_edit(self) -> None:
        """Close the window and start the editor, if the profile is editable."""
        if self._editable:
            self.dismiss(True)


def toml_spans(line: str) -> list[Span]:
    """A line of TOML with a look for tables, keys, values and comments."""
    bare = line.lstrip()
    if bare.startswith("#"):
        return [(line, "note")]
    if bare.startswith("["):
        return [(line, "title-focus")]
    key, equals, value = line.partition("=")
    if (
        equals
        and key.strip()
        .replace("_", "")
        .replace("-", "")
        .replace(".", "")
        .replace('"', "")
        .isalnum()
    ):
        return [(key, "key"), ("=", "punct"), (value, "string")]
    return [(line, "string" if line.strip() else "")]
