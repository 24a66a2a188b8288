"""The page that shows a profile's file and its problems."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from voicelive_common.printable import printable

from voicelive_tui.model.profile.problem import Problem, counted
from voicelive_tui.paths import short_path
from voicelive_tui.tui.commands import BY_ID
from voicelive_tui.tui.keymap import key_of
from voicelive_tui.tui.problem_words import SEVERITY_LOOKS, problem_text, worst_look
from voicelive_tui.tui.screens.page_modal import SESSION_KEYS, TEXT_KEYS, PageModal
from voicelive_tui.tui.widgets.spans import Span, Spans
from voicelive_tui.tui.widgets.text_page import TextPage


class ProfileScreen(PageModal[bool]):
    """The file's text with line numbers, lines with problems marked. The result is True when the
    user wants to edit it. editable: whether a key starts the editor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *SESSION_KEYS,
        BY_ID["console.help"].binding("app.help"),
        BY_ID["profile.show"].binding("close"),
        BY_ID["profile.edit"].binding("edit"),
        BY_ID["events.next_error"].binding("problem(1)"),
        BY_ID["events.previous_error"].binding("problem(-1)"),
        BY_ID["events.copy"].binding("copy"),
        *TEXT_KEYS,
    ]
    AUTO_FOCUS = "#profile-page"

    def __init__(
        self,
        title: str,
        path: str,
        text: str,
        problems: Sequence[Problem],
        keymap: Mapping[str, str],
        *,
        editable: bool,
    ) -> None:
        super().__init__("Profile")
        self._shown_name, self._editable, self._keymap = printable(title), editable, keymap
        self._path, self._text, self._problems = path, text, problems
        self._at = -1
        """The position of the problem that was gone to last."""
        self._first_line = 0

    def body(self) -> ComposeResult:
        """Yield the text."""
        yield TextPage(self.lines(), id="profile-page")

    def facts(self) -> tuple[Spans, Spans]:
        """The profile, and how much is wrong with it."""
        found = counted(self._problems)
        right = (found, worst_look(self._problems)) if found else ("no problems", "dim")
        return [(self._shown_name, "strong")], [("  ", ""), right]

    def keys(self) -> list[tuple[str, str, str]]:
        """The keys of this page."""
        edit = [(key_of("profile.edit", self._keymap), "edit", "screen.edit")]
        errors = [(key_of("events.next_error", self._keymap), "next problem", "screen.problem(1)")]
        return [
            *(edit if self._editable else []),
            *(errors if self._problems else []),
            (key_of("events.copy", self._keymap), "copy", "screen.copy"),
            ("PgDn", "more", "screen.page(1)"),
            (key_of("profile.show", self._keymap), "close", "screen.close"),
        ]

    def lines(self) -> list[Spans]:
        """The path, the problems and the text."""
        path = printable(short_path(self._path)) if self._path else "(only in memory)"
        out: list[Spans] = [[("file  ", "dim"), (path, "")]]
        if not self._problems:
            out.append([("ok    ", "good"), ("no problems", "dim")])
        for problem in self._problems:
            look = SEVERITY_LOOKS[problem.severity]
            out.append([(f"{problem.severity} ", look), (printable(problem_text(problem)), "")])
        out.append([])
        self._first_line = len(out)
        return [*out, *self._numbered()]

    def _numbered(self) -> list[Spans]:
        wrong = {problem.line: SEVERITY_LOOKS[problem.severity] for problem in self._problems}
        lines: list[Spans] = []
        for number, line in enumerate(self._text.splitlines(), start=1):
            mark = wrong.get(number)
            label = f"{'!' if mark else ' '}{number:>4}  "
            lines.append([(label, mark or "faint"), *toml_spans(printable(line))])
        return lines

    @on(TextPage.Wrapped)
    def _show_first_problem(self) -> None:
        """Begin at the first error."""
        if self._at < 0 and any(problem.severity == "error" for problem in self._problems):
            self.call_after_refresh(self.action_problem, 1)

    def action_problem(self, step: int) -> None:
        """Go to the next (`step` 1) or previous (-1) problem, round the end."""
        found = sorted({each.line for each in self._problems if each.line})
        if found:
            self._at = (self._at + step) % len(found) if self._at >= 0 else 0
            self.query_one(TextPage).show_line(self._first_line + found[self._at] - 1)

    def action_scroll(self, lines: int) -> None:
        """Scroll by this many lines, negative ones up."""
        page = self.query_one(TextPage)
        page.scroll_to(y=min(max(0, page.top + lines), page.max_scroll_y), animate=False)

    def action_page(self, pages: int) -> None:
        """Scroll by pages, negative ones up."""
        self.action_scroll(pages * self.query_one(TextPage).page)

    def action_copy(self) -> None:
        """Copy the text of the file, without its secrets."""
        self.app.copy_to_clipboard(self._text)

    def action_edit(self) -> None:
        """Close the page and start the editor, if the profile is editable."""
        if self._editable:
            self.dismiss(True)

    def action_close(self) -> None:
        """Close the page."""
        self.dismiss(False)


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
