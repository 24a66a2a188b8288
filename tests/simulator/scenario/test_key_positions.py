"""Where the keys of a TOML text stand."""

import pytest
from voicelive_simulator.scenario.key_positions import Lines, Path

TEXT = '''\
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
    ("path", "line"),
    [
        (("name",), 1),
        (("seed",), 5),
        (("turn", 0, "says"), 8),
        (("turn", 1, "says"), 10),
        (("turn", 1), 9),
        (("turn", 1, "calls", 0, "name"), 12),
        (("turn", 1, "calls", 1, "name"), 13),
        (("turn", 1, "calls", 1, "arguments"), 13),
        (("turn", 1, "calls", 1), 11),
        (("turn", 1, "error", "code"), 16),
        (("mcp_server", 0, "label"), 17),
        (("mcp_server", 1, "tool", 1), 21),
        (("mcp_server", 1, "tool", 1, "name", "first"), 22),
        (("nowhere",), 1),
    ],
)
def test_every_key_has_its_line(path: Path, line: int) -> None:
    assert Lines(TEXT).find(path) == line


def test_any_text_has_lines() -> None:
    assert Lines("").find(("turn", 3, "says")) == 1
    assert Lines("[[[\n= \n'''").find(("a", 0)) == 1
