"""Gives a new connection the conversation so far, once, before anything else is said in it.

Invariant: the settings come first. The items follow when the service has answered the settings or
has had the time to, or before the user's first act if that comes earlier.
"""

from collections.abc import Mapping
from typing import Any, Final

from voicelive_tui.model.events.fields import get_object, get_str
from voicelive_tui.model.profile.service_query import AGENT_NAME
from voicelive_tui.protocol import error_notices
from voicelive_tui.protocol.carry_over import CarryOver
from voicelive_tui.protocol.commands import Command, RecordCarryOver, Sender

_LONGEST_ID: Final = 256
"""A longer id, which the service never gives, would make an address that no server takes."""


class Resumption:
    """The conversation that waits to be carried over; for a session's first connection, none."""

    def __init__(self, send: Sender) -> None:
        self._send = send
        self._waiting: CarryOver | None = None
        self._given = False
        self._agent_conversation = ""
        self._sent: set[str] = set()
        """The ids of the events that carried the items."""
        self._told = False

    def resume(self, carry_over: CarryOver, agent_conversation: str) -> None:
        """Wait with these items. agent_conversation: the id with which the socket was opened, if it
        was; the agent has the conversation then, and nothing is sent unless it began a new one."""
        self._waiting, self._given = carry_over, True
        self._agent_conversation = agent_conversation

    @property
    def done(self) -> bool:
        """Whether there were items, and they were sent or an agent has them."""
        return self._given and self._waiting is None

    def carry(self, effective: Mapping[str, Any] | None) -> tuple[Command, ...]:
        """Send the items, unless they were sent or an agent has them. effective: the session as the
        service describes it."""
        carry_over, self._waiting = self._waiting, None
        if carry_over is None or self._agent_resumed(effective or {}):
            return ()
        sends = tuple(
            self._send("conversation.item.create", item=each.item) for each in carry_over.items
        )
        self._sent = {str(send.event["event_id"]) for send in sends}
        return (RecordCarryOver(carry_over.record_fields()), *sends)

    def refused(self, error: Mapping[str, Any]) -> tuple[Command, ...] | None:
        """Return a notice for the first error that refuses a carried item, and nothing for further
        ones; None for any other error."""
        if get_str(error, "event_id") not in self._sent:
            return None
        if self._told:
            return ()
        self._told = True
        return (error_notices.refused_item(error),)

    def _agent_resumed(self, effective: Mapping[str, Any]) -> bool:
        # An id that the service does not know begins a new conversation without an error
        # (protocol.md section 16).
        thread = get_str(get_object(effective, "agent"), "thread_id")
        return bool(self._agent_conversation) and thread in ("", self._agent_conversation)


def agent_conversation(query: Mapping[str, str], effective: Mapping[str, Any]) -> str:
    """Return the id by which an agent's conversation goes on over a new connection, to be put into
    its query as `conversation-id`; empty without an agent, or while no id is known.

    query: of the service's address. effective: the session as the service describes it, whose
    `agent.thread_id` is the conversation that is really in use.
    """
    if AGENT_NAME not in query:
        return ""
    thread = get_str(get_object(effective, "agent"), "thread_id")
    known = thread or query.get("conversation-id", "")
    return known if len(known) <= _LONGEST_ID else ""
