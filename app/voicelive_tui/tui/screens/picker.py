"""The profile picker: every profile found, the broken ones with file, line and reason."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option
from voicelive_common.printable import printable

from voicelive_tui.engine.config.profile_store import ProfileEntry
from voicelive_tui.engine.config.settings import Settings
from voicelive_tui.engine.service.connection_facts import service_name
from voicelive_tui.engine.service.target import asked_model
from voicelive_tui.model.profile.problem import counted


class PickerScreen(ModalScreen[ProfileEntry | None]):
    """A list of profiles. The result is the chosen one, None if the user chose none."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "cancel", "close", show=False),
        Binding("j", "down", show=False),
        Binding("k", "up", show=False),
    ]

    def __init__(self, choices: Sequence[ProfileEntry], settings: Settings) -> None:
        """settings: decide which service each profile talks to in this run."""
        super().__init__()
        self._settings = settings
        self._choices = {choice.path or choice.slug: choice for choice in choices}

    def compose(self) -> ComposeResult:
        """Yield a frame with the list in it."""
        with Vertical(classes="modal") as modal:
            options = [
                Option(_prompt(choice, self._settings), id=f"choice-{number}")
                for number, choice in enumerate(self._choices.values())
            ]
            yield OptionList(*options, id="choices")
        modal.border_title, modal.border_subtitle = (
            "Open a profile in a new tab",
            "Enter opens, Esc closes",
        )

    def on_mount(self) -> None:
        """Focus the list."""
        self.query_one(OptionList).focus()

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(list(self._choices.values())[event.option_index])

    def action_cancel(self) -> None:
        """Close without a choice."""
        self.dismiss(None)

    def action_down(self) -> None:
        """Move the cursor to the next profile."""
        self.query_one(OptionList).action_cursor_down()

    def action_up(self) -> None:
        """Move the cursor to the previous profile."""
        self.query_one(OptionList).action_cursor_up()


def _prompt(choice: ProfileEntry, settings: Settings) -> Content:
    """Two lines: the profile's name, and its description or the reason why it cannot be used."""
    if choice.profile is None:
        problem = choice.problems[0] if choice.problems else None
        where = f"line {problem.line}: " if problem and problem.line else ""
        reason = (
            f"{problem.message}{f' ({problem.hint})' if problem.hint else ''}"
            if problem
            else "it cannot be read"
        )
        return Content.assemble(
            (f"! {printable(choice.slug)}", "$error bold"), ("  cannot be used", "$error"), "\n  ",
            # The path comes last, because a long one is cut at the window's edge.
            (printable(f"{where}{reason}  {choice.path}"), "$text-muted"),
        )  # fmt: skip
    profile = choice.profile
    service = service_name(profile, settings)
    model = f"  {printable(asked_model(profile, settings))}, {printable(service)}"
    problems = counted(choice.problems)
    warnings = f"  {problems}" if problems else ""
    warnings += f"  hides {printable(', '.join(choice.hides))}" if choice.hides else ""
    return Content.assemble(
        (f"  {printable(profile.slug)}", "bold"), (model, "$text-muted"),
        (warnings, "$warning"), "\n  ",
        (printable(profile.description or profile.name), "$text-muted"),
    )  # fmt: skip
