"""New values of settings: steps of the arrow keys, typed texts, and what they change in a
profile."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from voicelive_tui.model.profile.fields.field import Field
from voicelive_tui.model.profile.fields.field_table import FIELDS_BY_KEY
from voicelive_tui.model.profile.settings import (
    REMOVED,
    Setting,
    known_values_of,
    settings_of,
)
from voicelive_tui.tui.setting_input import (
    ValueRefused,
    editor_of,
    parse_typed,
    shown_choices,
    stepped,
    typed_text,
)
from voicelive_tui.tui.setting_words import OFF, shown_value

VERSION = "2026-07-15"
THRESHOLD = Field(
    "session.turn_detection.threshold", ("number",), "how sure", low=0, high=1, step=0.05,
    defaults={"": 0.5},
)  # fmt: skip
SILENCE = Field(
    "session.turn_detection.silence_duration_ms", ("integer",), "silence", low=0, high=60_000,
    step=100, defaults={"": 500},
)  # fmt: skip
RATE = Field(
    "session.voice.rate", ("string",), "rate", low=0.5, high=1.5, step=0.05, defaults={"": "1.0"}
)
SWITCH = Field(
    "session.turn_detection.create_response", ("boolean",), "answers", defaults={"": True}
)
DETECTOR = Field(
    "session.turn_detection.type", ("string",), "detector", values=("server_vad", "semantic_vad")
)
TOKENS = Field(
    "session.max_response_output_tokens", ("integer", "string"), "longest", values=("inf",), low=1,
    step=256, defaults={"": "inf"},
)  # fmt: skip
LANGUAGES = Field("session.turn_detection.languages", ("strings",), "languages")
METADATA = Field("session.metadata", ("map",), "pairs", nullable=True)
PROMPT = Field("session.instructions", ("string",), "prompt")
EFFORT = Field("session.reasoning_effort", ("string",), "effort", values=("none", "minimal", "low"))


def setting(field: Field, value: Any = REMOVED) -> Setting:
    return Setting(field.key, field, value, "")


def moved_by(field: Field, value: Any, by: int) -> Any:
    """The value that an arrow key makes of this one."""
    known = known_values_of(setting(field, value), {}, VERSION)
    return stepped(setting(field, value), shown_choices(field, known), by, VERSION)


@pytest.mark.parametrize(
    ("field", "value", "by", "new"),
    [
        (SILENCE, 500, 1, 600),
        (SILENCE, REMOVED, -1, 400),
        (SILENCE, 50, -1, 0),
        (SILENCE, 0, -1, REMOVED),
        (THRESHOLD, 0.3, 1, 0.35),
        (THRESHOLD, 0.98, 1, 1),
        (THRESHOLD, 1, 1, REMOVED),
        (RATE, "1.0", 1, "1.05"),
        (RATE, "fast", 1, REMOVED),
        (SWITCH, False, 1, True),
        (SWITCH, REMOVED, 1, False),
        (DETECTOR, "server_vad", 1, "semantic_vad"),
        (DETECTOR, "semantic_vad", 1, REMOVED),
        (DETECTOR, "server_vad", -1, OFF),
        (DETECTOR, OFF, -1, REMOVED),
        (DETECTOR, OFF, 1, "server_vad"),
        (DETECTOR, "new_vad", 1, OFF),
        (EFFORT, "minimal", -1, "none"),
        (EFFORT, REMOVED, 1, "none"),
        (TOKENS, 300, 1, 556),
        (LANGUAGES, ["en"], 1, REMOVED),
        (PROMPT, "Be kind.", 1, REMOVED),
    ],
    ids=str,
)
def test_an_arrow_key_moves_a_value_by_one_step(
    field: Field, value: Any, by: int, new: Any
) -> None:
    moved = moved_by(field, value, by)
    assert moved == new and type(moved) is type(new)


@given(st.integers(0, 100).map(lambda n: n / 100), st.lists(st.sampled_from([-1, 1])))
def test_steps_stay_in_the_range_and_short(value: float, steps: list[int]) -> None:
    for by in steps:
        moved = moved_by(THRESHOLD, value, by)
        value = value if moved is REMOVED else moved
        assert 0 <= value <= 1
        if moved is not REMOVED:
            assert len(shown_value(value)) <= 4


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        (SILENCE, " 1 200 ", 1200),
        (SILENCE, "", REMOVED),
        (THRESHOLD, "0,25", 0.25),
        (THRESHOLD, "7", 7),
        (SWITCH, "off", False),
        (SWITCH, "TRUE", True),
        (DETECTOR, "brand_new_vad", "brand_new_vad"),
        (DETECTOR, "off", OFF),
        (TOKENS, "inf", "inf"),
        (TOKENS, "300", 300),
        (LANGUAGES, "en, de ,", ["en", "de"]),
        (METADATA, "a = 1\nb = x = y\n", {"a": "1", "b": "x = y"}),
        (METADATA, "off", OFF),
        (FIELDS_BY_KEY["session.reasoning_effort"][0], "off", OFF),
        (FIELDS_BY_KEY["session.tool_choice"][0], "off", OFF),
        (PROMPT, "Be kind.\n\nBe brief.\n", "Be kind.\n\nBe brief.\n"),
    ],
    ids=str,
)
def test_a_typed_text_is_a_value_of_its_field(field: Field, text: str, value: Any) -> None:
    parsed = parse_typed(field, text)
    assert parsed == value and type(parsed) is type(value)


@pytest.mark.parametrize(
    ("field", "text", "wanted"),
    [
        (SILENCE, "0.5", '"0.5" is not a whole number.'),
        (SILENCE, "soon", '"soon" is not a whole number.'),
        (THRESHOLD, "nan", '"nan" is not a number.'),
        (SWITCH, "maybe", '"maybe" is not on or off.'),
        (METADATA, "words", '"words" is not a line such as name = value for each pair.'),
    ],
    ids=str,
)
def test_a_text_of_another_type_is_refused_in_a_sentence(
    field: Field, text: str, wanted: str
) -> None:
    with pytest.raises(ValueRefused, match="is not") as refused:
        parse_typed(field, text)
    assert str(refused.value) == wanted


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (SILENCE, 1200), (THRESHOLD, 0.35), (SWITCH, False), (DETECTOR, OFF), (TOKENS, "inf"),
        (LANGUAGES, ["en", "de"]), (METADATA, {"a": "b"}), (PROMPT, "a\nb\n"), (EFFORT, "none"),
        (THRESHOLD, 0.123456789), (THRESHOLD, 1.0), (THRESHOLD, 1e300),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_typed_unchanged_is_the_same_value(field: Field, value: Any) -> None:
    parsed = parse_typed(field, typed_text(setting(field, value)))
    assert parsed == value and type(parsed) is type(value)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (LANGUAGES, ["en, de"]), (LANGUAGES, ["en", 1]), (LANGUAGES, "en"),
        (METADATA, {"a": "b\nc"}), (METADATA, {"a = b": "c"}), (METADATA, {"a": {"b": "c"}}),
        (METADATA, {"password": "hunter2"}),
        (DETECTOR, {"name": "x"}), (RATE, ["1.0"]),
        (PROMPT, "\x1b]0;title\x07"), (PROMPT, "\x9b31m"), (PROMPT, "a\r\nb"),
        (PROMPT, "ab\u202ecd"), (PROMPT, "a\u2028b"), (DETECTOR, "server\u200b_vad"),
    ],
    ids=ascii,
)  # fmt: skip
def test_a_value_that_its_text_does_not_say_whole_is_left_to_the_file(
    field: Field, value: Any
) -> None:
    assert editor_of(setting(field, value)) == "none"


def test_none_is_off_only_where_it_stands_for_null() -> None:
    assert shown_value(OFF, DETECTOR.key) == shown_value(None, EFFORT.key) == "off"
    assert shown_value(OFF, EFFORT.key) == shown_value(OFF, "session.tool_choice") == "none"
    assert shown_choices(EFFORT, known_values_of(setting(EFFORT), {}, VERSION))[0].value == "none"


def test_a_huge_or_deep_value_is_shown_by_its_beginning() -> None:
    deep: Any = []
    for _ in range(190):
        deep = [deep]
    assert shown_value(deep) == "…"
    assert shown_value([1] * 100_000).endswith("1, …")
    assert len(shown_value({f"k{n}": "x" * 9_000 for n in range(9_000)})) < 20_000


def test_each_kind_of_field_is_typed_in_its_own_way() -> None:
    kinds = [editor_of(setting(each)) for each in (SILENCE, DETECTOR, PROMPT, LANGUAGES, METADATA)]
    assert kinds == ["line", "choice", "text", "list", "pairs"]
    known = shown_choices(DETECTOR, known_values_of(setting(DETECTOR), {}, VERSION))
    assert [each.value for each in known] == ["off", "server_vad", "semantic_vad"]
    url = Field("session.voice.custom_lexicon_url", ("string",), "lexicon")
    signed = setting(url, "https://example.com/a.pls?sig=0123456789abcdef")
    assert editor_of(signed) == "none" and "0123" not in shown_value(signed.value)


def test_every_setting_of_the_table_can_be_shown_and_moved() -> None:
    settings = [each for _, several in settings_of({}, VERSION) for each in several]
    assert len(settings) > 40
    for each in settings:
        known = shown_choices(each.field, known_values_of(each, {}, VERSION))
        for by in (-1, 1):
            stepped(each, known, by, VERSION)
        assert editor_of(each) in ("line", "choice", "text", "list", "pairs", "none")
