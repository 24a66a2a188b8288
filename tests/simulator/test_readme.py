"""The simulator's chapter in the README, executed: the SDK's program, the scenario, the command
lines, the requests."""

import re
import shlex
import subprocess
import sys
import textwrap
import tomllib
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from voicelive_simulator.arguments import TOKEN_VARIABLE, Parser
from voicelive_simulator.dialogue.state.script import Call, Situation
from voicelive_simulator.faults.catalogue import parse_fault_text
from voicelive_simulator.scenario.load import load_scenario
from voicelive_simulator.scenario.runner import begin

from tests.support.deadlines import DEADLINE_S, RUN_S
from tests.support.simulator_process import simulator_process

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "README.md").read_text().partition("## The simulator\n")[2].partition("\n## ")[0]
COMMANDS = [line.strip() for line in PAGE.splitlines() if line.startswith("    ")]
ADDRESS = "http://127.0.0.1:8765"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The address at which the simulator listens, with the chapter's token."""
    with simulator_process(extra={TOKEN_VARIABLE: "dev"}) as ready:
        yield f"http://127.0.0.1:{ready['port']}"


def test_the_sdks_program_runs(url: str) -> None:
    [program] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert ADDRESS in program
    command = [sys.executable, "-c", program.replace(ADDRESS, url)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=RUN_S, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    said = done.stdout.splitlines()
    assert said[0].endswith("SESSION_CREATED") or said[0] == "session.created"
    assert "response.audio.delta" in done.stdout or "RESPONSE_AUDIO_DELTA" in done.stdout
    assert said[-1].endswith("RESPONSE_DONE") or said[-1] == "response.done"


def test_the_packages_of_the_sdks_program_are_those_that_the_tests_use() -> None:
    [line] = [line for line in COMMANDS if line.startswith("pip install")]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    tested = {Requirement(text).name for text in project["optional-dependencies"]["test"]}
    named = line.split()[2:]
    assert named
    assert set(named) <= tested


def test_the_scenario_loads_and_does_what_it_says(tmp_path: Path) -> None:
    text = PAGE.partition("    seed = ")[2].partition("\n\n`weather-tool`")[0]
    file = tmp_path / "page.toml"
    file.write_text(textwrap.dedent(f"    seed = {text}"))
    script = begin(load_scenario(str(file)), 1)
    asked = script.replies(Situation(turn=1, text="What is the weather in Oslo?"))
    assert asked is not None and asked.calls == (Call("get_weather", '{"city": "Oslo"}'),)
    reply = script.replies(
        Situation(1, "What is the weather in Oslo?", "get_weather", '{"temperature": 21}')
    )
    assert reply is not None and reply.text == "It is 21 degrees in Oslo."


@pytest.mark.parametrize(
    "line", [line for line in COMMANDS if line.startswith("voicelive-tui simulate")]
)
def test_every_command_line_is_one(line: str) -> None:
    words = [word for word in shlex.split(line)[2:] if word != "&"]
    asked = Parser().parse_args(words)
    for fault in asked.fault or ():
        parse_fault_text(fault)
    if asked.scenario:
        load_scenario(asked.scenario)


@pytest.mark.parametrize("line", [line for line in COMMANDS if line.startswith("curl")])
def test_every_request_is_answered(url: str, line: str) -> None:
    words = shlex.split(line.partition("#")[0])
    [address] = [word for word in words if word.startswith("http")]
    method = words[words.index("-X") + 1] if "-X" in words else "GET"
    name, _, value = words[words.index("-H") + 1].partition(": ")
    request = urllib.request.Request(
        address.replace(ADDRESS, url), method=method, headers={name: value}
    )
    with urllib.request.urlopen(request, timeout=DEADLINE_S) as answer:
        assert answer.status == 200
