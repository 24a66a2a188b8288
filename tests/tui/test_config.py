"""The console's config file with any content."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from voicelive_tui.tui.config import ConsoleConfig, read_config
from voicelive_tui.tui.glyphs import GLYPHS, Glyphs

from tests.support.hostile_documents import DIGITS, hostile_toml

CONFIG = [
    'theme = "nord"',
    'glyphs = "ascii"',
    "[keys]",
    'session.toggle = "f5"',
    "[keys.audio]",
    'mute = "m"',
]
FOLDERS = [HealthCheck.function_scoped_fixture]


@settings(max_examples=100, deadline=None, suppress_health_check=FOLDERS)
@given(hostile_toml(CONFIG))
def test_any_config_is_keys_and_sentences(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    config = read_config(path)
    assert config.glyphs in GLYPHS
    assert all(isinstance(keys, str) for keys in config.keys.values())
    assert all("\n" not in problem for problem in config.problems)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"theme = " + DIGITS.encode(), "cannot be used (line 1: the number has 6,000 characters)"),
        (b"theme = " + b"[" * 2_000, "cannot be used (line 1: the tables are nested too deeply)"),
        (b"[keys\n", "cannot be used (line 1: this is not TOML: "),
        (b"\xff", "is not UTF-8 text"),
        (b"#" * (2**20 + 1), "cannot be read (it is larger than 1 MiB)"),
    ],
)
def test_a_config_that_cannot_be_used_costs_one_sentence(
    tmp_path: Path, content: bytes, why: str
) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(content)
    config = read_config(path)
    (problem,) = config.problems
    assert problem.startswith(f"{path} {why}") and problem.endswith("; the default keys are used.")
    assert config == ConsoleConfig(problems=config.problems)


@pytest.mark.parametrize("glyphs", GLYPHS)
def test_the_glyphs_are_one_of_three_words(tmp_path: Path, glyphs: Glyphs) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f'glyphs = "{glyphs}"\n')
    assert read_config(path) == ConsoleConfig(glyphs=glyphs)


@pytest.mark.parametrize("value", ['"ASCII"', "5", "[]", "true"])
def test_other_glyphs_cost_one_sentence(tmp_path: Path, value: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f"glyphs = {value}\n")
    config = read_config(path)
    (problem,) = config.problems
    assert config.glyphs == "auto"
    assert "glyphs must be auto, unicode or ascii" in problem
