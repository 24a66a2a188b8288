"""The help: all commands by group, with their current keys."""

from typing import ClassVar

from textual.binding import Binding, BindingType

from voicelive_tui.tui.commands import COMMANDS, keys_of
from voicelive_tui.tui.screens.text_modal import TextModal
from voicelive_tui.tui.widgets.spans import Spans

_ABOUT: tuple[Spans, ...] = (
    [
        ("In the event list ", "dim"), (">", "sent"), (" was sent, ", "dim"),
        ("<", "received"), (" was received, ", "dim"),
        ("=", "local"), (" is a fact of this machine.", "dim"),
    ],
    [
        ("Filter: ", "dim"), ("speech", "accent"), (" matches types, ", "dim"),
        ("-append", "accent"), (" leaves out, ", "dim"),
        ("> < =", "accent"), (" a direction, ", "dim"),
        ("error", "accent"), (", ", "dim"), ("item:ID", "accent"), (", ", "dim"),
        ('"words"', "accent"), (" any text of the event.", "dim"),
    ],
    [("Letters act only while no text is being typed. [keys] in the config file changes them, by "
      "the palette's names.", "dim")],
)  # fmt: skip


class HelpScreen(TextModal):
    """A window that lists all keys."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("question_mark,f1", "close", show=False)]

    def __init__(self, keymap: dict[str, str], config: str) -> None:
        super().__init__("Keys", "Esc closes, arrows scroll")
        self._keymap, self._config = keymap, config

    def lines(self) -> list[Spans]:
        """A heading for each group and a line for each of its commands."""
        out: list[Spans] = []
        group = ""
        for command in COMMANDS:
            if command.id.startswith("tab.") and command.id[4:].isdigit():
                if command.id != "tab.1":
                    continue
                out.append([("  1 .. 9".ljust(18), "keycap"), ("Show this tab", "")])
                continue
            if command.group != group:
                group = command.group
                out += [[], [(group, "title-focus")]] if out else [[(group, "title-focus")]]
            keys = "  " + "  ".join(keys_of(command.id, self._keymap))
            out.append([(keys.ljust(18), "keycap"), (command.help, "")])
        return [*out, [], *_ABOUT, [("Config file: ", "dim"), (self._config, "")]]
