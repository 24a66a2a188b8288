"""Reads the faults of a scenario or of a turn: tables, or texts as on the command line."""

from __future__ import annotations

from typing import Any

from voicelive_simulator.faults.catalogue import KINDS, parse_fault, parse_fault_text
from voicelive_simulator.faults.fault import Fault, FaultError
from voicelive_simulator.scenario.toml_reader import TomlReader


def read_faults(table: TomlReader, *, handshake: bool) -> tuple[Fault, ...]:
    """Read the faults under `fault` or `faults`. Those of the handshake are accepted only if
    `handshake` is set."""
    found: list[Fault] = []
    for key in ("fault", "faults"):
        value = table.value(key)
        if value is None:
            continue
        for n, entry in enumerate(value if isinstance(value, list) else [value]):
            path = (key, n) if isinstance(value, list) else (key,)
            try:
                fault = _fault(entry)
            except FaultError as error:
                table.add_problem_at(path, str(error))
                continue
            if KINDS[fault.name].stage == "handshake" and not handshake:
                message = (
                    f"{fault.name} strikes before there is a turn: give it to the whole "
                    "scenario, under [[fault]]"
                )
                table.add_problem_at(path, message)
            found.append(fault)
    return tuple(found)


def _fault(entry: Any) -> Fault:
    match entry:
        case str():
            return parse_fault_text(entry)
        case dict():
            return parse_fault(entry)
        case _:
            raise FaultError('expected a table or a text such as "drop:after=3"')
