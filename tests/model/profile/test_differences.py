"""The dotted keys in which two documents differ."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from voicelive_tui.model.profile.differences import differing_keys
from voicelive_tui.model.profile.setting_values import setting_at, with_setting

VAD = {"type": "server_vad", "threshold": 0.5}


@pytest.mark.parametrize(
    ("before", "after", "keys"),
    [
        ({"a": 1}, {"a": 1}, ()),
        ({"a": 1}, {"a": 2, "b": 3}, ("a", "b")),
        ({"a": 1}, {}, ("a",)),
        ({"vad": VAD}, {"vad": {**VAD, "threshold": 0.6}}, ("vad.threshold",)),
        ({}, {"vad": VAD}, ("vad.type", "vad.threshold")),
        ({}, {"vad": {}}, ("vad",)),
        ({"vad": VAD}, {"vad": None}, ("vad",)),
        ({"voice": "ash"}, {"voice": {"name": "ash"}}, ("voice",)),
        ({"vad": {**VAD, "eou": {"model": "a"}}}, {"vad": VAD}, ("vad.eou",)),
        ({"tools": [{"name": "a"}]}, {"tools": [{"name": "b"}]}, ("tools.0.name",)),
        ({"tools": [{"name": "a"}]}, {"tools": []}, ("tools",)),
        ({"outputs": ["a"]}, {"outputs": ["b"]}, ("outputs",)),
        ({"map": {"a.b": 1}}, {"map": {"a.b": 2}}, ("map",)),
    ],
)
def test_differences(before: dict[str, Any], after: dict[str, Any], keys: tuple[str, ...]) -> None:
    assert differing_keys(before, after) == keys


names = st.sampled_from("abc")
documents = st.dictionaries(
    names,
    st.recursive(
        st.integers(0, 2) | st.just([{"a": 1}]),
        lambda inner: st.dictionaries(names, inner, min_size=1, max_size=3),
        max_leaves=6,
    ),
    max_size=3,
)


@given(documents, documents)
def test_the_differences_alone_lead_from_one_document_to_the_other(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    changed: Any = before
    for key in differing_keys(before, after):
        changed = with_setting(changed, key, setting_at(after, key))
    assert changed == after
