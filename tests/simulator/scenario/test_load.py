"""Scenarios by name and by file."""

import subprocess
import sys
from pathlib import Path

import pytest
from voicelive_simulator.scenario.load import (
    MOST_BYTES,
    load_scenario,
    scenario_lines,
    scenario_names,
)
from voicelive_simulator.scenario.problems import ScenarioError

from tests.support.deadlines import RUN_S


@pytest.mark.parametrize("name", scenario_names())
def test_the_shipped_scenarios_load_by_name_and_repeat(name: str) -> None:
    scenario = load_scenario(name)
    assert scenario.description and scenario.seed is not None and scenario.clock is not None
    assert f"  {name:<18}{scenario.description}" in scenario_lines()


def test_three_ship() -> None:
    assert scenario_names() == ["bad-day", "good-memory", "support-desk", "weather-tool"]


def test_a_file_is_named_after_itself(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('[[turn]]\nsays = "ü"', encoding="utf-8")
    assert load_scenario(str(tmp_path / "mine.toml")).name == "mine"


def test_a_file_that_cannot_be_had_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes(b'name = "a"\n# \xfc\n')
    (tmp_path / "big.toml").write_bytes(b"#" * (MOST_BYTES + 1))
    for path, expected in (
        ("wether-tool", 'There is no scenario wether-tool; did you mean "weather-tool"?'),
        ("bad-day.toml", 'There is no scenario bad-day.toml; did you mean "bad-day"?'),
        (
            "none",
            "There is no scenario none; the shipped ones are bad-day, good-memory, support-desk, "
            "weather-tool, and any other is the path of",
        ),
        (str(tmp_path), f"The scenario {tmp_path} cannot be read: is a directory."),
        (
            str(tmp_path / "latin.toml"),
            "latin.toml, line 2: the text is not UTF-8: save it as UTF-8.",
        ),
        (str(tmp_path / "big.toml"), "big.toml has more than 1 MiB: is it the right file?"),
        ("a\0b", "cannot be read"),
    ):
        with pytest.raises(ScenarioError) as error:
            load_scenario(path)
        assert (
            expected in str(error.value)
            and str(error.value).endswith((expected, "."))
            and "\n" not in str(error.value)
        )


def test_the_program_tells_what_is_wrong_and_starts_nothing(tmp_path: Path) -> None:
    (tmp_path / "wrong.toml").write_text("sed = 1\n[[turn]]\nsayz = 2\n")
    command = [sys.executable, "-m", "voicelive_simulator", "--scenario", "wrong.toml"]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, timeout=RUN_S, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert (
        done.stderr.splitlines()[0]
        == 'wrong.toml, line 1: sed: there is no such key; did you mean "seed"?'
    )
    assert "line 3: turn 1, sayz" in done.stderr


def test_a_scenario_that_wants_espeak_says_so_where_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "spoken.toml").write_text('voice = "espeak"')
    program = (
        "import sys\n"
        "sys.modules['espeakng_loader'] = None  # as if the extra were not installed\n"
        "from voicelive_simulator.command import main\n"
        "sys.exit(main(['--scenario', 'spoken.toml']))"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, timeout=RUN_S, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert (
        done.stderr
        == "The scenario asks for the espeak voice, but the demo extra (espeakng-loader) is not "
        "installed.\n"
    )
