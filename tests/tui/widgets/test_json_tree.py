"""A JSON text as rows that fold: what is shown, where a value is, and that nothing stops it."""

import json
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from voicelive_tui.tui.widgets.json_node import Node
from voicelive_tui.tui.widgets.json_rows import row_spans, text_lines
from voicelive_tui.tui.widgets.json_search import search_json
from voicelive_tui.tui.widgets.json_tree import MOST_MEMBERS, JsonTree
from voicelive_tui.tui.widgets.spans import cells

from tests.support.hostile_documents import ODD_JSON, hostile_lines
from tests.support.step_count import steps
from tests.tui.support.spans import text_of

EVENT = (
    '{"type":"response.done","event_id":"event_1","response":{"id":"resp_1",'
    '"status_details":{"type":"cancelled","reason":"turn_detected"},'
    '"output":[{"id":"item_1","text":"' + "word " * 100 + 'needle"}],'
    '"temperature":0.80,"big":12345678901234567890123,"huge":1E400}}'
)


def shown(tree: JsonTree, width: int = 100) -> list[str]:
    return [text_of(row_spans(tree, row, width)) for row in tree.rows]


def node_at(tree: JsonTree, path: str) -> Node:
    return next(node for node, _ in tree.rows if tree.path(node) == path)


def fold(tree: JsonTree, path: str) -> None:
    tree.toggle(tree.row_of(node_at(tree, path)))


def test_what_is_small_is_open_and_what_is_large_says_its_size() -> None:
    rows = shown(JsonTree(EVENT))
    assert rows[:4] == [
        "- {",
        '    "type": "response.done",',
        '    "event_id": "event_1",',
        '  - "response": {',
    ]
    assert '    + "status_details": { "type": "cancelled",  "reason": "turn_detected" },' in rows
    size = len('[{"id":"item_1","text":"' + "word " * 100 + 'needle"}]')
    assert f'    + "output": [ 1 item, {size} bytes ],' in rows
    assert rows[-2:] == ["    }", "  }"]


def test_numbers_keep_the_spelling_in_which_they_came() -> None:
    rows = shown(JsonTree(EVENT))
    for spelled in ('"temperature": 0.80,', '"big": 12345678901234567890123,', '"huge": 1E400'):
        assert f"      {spelled}" in rows


def test_folding_and_unfolding_leaves_the_other_rows_as_they_are() -> None:
    tree = JsonTree(EVENT)
    before = shown(tree)
    fold(tree, "response.output")
    assert '          "id": "item_1",' in shown(tree)
    fold(tree, "response.output")
    assert shown(tree) == before
    fold(tree, "response")
    assert len(shown(tree)) == 5
    fold(tree, "response")
    assert shown(tree) == before


def test_an_unfolded_text_has_its_own_line_breaks_and_no_control_codes() -> None:
    tree = JsonTree(json.dumps({"instructions": "Be brief.\nBe kind. \x1b[31m"}))
    (text,) = (node for node, _ in tree.rows if node.kind == "string")
    text.lines = text_lines(tree, text, 80, "w")
    fold(tree, "instructions")
    assert [row.strip() for row in shown(tree)[2:4]] == ["Be brief.", "Be kind. \\x1b[31m"]


@pytest.mark.parametrize(
    ("value", "row"),
    [
        ('"\\u00fc \\"q\\" \\n"', '"ü \\"q\\" \\n"'),
        ('"back\\\\"', '"back\\\\"'),
        ('"\\ud800"', '"\\ud800"'),
        ("{}", "{}"),
        ("[]", "[]"),
        ("[1,  2]", "[ 1,  2 ]"),
        ('"' + "QUJD" * 300 + '"', "(base64 of 900 bytes)"),
        (
            '{"$wav":"agent.wav","offset":96000,"bytes":9600,"ms":200.0}',
            "(9 600 bytes of sound, 200 ms, in agent.wav at byte 96 000)",
        ),
        ('{"$wav":null,"bytes":9600}', "(9 600 bytes of sound, not recorded)"),
    ],
)
def test_each_kind_of_value_on_its_row(value: str, row: str) -> None:
    tree = JsonTree(f'{{"long": "{"x" * 80}", "value": {value}}}')
    assert shown(tree)[2].lstrip("+ ") == f'"value": {row}'


def test_paths_name_every_value_so_that_a_program_finds_it() -> None:
    text = '{"a b": [[10], {"c": {"d-e": null}}], "\\"": 1, "x": "' + "y" * 80 + '"}'
    tree = JsonTree(text)
    for _ in range(4):
        for node in [node for node, part in tree.rows if not part and not node.is_open]:
            if node.kind in ("object", "array"):
                tree.toggle(tree.row_of(node))
    assert [tree.path(node) for node, part in tree.rows if part == 0][1:] == [
        '["a b"]',
        '["a b"][0]',
        '["a b"][0][0]',
        '["a b"][1]',
        '["a b"][1].c',
        '["a b"][1].c.d-e',
        '["\\""]',
        "x",
    ]


def test_a_search_unfolds_what_hides_a_match_and_goes_round() -> None:
    tree = JsonTree(EVENT)
    search = search_json(EVENT, "NEEDLE")
    assert len(search.offsets) == 1 and search.complete
    node = tree.reveal(search.offsets[0])
    assert tree.path(node) == "response.output[0].text"
    assert any('"text": "word' in row for row in shown(tree))
    ids = search_json(EVENT, "_1")
    assert [ids.nearest(start, start + 1, 1) for start in ids.offsets] == [1, 2, 0]
    assert [ids.nearest(start, start + 1, -1) for start in ids.offsets] == [2, 0, 1]


def test_a_search_finds_escaped_letters_and_any_space_behind_a_colon() -> None:
    assert search_json('{"a":"\\u00fcber"}', "über").offsets
    assert search_json('{"a":"b"}', '"a": "b"').offsets
    assert not search_json('{"a":"b"}', "c").offsets


def test_thousands_of_members_fold_into_slices_of_which_each_is_reached() -> None:
    text = '{"many":[' + ",".join(map(str, range(2 * MOST_MEMBERS + 500))) + "]}"
    tree = JsonTree(text)
    fold(tree, "many")
    assert [row.split("  [ ")[0] for row in shown(tree)[2:5]] == [
        "    + [0 to 999]",
        "    + [1 000 to 1 999]",
        "    + [2 000 to 2 499]",
    ]
    node = tree.reveal(text.index("2345"))
    assert tree.path(node) == "many[2345]"
    assert tree.spelling(node) == "2345"


def test_a_row_of_a_huge_event_costs_what_one_of_a_small_event_costs() -> None:
    def first_rows(members: int) -> int:
        tree = JsonTree('{"a":[' + '{"text":"x"},' * members + "1]}")
        tree.rows = tree.rows[:1]
        return steps(lambda: row_spans(tree, tree.rows[0], 100))

    assert first_rows(20_000) == first_rows(200)


@pytest.mark.parametrize(
    "text",
    [
        '{"a":' * 10_000 + "1" + "}" * 10_000,
        "[" * 100_000,
        '{"a":"' + "x" * 100_000,
        '{"a":1,,}',
        '{"a" 1}',
        "",
        "}",
        '"\\',
        "{" * 3 + '"' + "]" * 9,
    ],
    ids=["deep", "only brackets", "cut", "commas", "no colon", "empty", "closing", "escape", "mix"],
)
def test_no_text_stops_it(text: str) -> None:
    tree = JsonTree(text)
    for at in range(20):
        tree.toggle(min(at, len(tree.rows) - 1))
    tree.reveal(len(text) // 2)
    assert all(cells(row_spans(tree, row, 60)) <= 60 for row in tree.rows[:200])


@settings(max_examples=60, deadline=None)
@given(hostile_lines(json.loads(EVENT)) | st.sampled_from(ODD_JSON), st.integers(0, 10_000))
def test_any_event_is_shown_in_order_and_within_the_width(text: str, place: int) -> None:
    tree = JsonTree(text)
    for _ in range(3):
        tree.toggle(place % len(tree.rows))
    tree.reveal(place % (len(text) + 1))
    assert all(cells(row_spans(tree, row, 72)) <= 72 for row in tree.rows[:300])
    heads = [node.begins for node, part in tree.rows if part == 0]
    assert all(before <= after for before, after in pairwise(heads))
