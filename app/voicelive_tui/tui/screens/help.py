"""The help: all commands by group, with their current keys."""

from collections.abc import Mapping
from typing import ClassVar

from textual.binding import BindingType

from voicelive_tui.tui.commands import BY_ID, COMMANDS
from voicelive_tui.tui.keymap import keys_of
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


_NUMBERED = frozenset(f"tab.{n}" for n in range(1, 10))
_HELP = BY_ID["console.help"]


class HelpScreen(TextModal):
    """A window that lists all keys."""

    BINDINGS: ClassVar[list[BindingType]] = [_HELP.binding("close")]

    def __init__(self, keymap: Mapping[str, str], config: str) -> None:
        super().__init__("Keys", "Esc closes, arrows scroll")
        self._keymap, self._config = keymap, config

    def lines(self) -> list[Spans]:
        """A heading for each group and a line for each of its commands."""
        out: list[Spans] = []
        group = ""
        for command in COMMANDS:
            if command.id in _NUMBERED and not any(each in self._keymap for each in _NUMBERED):
                if command.id == "tab.1":
                    out.append([("  1 .. 9".ljust(18), "keycap"), ("Show this tab", "")])
                continue
            if command.group != group:
                group = command.group
                out += [[], [(group, "title-focus")]] if out else [[(group, "title-focus")]]
            keys = "  " + "  ".join(keys_of(command.id, self._keymap))
            out.append([(keys.ljust(18), "keycap"), (command.help, "")])
        return [*out, [], *_ABOUT, [("Config file: ", "dim"), (self._config, "")]]
