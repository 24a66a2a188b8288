"""The settings of a profile in the sections of a form."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from voicelive_tui.model.profile.settings import (
    REMOVED,
    KnownValue,
    Setting,
    known_values_of,
    settings_of,
)

NEWEST = "2026-07-15"
STARTERS = sorted((Path(__file__).parents[3] / "profiles").glob("*.toml"))


def rows(document: dict[str, Any]) -> dict[str, Setting]:
    """The settings of a document by their keys."""
    return {each.key: each for _, settings in settings_of(document, NEWEST) for each in settings}


def values_in(document: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """The values of a document by dotted key, without tables; arrays are values."""
    found: dict[str, Any] = {}
    for name, value in document.items():
        key = f"{prefix}{name}"
        found |= values_in(value, f"{key}.") if isinstance(value, dict) else {key: value}
    return found


@pytest.mark.parametrize("path", STARTERS, ids=lambda path: path.stem)
def test_every_value_of_a_starter_has_a_row(path: Path) -> None:
    document = tomllib.loads(path.read_text("utf-8"))
    shown = {key: setting.value for key, setting in rows(document).items()}
    stated = values_in(document)
    manual = stated.pop("session.turn_detection", None)
    assert stated.items() <= shown.items()
    assert manual is None or shown["session.turn_detection.type"] == manual


def test_a_value_that_the_document_does_not_have_is_removed() -> None:
    assert rows({})["service.model"].value is REMOVED


def test_a_detector_that_is_off_shows_as_its_type() -> None:
    shown = rows({"session": {"turn_detection": "none"}})
    assert shown["session.turn_detection.type"].value == "none"
    assert shown["session.turn_detection.threshold"].value is REMOVED


def test_a_voice_that_is_a_name_shows_as_type_and_name() -> None:
    shown = rows({"session": {"voice": "alloy"}})
    assert shown["session.voice.type"].value == "openai"
    assert shown["session.voice.name"].value == "alloy"
    assert shown["session.voice.rate"].value is REMOVED


@pytest.mark.parametrize(
    ("kind", "default_ms"), [("server_vad", 400), ("azure_semantic_vad_en", 420)]
)
def test_the_row_has_the_declaration_of_its_variant(kind: str, default_ms: int) -> None:
    document = {"session": {"turn_detection": {"type": kind}}}
    row = rows(document)["session.turn_detection.prefix_padding_ms"]
    assert row.field.default_in(NEWEST) == default_ms
    assert row.availability == ""


def test_what_the_variant_does_not_have_says_so_and_stays() -> None:
    row = rows({"session": {"turn_detection": {"type": "server_vad"}}})
    assert row["session.turn_detection.eagerness"].availability == "only with semantic_vad"


def test_each_tool_has_the_rows_of_its_type() -> None:
    tools = [{"type": "mcp", "server_url": "u"}, {"type": "function", "name": "clock"}]
    shown = rows({"session": {"tools": tools}})
    assert shown["session.tools.0.server_url"].value == "u"
    assert shown["session.tools.1.name"].value == "clock"
    assert "session.tools.0.name" not in shown
    assert "session.tools.2.type" not in shown
    assert not any("*" in key for key in shown)


class TestKnownValues:
    def known(self, key: str, document: dict[str, Any]) -> tuple[KnownValue, ...]:
        return known_values_of(rows(document)[key], document, NEWEST)

    def test_a_value_that_cannot_be_used_says_why(self) -> None:
        known = self.known("session.turn_detection.type", {"service": {"model": "gpt-4o"}})
        assert known[0] == KnownValue("none", "")
        assert KnownValue("server_vad", "") in known
        assert known[-1] == KnownValue("semantic_vad", "only with gpt-realtime")

    def test_names_that_change_often_are_offered_and_never_checked(self) -> None:
        known = self.known("service.model", {})
        assert KnownValue("gpt-4o", "") in known
        assert rows({})["service.model"].field.values == ()

    def test_only_a_table_that_can_be_null_is_switched_off_by_its_variant(self) -> None:
        assert KnownValue("none", "") not in self.known("session.voice.type", {})
        assert self.known("session.avatar.type", {})[0] == KnownValue("none", "")
