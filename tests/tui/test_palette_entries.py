"""What the palette finds for what people type, and what it lists before they type."""

import pytest
from voicelive_tui.model.session.snapshot import SessionSnapshot, SessionState
from voicelive_tui.tui.command_words import GROUPS
from voicelive_tui.tui.palette_entries import (
    PaletteEntry,
    all_entries,
    entry_spans,
    found_entries,
    theme_entries,
    usable_entries,
)
from voicelive_tui.tui.widgets.spans import cells

from tests.tui.support.spans import text_of

ENTRIES = all_entries({})


def found(typed: str) -> list[str]:
    return [entry.id for entry in found_entries(ENTRIES, typed)]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("device", "profile.edit"),
        ("voice", "profile.edit"),
        ("mic", "session.mute"),
        ("reconnect", "session.restart"),
        ("reconnect", "session.toggle"),
        ("dark", "console.theme"),
        ("picture", "console.screenshot"),
        ("barge in", "talk.interrupt"),
    ],
)
def test_other_words_find_a_command(typed: str, meant: str) -> None:
    assert meant in found(typed)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("copy", "events.copy"),
        ("quit", "console.quit"),
        ("exit", "console.quit"),
        ("mute", "session.mute"),
        ("talk.message", "talk.message"),
        ("events.copy_turn", "events.copy_turn"),
        ("copy turn", "events.copy_turn"),
        ("start", "session.toggle"),
        ("theme", "console.theme"),
        ("tab 3", "tab.3"),
        ("^e", "profile.edit"),
        ("NEXT ERROR", "events.next_error"),
    ],
)
def test_the_best_is_first(typed: str, meant: str) -> None:
    assert found(typed)[0] == meant


def test_letters_in_their_order_find_what_no_word_does() -> None:
    assert found("scrnsht") == ["console.screenshot"]
    assert found("xyzzy") == []
    assert found("copy xyzzy") == []


def test_a_command_can_be_found_by_its_id_and_by_each_word_of_its_name() -> None:
    for entry in ENTRIES:
        assert found(entry.id)[0] == entry.id
        for word in entry.name.replace("(", " ").replace(",", " ").split():
            assert entry.id in found(word), (entry.id, word)


def usable(session: SessionSnapshot | None) -> set[str]:
    return {entry.id for entry in usable_entries(ENTRIES, session)}


def test_before_anything_is_typed_it_lists_what_has_an_effect_now() -> None:
    assert "tab.open" in usable(None) and "session.toggle" not in usable(None)
    off = usable(SessionSnapshot("k", "k", SessionState.OFF))
    assert "session.toggle" in off and "talk.interrupt" not in off
    assert "talk.interrupt" in usable(SessionSnapshot("k", "k", SessionState.CONNECTED))
    recorded = usable(SessionSnapshot("k", "k", SessionState.RECORDED))
    assert {"events.copy", "profile.show"} <= recorded
    assert not {"session.mute", "profile.edit"} & recorded


def test_the_groups_stand_in_their_order() -> None:
    groups = list(dict.fromkeys(entry.group for entry in ENTRIES))
    assert groups == [group for group in GROUPS if group in groups]


@pytest.mark.parametrize("width", [40, 60, 79, 99, 139, 199])
def test_a_row_is_as_wide_as_the_list(width: int) -> None:
    long = PaletteEntry("a.b", "Console", "name " * 20, "ctrl+shift+f12", "app.x", "help " * 40)
    for entry in [*ENTRIES, *theme_entries(["nord", "x" * 90], "nord"), long]:
        row = entry_spans(entry, entry.group, width, chosen=True)
        assert cells(row) == width, text_of(row)


def test_the_theme_in_use_is_marked() -> None:
    marked = {entry.name: entry.key for entry in theme_entries(["nord", "dracula"], "nord")}
    assert marked == {"nord": "in use", "dracula": ""}


def test_every_name_stands_clear_of_its_sentence() -> None:
    for entry in ENTRIES:
        row = text_of(entry_spans(entry, "", 200, chosen=False))
        assert f"{entry.name} " in row, entry.id
