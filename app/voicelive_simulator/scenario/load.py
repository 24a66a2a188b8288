"""Loads scenarios: those in the package by name, others from files."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from voicelive_simulator.scenario.problems import ScenarioError
from voicelive_simulator.scenario.read_scenario import read_scenario
from voicelive_simulator.scenario.scenario import Scenario
from voicelive_simulator.scenario.toml_reader import nearest

MOST_BYTES = 2**20  # so that a device or a recording given by mistake is not read to its end
_SUFFIX = ".toml"


def scenario_names() -> list[str]:
    """The names of the shipped scenarios, sorted."""
    return sorted(
        entry.name.removesuffix(_SUFFIX)
        for entry in _examples().iterdir()
        if entry.name.endswith(_SUFFIX)
    )


def scenario_lines() -> list[str]:
    """The shipped scenarios with their descriptions, for a help text."""
    return [f"  {name:<18}{load_scenario(name).description}" for name in scenario_names()]


def load_scenario(path_or_name: str) -> Scenario:
    """Load a shipped scenario by its name, or else a TOML file. Raises ScenarioError."""
    if path_or_name in scenario_names():
        text = (_examples() / f"{path_or_name}{_SUFFIX}").read_text(encoding="utf-8")
        return read_scenario(text, f"{path_or_name}{_SUFFIX}", path_or_name)
    return read_scenario(_read(path_or_name), path_or_name, Path(path_or_name).stem)


def _examples() -> Traversable:
    return files("voicelive_simulator.scenario") / "examples"


def _read(path: str) -> str:
    try:
        with Path(path).open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise ScenarioError([_unknown(path)]) from error
    except (OSError, ValueError) as error:  # ValueError: a path with a null character
        reason = (
            error.strerror.lower() if isinstance(error, OSError) and error.strerror else str(error)
        )
        raise ScenarioError([f"The scenario {path} cannot be read: {reason}."]) from error
    if len(content) > MOST_BYTES:
        raise ScenarioError(
            [f"The scenario {path} has more than {MOST_BYTES // 2**20} MiB: is it the right file?"]
        )
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ScenarioError(
            [f"{path}, line {line}: the text is not UTF-8: save it as UTF-8."]
        ) from error


def _unknown(path: str) -> str:
    names = scenario_names()
    hint = nearest(path.removesuffix(_SUFFIX), names)
    shipped = (
        f"; the shipped ones are {', '.join(names)}, and any other is the path of a TOML file."
    )
    return f"There is no scenario {path}{hint or shipped}"
