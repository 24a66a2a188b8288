"""Values of a document by their dotted keys, also in arrays."""

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from voicelive_tui.model.profile.setting_values import REMOVED, setting_at, with_setting

DOCUMENT: dict[str, Any] = {
    "session": {
        "turn_detection": {"type": "server_vad", "threshold": 0.5},
        "tools": [{"type": "function", "name": "clock"}, {"type": "mcp"}],
    }
}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("session.turn_detection.threshold", 0.5),
        ("session.tools.0.name", "clock"),
        ("session.tools.1", {"type": "mcp"}),
        ("session.tools.2", REMOVED),
        ("session.tools.first", REMOVED),
        ("session.tools.0.name.first", REMOVED),
        ("session.voice", REMOVED),
    ],
)
def test_a_value_is_found_by_its_key(key: str, value: object) -> None:
    assert setting_at(DOCUMENT, key) == value


def test_an_element_of_an_array_is_changed_in_a_copy() -> None:
    changed = with_setting(DOCUMENT, "session.tools.0.name", "watch")
    assert setting_at(changed, "session.tools.0") == {"type": "function", "name": "watch"}
    assert setting_at(DOCUMENT, "session.tools.0.name") == "clock"
    assert setting_at(changed, "session.tools.1") is setting_at(DOCUMENT, "session.tools.1")


def test_the_number_after_the_last_appends() -> None:
    changed = with_setting(DOCUMENT, "session.tools.2.type", "function")
    assert setting_at(changed, "session.tools")[2:] == [{"type": "function"}]


def test_an_element_can_be_removed() -> None:
    changed = with_setting(DOCUMENT, "session.tools.0", REMOVED)
    assert setting_at(changed, "session.tools") == [{"type": "mcp"}]


@pytest.mark.parametrize("value", [1, REMOVED])
def test_no_other_number_can_be_changed(value: object) -> None:
    with pytest.raises(IndexError):
        with_setting(DOCUMENT, "session.tools.4", value)


_NAMES = st.sampled_from("abc")
_KEYS = st.lists(_NAMES, min_size=1, max_size=3).map(".".join)
_TABLES = st.recursive(
    st.integers(), lambda inner: st.dictionaries(_NAMES, inner, min_size=1, max_size=3)
)
_DOCUMENTS = st.dictionaries(_NAMES, _TABLES, max_size=3)


@given(_DOCUMENTS, _KEYS, st.integers())
def test_what_was_set_is_found(document: dict[str, Any], key: str, value: int) -> None:
    assert setting_at(with_setting(document, key, value), key) == value


@given(_DOCUMENTS, _KEYS, st.integers())
def test_a_change_of_what_exists_is_undone_by_its_old_value(
    document: dict[str, Any], key: str, value: int
) -> None:
    parts = key.split(".")
    tables = [setting_at(document, ".".join(parts[:count])) for count in range(1, len(parts))]
    # A value in place of a table is lost.
    assume(all(table is REMOVED or isinstance(table, dict) for table in tables))
    changed = with_setting(document, key, value)
    assert with_setting(changed, key, setting_at(document, key)) == document
