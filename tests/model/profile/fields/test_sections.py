"""The sections of a form."""

from collections import Counter

from voicelive_tui.model.profile.fields.field_table import CHILDREN, FIELDS_BY_KEY
from voicelive_tui.model.profile.fields.sections import SECTIONS

# A tool choice is a word or a table, and tools are also edited as a whole.
_VALUES_WITH_PARTS = {"session.tool_choice", "session.tools"}


def test_every_setting_is_in_exactly_one_section() -> None:
    leaves = {key for key in FIELDS_BY_KEY if key not in CHILDREN} | _VALUES_WITH_PARTS
    counts = Counter(key for section in SECTIONS for key in section.keys)
    assert counts == dict.fromkeys(leaves, 1)


def test_the_sections_have_the_order_of_the_page() -> None:
    titles = "service, voice, turns, transcription, noise and echo, answers, tools"
    last = ["agent and own model", "this machine"]
    assert [section.title for section in SECTIONS] == [*titles.split(", "), *last]


def test_titles_fit_their_column_and_are_unique_in_their_section() -> None:
    for section in SECTIONS:
        titles = [next(iter(FIELDS_BY_KEY[key])).title for key in section.keys]
        assert [title for title in titles if not 0 < len(title) <= 15] == []
        assert [title for title, count in Counter(titles).items() if count > 1] == []
