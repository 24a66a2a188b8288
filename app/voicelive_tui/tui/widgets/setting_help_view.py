"""The help of the setting under the cursor: a column beside the settings, or a rule and two rows
below them."""

from collections.abc import Mapping
from typing import Final

from textual.geometry import Size
from textual.strip import Strip

from voicelive_tui.tui.setting_facts import SettingFacts
from voicelive_tui.tui.widgets.setting_help import help_column, help_rows
from voicelive_tui.tui.widgets.spans import Spans, SpanWidget

HELP_CELLS: Final = 37
"""The width of the column, with the line at its left."""


class SettingHelpView(SpanWidget):
    """The help. The lines are made when they are painted, because only then is their room known:
    made before, they would have to be painted twice."""

    def __init__(self, keymap: Mapping[str, str]) -> None:
        super().__init__(id="settings-help")
        self.beside = True
        """Whether this is the column beside the settings."""
        self._keymap = keymap
        self._setting: SettingFacts | None = None
        self._api_version = ""
        self._lines: list[Spans] = []
        self._made_for: Size | None = None
        """The size for which the lines were made; None if they are to be made anew."""

    def show(self, setting: SettingFacts | None, api_version: str) -> None:
        """Show the help of this setting. api_version: the one in use."""
        if setting is not self._setting or api_version != self._api_version:
            self._setting, self._api_version = setting, api_version
            self._made_for = None
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line."""
        size = self.size
        if size != self._made_for:
            self._made_for, self._lines = size, self._make_lines(size)
        return self.strip(self._lines[y] if y < len(self._lines) else (), size.width)

    def _make_lines(self, size: Size) -> list[Spans]:
        setting, version = self._setting, self._api_version
        if self.beside:
            return help_column(setting, version, size.width, size.height, self._keymap)
        rule: Spans = [("─" * size.width, "rule")]
        return [rule, *help_rows(setting, version, size.width)]
