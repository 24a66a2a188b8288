"""What the conversation decides, as values; the engine carries them out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Send:
    """Send this client event; its `event_id` is set and unique in the session."""

    event: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Play:
    """Play these bytes (the session's output format) as part of this item."""

    item_id: str
    content_index: int
    audio: bytes


@dataclass(frozen=True, slots=True)
class EndOfAudio:
    """No more audio comes for this content part: a short answer may start to play now."""

    item_id: str
    content_index: int


@dataclass(frozen=True, slots=True)
class Flush:
    """Silence now. The answer to it comes back as `Conversation.flushed(...)`."""

    reason: Literal["barge_in", "user", "off_air"]


@dataclass(frozen=True, slots=True)
class Notice:
    """A message for the user: what happened, and what the user can do about it.

    text: literal. It may quote the service or a profile, so nothing in it is ever replaced. It is
    complete without the cure, because the journal keeps only the text and a pipeline gets only it.

    cure: empty, or a constant sentence for a front end that has commands. It names commands in
    braces by their ids, as in "{session.toggle} starts it."; braces have no other meaning. The
    front end puts the user's own keys in their place and shows the sentence after the text. A front
    end without commands leaves the cure out.
    """

    level: Literal["info", "warning", "error"]
    text: str
    cure: str = ""


Command = Send | Play | EndOfAudio | Flush | Notice
