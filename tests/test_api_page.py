"""app/docs/api.md: every field and every event, as the console's tables and source have them."""

import json
import re

from voicelive_tui.model.profile.fields.field_table import CHILDREN, FIELDS_BY_KEY

from tests.support.api_table import EVENTS, PAGE, SENT_BY, page, sent_types


def rows(section: int) -> list[tuple[str, list[str]]]:
    """The rows of a section's table: the name in the first column, and all cells."""
    text = PAGE.read_text("utf-8").split("\n## ")[section]
    lines = [line for line in text.splitlines() if line.startswith("| `")]
    return [(line.split("`")[1], line.split("|")) for line in lines]


def names(section: int) -> list[str]:
    return [name for name, _ in rows(section)]


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == page(), "run: python -m tests.support.api_table"


def test_every_field_has_a_row() -> None:
    leaves = {key for key in FIELDS_BY_KEY if key not in CHILDREN}
    assert len(leaves) > 80
    assert leaves - set(names(1)) == set()


def test_every_documented_event_has_one_row() -> None:
    events = json.loads(EVENTS.read_text("utf-8"))
    for section, direction in ((2, "client_events"), (3, "server_events")):
        named = names(section)
        assert len(set(named)) == len(named)
        assert set(events[direction]) - set(named) == set()


def test_every_event_has_its_version() -> None:
    events = json.loads(EVENTS.read_text("utf-8"))
    documented = {*events["client_events"], *events["server_events"]}
    since = {name: row[-3] for name, row in rows(2) + rows(3)}
    assert [name for name, text in since.items() if not text.strip()] == []
    versions = re.compile(r"\d\.\d[\w.]* \(20\d\d-\d\d-\d\d(-preview)?\)")
    assert [name for name in documented if not versions.fullmatch(since[name].strip())] == []


def test_the_events_with_a_reason_are_those_that_the_console_sends() -> None:
    assert sent_types() == set(SENT_BY)
