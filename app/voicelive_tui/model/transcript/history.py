"""A conversation as facts that can be told to another connection: what was said, heard and called,
in order, and what cannot be told with the reason."""

from dataclasses import dataclass
from typing import Literal

NotCarriedReason = Literal[
    "no_transcript", "measurement", "not_heard", "no_output", "picture", "refused"
]
"""Why an item cannot be told to another connection.

no_transcript: speech whose words are not known. measurement: the simulator's figures in place of a
transcript. not_heard: an answer that was cut before any of it was heard. no_output: a function call
without its output. picture: a message that holds only pictures. refused: a message that the service
refused.
"""


@dataclass(frozen=True, slots=True)
class PastMessage:
    """A message. texts: one for each content part that has text, none of them empty. cut: an answer
    that was stopped; its texts are what was heard of it."""

    item_id: str
    role: Literal["user", "assistant", "system"]
    texts: tuple[str, ...]
    cut: bool = False


@dataclass(frozen=True, slots=True)
class PastFunctionCall:
    """A function call with its output. arguments: JSON text, as the service sent it."""

    item_id: str
    call_id: str
    name: str
    arguments: str
    output: str


@dataclass(frozen=True, slots=True)
class PastToolUse:
    """What the service did itself: a call on an MCP server, a request to approve one, a search.

    kind: the type of its item. text: the call with its arguments and its result, as far as they are
    known.
    """

    item_id: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class NotCarried:
    """An item that cannot be told."""

    item_id: str
    reason: NotCarriedReason


PastItem = PastMessage | PastFunctionCall | PastToolUse | NotCarried
"""An item of the conversation so far."""
