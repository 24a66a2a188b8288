"""The judgement of the simulator on a profile, without a socket: the handshake with the address
that the console would ask for, and the session's first update."""

from urllib.parse import urlsplit

from voicelive_simulator.api.errors import Refused
from voicelive_simulator.api.handshake import Refusal, decide
from voicelive_simulator.api.session_rules import SessionProgress
from voicelive_simulator.dialogue.state.session import SessionConfig
from voicelive_tui.model.profile.profile import DEFAULT_API_VERSION, Profile
from voicelive_tui.net.endpoint import endpoint_of


def refusal_of(profile: Profile) -> str:
    """Return the sentence with which the simulator refuses a profile; empty when it takes it."""
    service = profile.service
    endpoint = endpoint_of(
        "http://127.0.0.1",
        model=service.model,
        api_version=service.api_version or DEFAULT_API_VERSION,
        query=service.query,
    )
    address = urlsplit(endpoint.url)
    credential = {"api-key": "k"} if service.auth == "key" else {"authorization": "Bearer t"}
    opening = decide(f"{address.path}?{address.query}", credential)
    if isinstance(opening, Refusal):
        return opening.message
    try:
        SessionConfig(opening, "sess_1", 0).update(profile.wire_session(), SessionProgress())
    except Refused as refused:
        return refused.message
    return ""
