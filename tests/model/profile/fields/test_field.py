"""The declaration of a field."""

import pytest
from voicelive_tui.model.profile.fields.field import Field
from voicelive_tui.model.profile.fields.field_table import FIELDS, FIELDS_BY_KEY
from voicelive_tui.model.profile.fields.profile_fields import API_VERSIONS
from voicelive_tui.model.profile.profile import DEFAULT_API_VERSION


class TestDefault:
    PADDING = Field("a", ("integer",), "", defaults={"": 300, "2026-04-10": 400})

    @pytest.mark.parametrize(
        ("api_version", "default"),
        [
            ("2025-05-01-preview", 300),
            ("2026-01-01-preview", 300),
            ("2026-04-10", 400),
            ("2026-06-01-preview", 400),
            ("", 400),
        ],
    )
    def test_the_newest_that_the_version_has_is_used(self, api_version: str, default: int) -> None:
        assert self.PADDING.default_in(api_version) == default

    def test_none_is_known_before_the_first(self) -> None:
        late = Field("a", ("integer",), "", defaults={"2026-04-10": 1})
        assert late.default_in("2025-10-01") is None
        assert Field("a", ("integer",), "").default_in("") is None

    def test_the_default_version_of_the_table_is_the_one_that_is_used(self) -> None:
        (field,) = FIELDS_BY_KEY["service.api_version"]
        assert field.default_in("") == DEFAULT_API_VERSION


class TestTable:
    def test_every_default_lies_in_the_range_of_its_field(self) -> None:
        numbers = [
            (field.key, float(default), field.low, field.high)
            for field in FIELDS
            for default in field.defaults.values()
            if field.step is not None and default != "inf"
        ]
        assert len(numbers) > 15
        assert [
            each
            for each in numbers
            if (each[2] is not None and each[1] < each[2])
            or (each[3] is not None and each[1] > each[3])
        ] == []

    def test_what_moves_by_steps_is_a_number_with_an_end(self) -> None:
        numbers = [field for field in FIELDS if {"integer", "number"} & set(field.kinds)]
        assert [field.key for field in numbers if field.step is None or field.low is None] == []
        assert {field.key for field in FIELDS if field.step and field not in numbers} == {
            "session.voice.rate"
        }

    def test_every_version_that_the_table_names_exists(self) -> None:
        versions = {
            version
            for field in FIELDS
            for needs in (field.needs, *field.value_needs.values())
            for version in (needs.since, needs.until, *field.defaults)
            if version
        }
        assert len(versions) > 3
        assert versions <= set(API_VERSIONS)

    def test_every_value_with_needs_of_its_own_is_a_known_one(self) -> None:
        assert [
            (field.key, value)
            for field in FIELDS
            for value in field.value_needs
            if value not in field.values
        ] == []
