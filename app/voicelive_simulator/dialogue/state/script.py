"""The interface through which a scenario decides what is heard, said and called. Without one, the
assistant does a sound check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from voicelive_simulator.api.schema import JSON
from voicelive_simulator.faults.fault import Fault
from voicelive_simulator.sound.measurement import Measurement

# About four minutes, 12 MB: the most rendered speech that one session may hold.
MOST_SPOKEN_CHARS = 4000


@dataclass(frozen=True, slots=True)
class Heard:
    """A spoken turn as the scenario defines it.

    transcript: None for the measured one. finished: whether the sentence was finished; if not, the
    end-of-utterance timeout applies (protocol.md 6.2). failed: the message of a transcription that
    fails.
    """

    transcript: str | None = None
    finished: bool = True
    failed: str = ""


EarlierRole = Literal["user", "assistant", "system", "tool"]


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier item of the conversation: a message, or a tool's output."""

    role: EarlierRole
    text: str


@dataclass(frozen=True, slots=True)
class Situation:
    """The situation to which a response replies. `turn` counts the user's turns from 1 (0 before
    the first), `text` is what the user said or typed last; `tool` and `output` are set when the
    last item of the context is a tool's output. `earlier` has the items of the context before what
    is replied to, in order, whoever created them; two situations are equal whatever it holds."""

    turn: int
    text: str
    tool: str | None = None
    output: str | None = None
    earlier: tuple[Earlier, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a client's function, or of a tool on the MCP server `server_label`. `arguments` is
    JSON text."""

    name: str
    arguments: str = "{}"
    server_label: str = ""


@dataclass(frozen=True, slots=True)
class Pacing:
    """The timing of deltas.

    The first leaves `first_delta_ms` after response.created. Audio follows in deltas of `delta_ms`
    each, `pace` times as fast as it plays (both above 0), each up to `jitter_ms` late (drawn from
    `seed`), in order. Text deltas are words, six per second times `pace`; the same holds for the
    pieces of a call's arguments.
    """

    first_delta_ms: int = 300
    pace: float = 5.0
    delta_ms: int = 200
    jitter_ms: int = 0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a response ends once everything was sent: `status` is "completed", "incomplete" (with
    `reason`, "content_filter" when None) or "failed" (with `code` and `message`). Unless it
    completes, its last item is incomplete."""

    status: str = "completed"
    reason: str | None = None
    code: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """The content of one response. `text` None stands for the sound check, "" for no words; spoken
    text has at most MOST_SPOKEN_CHARS characters. `calls` follow the words, and must be of tools
    that the client offers; `faults` strike from response.created on."""

    text: str | None = None
    calls: tuple[Call, ...] = ()
    pacing: Pacing = Pacing()
    outcome: Outcome = Outcome()
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class McpTool:
    """A tool of an MCP server. `output` is the result of a call; `error`, unless empty, is the
    error with which it fails."""

    name: str
    description: str = ""
    input_schema: JSON = field(default_factory=lambda: {"type": "object", "properties": {}})
    output: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class McpServer:
    """An MCP server as a scenario defines it, matched by the `server_label` of a session's tool.
    `error`, unless empty, fails its listing."""

    label: str
    tools: tuple[McpTool, ...] = ()
    error: str = ""


class Script(Protocol):
    """One session's scenario. It may keep count of its calls, so each session has its own."""

    @property
    def mcp_servers(self) -> Mapping[str, McpServer]: ...

    def hears(self, turn: int, measured: Measurement) -> Heard | None:
        """What the user said in a spoken turn; None for the measured transcript."""
        ...

    def replies(self, situation: Situation) -> Reply | None:
        """What the assistant does; None for the sound check."""
        ...


class NoScript:
    """The simulator without a script: every turn is measured and gets the sound check."""

    @property
    def mcp_servers(self) -> Mapping[str, McpServer]:
        return {}

    def hears(self, turn: int, measured: Measurement) -> Heard | None:
        return None

    def replies(self, situation: Situation) -> Reply | None:
        return None
