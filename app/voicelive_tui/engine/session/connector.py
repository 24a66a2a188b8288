"""Opens the sockets of one session, with credentials that are asked for anew each time."""

import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace

from voicelive_tui.engine.service.target import ServiceTarget, service_kind
from voicelive_tui.engine.session.context import SessionContext
from voicelive_tui.engine.session.earlier_conversation import EarlierConversation
from voicelive_tui.engine.session.reporter import SessionReporter
from voicelive_tui.model.notice import Notice
from voicelive_tui.model.profile.profile import Profile
from voicelive_tui.net.transport import Transport
from voicelive_tui.protocol.resumption import agent_conversation

_CREDENTIAL_HEADERS = ("authorization", "api-key")


@dataclass(frozen=True, slots=True)
class OpenSocket:
    """A socket that has just opened. facts: the service, as the journal names it.
    agent_conversation: the agent's conversation that goes on in it; empty for none."""

    transport: Transport
    facts: Mapping[str, str]
    agent_conversation: str


class Connector:
    """Used in the engine's loop only. service, host: those of the last socket that was asked
    for."""

    def __init__(
        self,
        profile: Profile,
        context: SessionContext,
        reporter: SessionReporter,
        earlier: EarlierConversation | None = None,
    ) -> None:
        self.service = service_kind(profile, context.settings)
        self.host = ""
        self._services = context.services
        self._reporter = reporter
        self._earlier = earlier
        self._said: set[str] = set()

    async def open(self, profile: Profile) -> OpenSocket:
        """Open a socket. Raises ConnectError, EndpointError, HostNotTrusted."""
        conversation = self._agent_conversation(profile)
        target = await self._services.target(_with_conversation(profile, conversation))
        self.service, self.host = target.kind, target.host
        self._reporter.changed()
        for sentence in target.not_hidden:
            if sentence not in self._said:
                self._reporter.notify(Notice("warning", sentence))
                self._said.add(sentence)
        request_id = str(uuid.uuid4())
        headers = _headers(target, await target.credentials.headers(), request_id)
        self._services.connection_opens(target, time.perf_counter())
        transport = await Transport.open(target.endpoint, headers, credential=target.credential)
        facts = {"service": target.kind, "host": target.host, "request_id": request_id}
        return OpenSocket(transport, facts, conversation)

    def _agent_conversation(self, profile: Profile) -> str:
        """Return the conversation that the profile's agent has, if the session goes on with one."""
        log, query = self._reporter.log, profile.service.query
        known = "" if log is None else agent_conversation(query, log.view().effective)
        if known or self._earlier is None:
            return known
        return self._earlier.agent_conversation_for(query)


def _headers(
    target: ServiceTarget, credentials: Mapping[str, str], request_id: str
) -> dict[str, str]:
    """Return the headers of the handshake: the profile's own, and the program's, which win. Where
    none of the user's credentials are sent, a key in a header of the profile's own stays."""
    has_key = any(name.lower() in _CREDENTIAL_HEADERS for name in target.headers)
    program = {
        **({} if target.credential == "own" and has_key else credentials),
        "x-ms-client-request-id": request_id,
    }
    taken = {name.lower() for name in program}
    own = {name: value for name, value in target.headers.items() if name.lower() not in taken}
    return {**own, **program}


def _with_conversation(profile: Profile, conversation: str) -> Profile:
    if not conversation:
        return profile
    query = {**profile.service.query, "conversation-id": conversation}
    return replace(profile, service=replace(profile.service, query=query))
