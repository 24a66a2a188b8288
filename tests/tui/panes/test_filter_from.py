"""The filters that one letter makes of a row."""

import pytest
from voicelive_tui.model.events.filters import CursorIds, Filter, parse_filter
from voicelive_tui.tui.panes.filter_from import FAMILIES, choices, filter_from

IDS = CursorIds(item="item_1", resp="resp_1", turn=4)


@pytest.mark.parametrize(
    ("letter", "expr"),
    [
        ("h", "-append -type:response.done"),
        ("o", "type:response.done"),
        ("r", "resp:resp_1"),
        ("i", "item:item_1"),
        ("t", "turn:4"),
        ("-", ""),
        ("l", "="),
        ("q", None),
    ],
)
def test_letters(letter: str, expr: str | None) -> None:
    assert filter_from(letter, "response.done", IDS, "-append") == expr


@pytest.mark.parametrize("letter", ["r", "i", "t"])
def test_what_the_event_does_not_belong_to_makes_no_filter(letter: str) -> None:
    assert filter_from(letter, "error", CursorIds(), "") is None
    offered = ["".join(text for text, _ in part) for part in choices("error", CursorIds())]
    assert not any(each.startswith(f"{letter} ") for each in offered)


@pytest.mark.parametrize("type_name", ["(malformed)", "a b", 'x"y', "évil.delta"])
def test_any_type_can_be_hidden(type_name: str) -> None:
    expr = filter_from("h", type_name, IDS, "-append")
    assert expr is not None
    found = parse_filter(expr)
    assert isinstance(found, Filter)
    assert not found.matches("received", type_name)


@pytest.mark.parametrize(
    ("type_name", "family"),
    [
        ("response.audio.delta", "a"),
        ("response.output_audio.delta", "a"),
        ("console.playback_started", "a"),
        ("response.audio_transcript.delta", "w"),
        ("conversation.item.input_audio_transcription.completed", "w"),
        ("session.updated", "s"),
        ("console.connected", "s"),
        ("input_audio_buffer.append", "b"),
        ("input_audio_buffer.speech_started", "b"),
        ("response.function_call_arguments.done", "f"),
        ("response.mcp_call.completed", "f"),
    ],
)
def test_families(type_name: str, family: str) -> None:
    found = parse_filter(FAMILIES[family][1])
    assert isinstance(found, Filter)
    assert found.matches("received", type_name)
    other = parse_filter(FAMILIES["f" if family != "f" else "w"][1])
    assert isinstance(other, Filter)
    assert not other.matches("received", type_name)


@pytest.mark.parametrize("letter", ["r", "i"])
@pytest.mark.parametrize("identifier", ["a b", 'a"b', "a)", "a*", ".", "a\x1b[2J", "a\u202eb"])
def test_an_id_that_cannot_be_typed_is_not_offered(letter: str, identifier: str) -> None:
    ids = CursorIds(identifier, identifier, 1)
    assert filter_from(letter, "error", ids, "") is None
    assert not {"r", "i"} & {spans[0][0] for spans in choices("error", ids)}
