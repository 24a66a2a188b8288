"""Which regular expressions are refused because a search with them may never end."""

import pytest
from voicelive_tui.model.events.regex_check import slow_part


@pytest.mark.parametrize(
    ("pattern", "slow"),
    [
        ("(a+)+$", "(a+)+"),
        ("x(a|aa)*", "(a|aa)*"),
        ("(?:a?b){2,}", "(?:a?b){2,}"),
        ("(a{2,3}){4}", "(a{2,3}){4}"),
        ("((a+)b)+", "((a+)b)+"),
        ("(?P<x>a*)+", "(?P<x>a*)+"),
        (".*foo", ".*"),
        ("[^x]+?foo", "[^x]+?"),
    ],
)
def test_what_may_never_end_has_its_place(pattern: str, slow: str) -> None:
    found = slow_part(pattern)
    assert found is not None
    assert pattern[found.start : found.end] == slow


@pytest.mark.parametrize(
    "pattern",
    [
        *("", "error.*timeout", r"\d+ms", "(ab)*", "(foo){2,}", "(a|b)", "(a|b)?", "(a{3}b){2}"),
        *("(a*){1}", "(a)(b+)(c|d)", r"\(a+\)+", "[(]+[)]+", "[]()+]+x", "(?i)a+", "(?=a+)b"),
        *("{", "a{,5}", "(a|b", "x**", "a))+", "(?:"),
    ],
)
def test_others_are_not_refused(pattern: str) -> None:
    assert slow_part(pattern) is None
