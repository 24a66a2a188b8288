"""The conversation of a recorded session, from which a new session goes on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from voicelive_tui.journal.reader import Recorded
from voicelive_tui.model.events.fields import get_str
from voicelive_tui.model.profile.profile import Profile
from voicelive_tui.model.profile.service_query import AGENT_NAME
from voicelive_tui.model.transcript.history import NotCarried, PastItem
from voicelive_tui.protocol.resumption import agent_conversation


class CannotGoOn(Exception):
    """No session can go on from this recording. The text is one sentence."""


@dataclass(frozen=True, slots=True)
class EarlierConversation:
    """What a recording holds of its conversation.

    folder: of the recording. started: when it began, with its time zone; empty if unknown. title:
    the name of its profile. history: what was said and heard, in order. agent, agent_conversation:
    the agent of the service and its id of the conversation; empty without one.
    """

    folder: str
    started: str
    title: str
    history: tuple[PastItem, ...]
    agent: str = ""
    agent_conversation: str = ""

    def record_fields(self) -> dict[str, Any]:
        """Return the fields of the record `console.goes_on`."""
        return {"folder": self.folder, "started": self.started, "title": self.title}

    def agent_conversation_for(self, query: Mapping[str, str]) -> str:
        """Return the id by which the agent of this query has the conversation; empty for another
        agent."""
        return self.agent_conversation if query.get(AGENT_NAME, "") == self.agent else ""


def earlier_conversation(folder: str, recorded: Recorded) -> tuple[Profile, EarlierConversation]:
    """Return the recording's profile and its conversation. Raises CannotGoOn."""
    if recorded.being_written:
        raise CannotGoOn(
            f"The session in {folder} still runs in a console: stop it there, and go on then."
        )
    profile = recorded.profile
    if profile is None:
        raise CannotGoOn(
            f"No session can go on from {folder}, because it has no profile that can be read."
        )
    query = profile.service.query
    earlier = EarlierConversation(
        folder,
        _local_time(recorded.meta.get("started")),
        get_str(recorded.meta, "title") or profile.slug,
        recorded.history,
        profile.service.agent,
        agent_conversation(query, recorded.view.effective),
    )
    said = any(not isinstance(past, NotCarried) for past in recorded.history)
    if not (said or earlier.agent_conversation):
        raise CannotGoOn(
            f"There is nothing to go on from: {folder} holds nothing that was said and understood."
        )
    return profile, earlier


def _local_time(started: object) -> str:
    # Moments near the first and last year have no other time zone.
    if not isinstance(started, datetime) or not 1970 <= started.year < 9000:
        return ""
    return started.astimezone().isoformat(timespec="seconds")
