"""The field in which the value of a setting is typed."""

from textual.app import App
from textual.geometry import Region
from voicelive_tui.model.profile.settings import KnownValue
from voicelive_tui.tui.widgets.setting_editor import Choices, SettingEditor, SettingField


async def test_an_editor_that_is_being_removed_can_be_drawn() -> None:
    """Textual may draw a widget between its removal and the next layout."""
    editor = SettingEditor("b", [KnownValue("a", ""), KnownValue("b", "")], several_lines=False)
    async with App[None]().run_test(size=(40, 10)) as pilot:
        await pilot.app.mount(editor)
        await pilot.pause()
        parts = [editor.query_one(SettingField), editor.query_one(Choices)]
        line = Region(0, 0, 10, 1)
        assert "".join(segment.text for segment in parts[0].render_lines(line)[0]).strip() == "b"
        await editor.remove()
        for part in parts:
            (strip,) = part.render_lines(line)
            assert strip.cell_length == 10
