"""The port through which a scenario speaks for the assistant: what is heard, said and called.
Without one, the honest sound check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from voicelive_simulator.api.schema import JSON
from voicelive_simulator.faults.fault import Fault
from voicelive_simulator.sound.measurement import Measurement

MOST_SPOKEN_CHARS = 4000  # about four minutes, 12 MB: what one session may hold of its voice


@dataclass(frozen=True, slots=True)
class Heard:
    """A spoken turn as the scenario has it: its transcript (None: what was measured), whether the
    sentence was finished (the end-of-utterance timeout waits when it was not, protocol.md 6.2), and
    `failed`, the message of a transcription that fails."""

    transcript: str | None = None
    finished: bool = True
    failed: str = ""


@dataclass(frozen=True, slots=True)
class Situation:
    """What a response answers. `turn` counts the user's turns from 1 (0 before the first), `text`
    is what they said or typed last; `tool` and `output` are set when the last thing in the context
    is a tool's output."""

    turn: int
    text: str
    tool: str | None = None
    output: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a client's function, or of a tool on the MCP server `server_label`; `arguments` is
    JSON text."""

    name: str
    arguments: str = "{}"
    server_label: str = ""


@dataclass(frozen=True, slots=True)
class Pacing:
    """When deltas leave: the first one `first_delta_ms` after response.created, then audio of
    `delta_ms` each, `pace` times as fast as it plays (both above 0), each up to `jitter_ms` late
    (drawn from `seed`), in their order. Text deltas are words, six a second times `pace`; so are
    the pieces of a call's arguments."""

    first_delta_ms: int = 300
    pace: float = 5.0
    delta_ms: int = 200
    jitter_ms: int = 0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a response ends once all was sent: `status` is "completed", "incomplete" (with `reason`,
    "content_filter" when None) or "failed" (with `code` and `message`). Unless it completes, its
    last item is incomplete."""

    status: str = "completed"
    reason: str | None = None
    code: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """One response's content. `text` None is the honest answer, "" says nothing, at most
    MOST_SPOKEN_CHARS when it is spoken; `calls` follow the words, and must be of tools that the
    client offers; `faults` strike from response.created on."""

    text: str | None = None
    calls: tuple[Call, ...] = ()
    pacing: Pacing = Pacing()
    outcome: Outcome = Outcome()
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class McpTool:
    """A tool of an MCP server; `output` is what a call returns, `error` what it fails with (when
    not empty)."""

    name: str
    description: str = ""
    input_schema: JSON = field(default_factory=lambda: {"type": "object", "properties": {}})
    output: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class McpServer:
    """An MCP server as a scenario has it; `error` fails its listing. Matched by the `server_label`
    of a session's tool."""

    label: str
    tools: tuple[McpTool, ...] = ()
    error: str = ""


class Script(Protocol):
    """One session's scenario. It may count what it was asked, so each session has its own."""

    @property
    def mcp_servers(self) -> Mapping[str, McpServer]: ...

    def hears(self, turn: int, measured: Measurement) -> Heard | None:
        """What the user said in a spoken turn; None leaves it at what was measured."""
        ...

    def replies(self, situation: Situation) -> Reply | None:
        """What the assistant does; None is the honest sound-check answer."""
        ...


class NoScript:
    """The simulator by itself: nothing is put into anybody's mouth."""

    @property
    def mcp_servers(self) -> Mapping[str, McpServer]:
        return {}

    def hears(self, turn: int, measured: Measurement) -> Heard | None:
        return None

    def replies(self, situation: Situation) -> Reply | None:
        return None
