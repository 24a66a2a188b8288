"""The question for the name of a profile's new file."""

from collections.abc import Collection
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.markup import escape
from textual.screen import ModalScreen
from textual.widgets import Input, Static
from voicelive_common.printable import printable

from voicelive_tui.engine.config.profile_operations import profile_name_problem


class ProfileNameScreen(ModalScreen[str | None]):
    """A text field for the name. The result is the name without `.toml`; None if the user gave
    none."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", show=False)]

    def __init__(
        self,
        name: str,
        folder: str,
        *,
        taken: Collection[str],
        about: str = "",
        title: str = "Save the profile as",
        verb: str = "saves in",
    ) -> None:
        """name: the profile's name now. folder: where the file will be. taken: the names of other
        files in it. about: why a name is asked for. title: of the window. verb: what Enter does in
        the folder."""
        super().__init__()
        self._taken = taken
        self._input = Input(free_name(name, taken), id="profile-name")
        self._folder, self._window_title, self._verb = folder, title, verb
        self._problem = Static(about, id="profile-name-problem", markup=False)

    def compose(self) -> ComposeResult:
        """Yield a frame with the field, and a row for what is wrong with the name."""
        with Vertical(classes="modal question") as modal:
            yield self._input
            yield self._problem
        modal.border_title = escape(printable(self._window_title))
        modal.border_subtitle = escape(f"Enter {self._verb} {printable(self._folder)}, Esc closes")

    def on_mount(self) -> None:
        """Focus the field."""
        self._input.focus()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        name = event.value.strip().removesuffix(".toml")
        if problem := profile_name_problem(name, self._taken):
            self._problem.update(problem)
        else:
            self.dismiss(name)

    def action_cancel(self) -> None:
        """Close without a name."""
        self.dismiss(None)


def free_name(name: str, taken: Collection[str]) -> str:
    """The name with a number behind it if it is taken; empty if no file can have it."""
    stem = name.rpartition("-")[0] if name.rpartition("-")[2].isdecimal() else name
    names = (name, *(f"{stem or name}-{number}" for number in range(2, len(taken) + 3)))
    return next((each for each in names if not profile_name_problem(each, taken)), "")
