"""Reads a scenario's complete document."""

from __future__ import annotations

import json
from datetime import datetime

from voicelive_common.toml.read import TomlProblem, read_toml

from voicelive_simulator.dialogue.state.script import McpServer, McpTool, Pacing
from voicelive_simulator.scenario.entry import ScriptedReply
from voicelive_simulator.scenario.problems import Problems, not_a_document
from voicelive_simulator.scenario.read_faults import read_faults
from voicelive_simulator.scenario.read_turn import PACING_KEYS, read_pacing, read_turn
from voicelive_simulator.scenario.scenario import Scenario
from voicelive_simulator.scenario.toml_reader import TomlReader

VOICES = ("tone", "espeak")
MOST_SEED = 2**32 - 1
FIRST_YEAR, LAST_YEAR = 1971, 2999  # seconds since 1970 that remain a date when hours are added


def read_scenario(text: str, file: str, name: str) -> Scenario:
    """Read a scenario. `file` names the file in messages; `name` is the scenario's unless the text
    gives one. Raises ScenarioError with all problems."""
    document = read_toml(text)
    if isinstance(document, TomlProblem):
        raise not_a_document(file, document)
    problems = Problems(file, text)
    scenario = _scenario(TomlReader(document, (), problems), name)
    problems.raise_if_any()
    return scenario


def _scenario(table: TomlReader, name: str) -> Scenario:
    pacing = read_pacing(table, Pacing())
    scenario = Scenario(
        name=table.text("name") or name,
        description=table.text("description"),
        seed=table.integer("seed", 0, MOST_SEED),
        clock=_clock(table),
        voice=table.choice("voice", VOICES) or "",
        entries=tuple(read_turn(turn, pacing) for turn in table.tables("turn")),
        mcp_servers=_mcp_servers(table),
        faults=read_faults(table, handshake=True),
        unmatched=ScriptedReply(pacing=pacing) if table.has(*PACING_KEYS) else None,
    )
    table.check_unknown_keys()
    return scenario


def _clock(table: TomlReader) -> int | None:
    value = table.value("clock")
    if value is None:
        return None
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            value = None
    if (
        not isinstance(value, datetime)
        or value.tzinfo is None
        or not FIRST_YEAR <= value.year <= LAST_YEAR
    ):
        table.add_problem(
            "clock",
            "expected a date and time with its offset from UTC, such as 2026-01-01T09:00:00Z",
        )
        return None
    return int(value.timestamp())


def _mcp_servers(table: TomlReader) -> dict[str, McpServer]:
    servers: dict[str, McpServer] = {}
    for entry in table.tables("mcp_server"):
        label, error = entry.name("label"), entry.text("error")
        if label in servers:
            entry.add_problem(
                "label", f'there is another server "{label}" above: give each its own label'
            )
        tools: dict[str, McpTool] = {}
        for tool_table in entry.tables("tool"):
            tool = _mcp_tool(tool_table)
            if tool.name in tools:
                tool_table.add_problem(
                    "name", f'there is another tool "{tool.name}" above: give each its own name'
                )
            tools[tool.name] = tool
        entry.check_unknown_keys()
        servers[label] = McpServer(label, tuple(tools.values()), error)
    return servers


def _mcp_tool(table: TomlReader) -> McpTool:
    name, description, error = table.name("name"), table.text("description"), table.text("error")
    schema = table.object("input_schema") or {"type": "object", "properties": {}}
    if isinstance(table.value("output"), dict):
        output = json.dumps(table.object("output"), ensure_ascii=False)
    else:
        output = table.text("output")
    if error and table.has("output"):
        table.add_problem("error", "a tool that fails has no output: leave out one of the two")
    table.check_unknown_keys()
    return McpTool(name, description, schema, output, error)
