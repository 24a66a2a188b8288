"""Positions of keys, against what tomllib reads from the same text."""

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st
from voicelive_common.toml.positions import key_positions, nearest_position

TEXT = '''# a comment with = and [brackets]
name = "x = 1 # not a comment"
"odd key" = 'single'
a.b."c d" = 1
long = """
[fake]
fake = 2 \\"""
"""" # a quote before the closing three
lines = [
    1, # one
    { inner = "]" , deeper = { x = 1 } },
]
[table]   # said
here = 1979-05-27T07:32:00Z
[ spaced . out ]
k = 0x10
[[tools]]
name = "one"
[tools.parameters]
x = 1
[[tools]]
name = "two"
[[tools.sub]]
y = 1
'''


@pytest.mark.parametrize(
    ("key", "position"),
    [
        ("name", (2, 1)),
        ("odd key", (3, 1)),
        ("a.b.c d", (4, 1)),
        ("a", (4, 1)),
        ("long", (5, 1)),
        ("lines.0", (10, 5)),
        ("lines.1.inner", (11, 7)),
        ("lines.1.deeper.x", (11, 32)),
        ("table", (13, 1)),
        ("table.here", (14, 1)),
        ("spaced.out.k", (16, 1)),
        ("tools.0.name", (18, 1)),
        ("tools.0.parameters.x", (20, 1)),
        ("tools.1", (21, 1)),
        ("tools.1.name", (22, 1)),
        ("tools.1.sub.0.y", (24, 1)),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_keys_are_found(key: str, position: tuple[int, int], newline: str) -> None:
    tomllib.loads(TEXT)
    positions = key_positions(TEXT.replace("\n", newline))
    assert positions[key] == position
    assert "fake" not in positions


SCENARIO = '''\
name = "a"                       # 1
says = """
seed = 3 is said, not set
""" # 4
seed = 5

[[turn]]                         # 7
says = "x"
[[turn]]                         # 9
"says" = "y"
calls = [                        # 11
    { name = "a" },
    { name = "b", arguments = { x = 1 } },
]
[turn.error]                     # 15
code = "c"
[[mcp_server]]                   # 17
[[mcp_server.tool]]
[[mcp_server]]                   # 19
[[mcp_server.tool]]
[[mcp_server.tool]]              # 21
  name.first = "z"
'''


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("name", 1),
        ("seed", 5),
        ("turn.0.says", 8),
        ("turn.1.says", 10),
        ("turn.1", 9),
        ("turn.1.hears.3", 9),
        ("turn.1.calls.0.name", 12),
        ("turn.1.calls.1.name", 13),
        ("turn.1.calls.1.arguments", 13),
        ("turn.1.calls.1.arguments.x.0", 13),
        ("turn.1.calls.1", 13),
        ("turn.1.calls.2", 11),
        ("turn.1.error.code", 16),
        ("mcp_server.0.label", 17),
        ("mcp_server.1.tool.1", 21),
        ("mcp_server.1.tool.1.name.first", 22),
    ],
)
def test_every_key_has_its_line_or_that_of_the_nearest_table_above_it(key: str, line: int) -> None:
    found = nearest_position(key, key_positions(SCENARIO))
    assert found and found[0] == line


def test_a_key_with_nothing_above_it_has_no_position() -> None:
    assert nearest_position("nowhere", key_positions(SCENARIO)) is None
    assert nearest_position("turn.3.says", key_positions("")) is None


def test_a_text_with_mistakes_has_positions_up_to_the_first() -> None:
    assert key_positions("name = 1\n[[[\n= \n'''")["name"] == (1, 1)


PLAIN = st.characters(blacklist_categories=["Cs"])
VALUE = st.recursive(
    st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | st.text(PLAIN, max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(PLAIN, max_size=6), inner, max_size=3)
    ),
    max_leaves=12,
)


def paths(value: Any, path: tuple[str, ...] = ()) -> Iterator[str]:
    pairs = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, child in pairs:
        inner = (*path, str(key))
        yield ".".join(inner)
        yield from paths(child, inner)


@given(st.dictionaries(st.text(PLAIN, max_size=6), VALUE, max_size=4), st.booleans())
def test_every_key_that_tomllib_reads_has_a_position_inside_the_text(
    document: dict[str, Any], multiline: bool
) -> None:
    text = tomli_w.dumps(document, multiline_strings=multiline)
    positions = key_positions(text)
    # Only our own line ends count as lines: tomllib allows the other separators inside strings.
    lines = text.split("\n")
    assert set(paths(tomllib.loads(text))) == set(positions)
    assert all(
        1 <= line <= len(lines) and 1 <= column <= len(lines[line - 1]) + 1
        for line, column in positions.values()
    )
