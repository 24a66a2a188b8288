"""Ids in the text of a frame: replaced by the live ones and escaped for JSON, with everything else
unchanged."""

import json

from voicelive_simulator.api.ids import Ids
from voicelive_simulator.replay.id_map import IdMap


def test_a_clients_name_is_spelled_as_json_also_inside_a_text() -> None:
    names = IdMap(frozenset(), Ids(1))
    names.map("item_1", 'my "item" \\ \ud800')
    frame = json.dumps(
        {"item_id": "item_1", "message": "There is no item_1 here.", "item_1": "item_12"}
    )
    assert json.loads(names.rewrite(frame)) == {
        "item_id": 'my "item" \\ \ud800',
        "message": 'There is no my "item" \\ \ud800 here.',
        "item_1": "item_12",
    }


def test_a_long_word_without_a_name_is_read_once() -> None:
    # A search from each of its letters would take minutes.
    frame = json.dumps({"url": "data:image/x-icon;base64," + "a" * 1_000_000 + "_"})
    assert IdMap(frozenset(), Ids(1)).rewrite(frame) == frame
