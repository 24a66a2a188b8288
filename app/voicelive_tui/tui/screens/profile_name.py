"""The question for the name of a profile's new file."""

import re
from collections.abc import Collection
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static
from voicelive_common.printable import printable

_NAME = re.compile(r"[^\W_][\w .+-]{0,99}")


class ProfileNameScreen(ModalScreen[str | None]):
    """A text field for the name. The result is the name without `.toml`; None if the user gave
    none."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", show=False)]

    def __init__(self, name: str, folder: str, *, taken: Collection[str], about: str = "") -> None:
        """name: the profile's name now. folder: where the file will be. taken: the names of other
        files in it. about: why a name is asked for."""
        super().__init__()
        self._taken = taken
        free = name if name not in taken else f"{name}-2"
        self._input = Input("" if name_problem(free, ()) else free, id="profile-name")
        self._folder = folder
        self._problem = Static(about, id="profile-name-problem", markup=False)

    def compose(self) -> ComposeResult:
        """Yield a frame with the field, and a row for what is wrong with the name."""
        with Vertical(classes="modal question") as modal:
            yield self._input
            yield self._problem
        modal.border_title = "Save the profile as"
        modal.border_subtitle = f"Enter saves in {printable(self._folder)}, Esc closes"

    def on_mount(self) -> None:
        """Focus the field."""
        self._input.focus()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        name = event.value.strip().removesuffix(".toml")
        if problem := name_problem(name, self._taken):
            self._problem.update(problem)
        else:
            self.dismiss(name)

    def action_cancel(self) -> None:
        """Close without a name."""
        self.dismiss(None)


def name_problem(name: str, taken: Collection[str]) -> str:
    """Return why a file cannot have this name, as a sentence; empty if it can."""
    if not _NAME.fullmatch(name):
        return "A name has letters, digits, spaces and . _ + - in it, and no folder."
    if name in taken:
        return f"There is already {name}.toml: take another name."
    return ""
