"""The extents of values, against what tomllib reads from the same text."""

import tomllib
from typing import Any

from hypothesis import given, settings
from voicelive_common.toml.entries import Entry, toml_entries
from voicelive_tui.model.profile.document_changes import same_value

from tests.support.toml_layouts import LaidOutLine, joined, laid_out


@settings(max_examples=100, deadline=None)
@given(laid_out())
def test_every_value_is_where_its_entry_says(
    drawn: tuple[dict[str, Any], list[LaidOutLine]],
) -> None:
    document, lines = drawn
    text = joined(lines, "\n", ends=True)
    entries = toml_entries(text)
    assert [entry.start for entry in entries] == sorted({entry.start for entry in entries})
    for entry in entries:
        written = text[entry.value_start : entry.value_end]
        if entry.kind == "table":
            assert written.startswith("[") and written.endswith("]")
        else:
            value = tomllib.loads(f"value = {written}")["value"]
            assert same_value(value, value_at(document, entry))
        assert entry.path[: len(entry.container)] == entry.container


def value_at(document: Any, entry: Entry) -> Any:
    value = document
    for name in entry.path:
        value = value[int(name)] if isinstance(value, list) else value[name]
    return value
