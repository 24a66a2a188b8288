"""Filters on a real journal, whose lines are partly on disk and partly waiting."""

from pathlib import Path

import pytest
from voicelive_tui.journal.reader import read_folder
from voicelive_tui.journal.view import EventView
from voicelive_tui.model.events.filters import Filter, parse_filter

from tests.support.prepared_session import Script


def wanted(expression: str) -> Filter:
    found = parse_filter(expression)
    assert isinstance(found, Filter)
    return found


def script(root: Path) -> Script:
    made = Script(root, record="events")
    made.received("session.created", session={"id": "sess_1"})
    made.sent("conversation.item.create", item={"id": "item_1", "text": "Where is\nOslo?"})
    made.received("response.function_call_arguments.done", call_id="call_7", name="get_parcel")
    made.received("error", error={"code": "invalid_value", "message": "item"})
    made.received("rate_limits.updated", rate_limits=[{"remaining": 4471}])
    made.received("response.done", response={"id": "resp_1", "padding": "x" * 5000})
    return made


@pytest.mark.parametrize(
    ("expression", "numbers"),
    [
        ("oslo", [1, 3]),
        ("item -err", [1]),
        ("item_id", [3]),
        ("4471", [3, 4]),
        ("code:invalid* -<", []),
        ("call:get*", [2, 3]),
        ("call:call_7 -err", [2]),
        ("size>4k -err", [5]),
        ("/oslo|x{100}/ -err", [1, 5]),
        ("resp:resp_1 or 4471", [3, 4, 5]),
        ("t>0.07 t<0.11 -err", [4]),
    ],
)
def test_live_and_recorded_show_the_same(
    tmp_path: Path, expression: str, numbers: list[int]
) -> None:
    made = script(tmp_path)
    live = EventView(made.journal.index)
    live.set_filter(wanted(expression))
    assert list(live.numbers) == numbers
    made.journal.close()
    recorded = read_folder(made.journal.folder)
    view = EventView(recorded.index)
    view.set_filter(wanted(expression))
    assert list(view.numbers) == numbers
    recorded.index.close()
