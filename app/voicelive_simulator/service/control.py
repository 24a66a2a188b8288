"""The control path, decided from the request: what a test may do with the simulator beside its
sessions.

    GET    /simulator/state
    GET    /simulator/journal[?session=ID&after=N]
    POST   /simulator/faults?fault=NAME[&KEY=VALUE...][&session=ID]
    DELETE /simulator/faults
    POST   /simulator/reset

Each request needs `Authorization: Bearer TOKEN`, and must come from this machine and not from a
page in a browser. Parameters are in the query, because a WebSocket server does not read bodies.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, urlsplit

from voicelive_common.addresses import is_loopback

from voicelive_simulator.api.handshake import PATH, Refusal
from voicelive_simulator.faults.catalogue import parse_fault, parse_fault_text
from voicelive_simulator.faults.fault import Fault, FaultError

ROOT = "/simulator"
METHODS: Mapping[str, tuple[str, ...]] = {
    f"{ROOT}/state": ("GET",),
    f"{ROOT}/journal": ("GET",),
    f"{ROOT}/faults": ("POST", "DELETE"),
    f"{ROOT}/reset": ("POST",),
}
_MOST_PARAMETERS = 50


@dataclass(frozen=True, slots=True)
class ShowState:
    pass


@dataclass(frozen=True, slots=True)
class ShowJournal:
    """List the events of one session, or of all, after number `after`."""

    session: str | None = None
    after: int = 0


@dataclass(frozen=True, slots=True)
class ArmFault:
    """Arm a fault. With `session` "" it strikes in the session that triggers it first."""

    fault: Fault
    session: str = ""


@dataclass(frozen=True, slots=True)
class Disarm:
    """Disarm all faults, of the server and of every session."""


@dataclass(frozen=True, slots=True)
class Reset:
    pass


Action = ShowState | ShowJournal | ArmFault | Disarm | Reset


@dataclass(frozen=True, slots=True)
class Request:
    """A request to the control path. `target` is the request line's path with its query, `headers`
    have lower-case names, `peer` is the client's address."""

    method: str
    target: str
    headers: Mapping[str, str]
    peer: str


def is_control(target: str) -> bool:
    """Whether a request is for the control path. The service's endpoint may be in any folder, also
    in one of this name."""
    path = target.partition("?")[0].rstrip("/")
    return path == ROOT or (path.startswith(f"{ROOT}/") and not path.endswith(PATH))


def decide(request: Request, token: str) -> Action | Refusal:
    """Decide what a request to the control path does. `token` "" means that there is no control
    path.

    Refuses in this order: other machines, pages, no control path, wrong token, wrong path, wrong
    method, wrong parameters.
    """
    refusal = _refusal(request, token)
    if refusal:
        return refusal
    try:
        parts = urlsplit(request.target)
        query = _query(parts)
    except ValueError as error:
        return Refusal(400, "BadRequest", f"The query cannot be read: {error}.")
    methods = METHODS.get(parts.path.rstrip("/"))
    if methods is None:
        return Refusal(
            404, "NotFound", f"There is nothing here. The control path has {', '.join(METHODS)}."
        )
    if request.method not in methods:
        allowed = ", ".join(methods)
        return Refusal(405, "MethodNotAllowed", f"This takes {allowed} only.", {"Allow": allowed})
    match request.method, parts.path.rstrip("/").removeprefix(f"{ROOT}/"):
        case "GET", "state":
            return _only(ShowState(), query)
        case "GET", "journal":
            return _journal(query)
        case "POST", "faults":
            return _arm(query)
        case "DELETE", _:
            return _only(Disarm(), query)
        case _:
            return _only(Reset(), query)


def _refusal(request: Request, token: str) -> Refusal | None:
    if not is_loopback(request.peer):
        return Refusal(
            403, "Forbidden", "The control path is for programs on the simulator's own machine."
        )
    if "origin" in request.headers:
        return Refusal(
            403,
            "Forbidden",
            "The simulator's control path is not for browsers: leave out the Origin header.",
        )
    if not token:
        remedy = (
            "set VOICELIVE_SIMULATOR_TOKEN in the environment of the simulator and send it as "
            "Authorization: Bearer"
        )
        return Refusal(
            404,
            "NoControlPath",
            f"This simulator was started without its control path; to have it, {remedy}.",
        )
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    is_right = hmac.compare_digest(
        given.strip().encode("utf-8", "surrogateescape"), token.encode("utf-8", "surrogateescape")
    )
    if scheme.lower() != "bearer" or not is_right:
        message = (
            "Send Authorization: Bearer with the token that is in VOICELIVE_SIMULATOR_TOKEN "
            "of the simulator."
        )
        return Refusal(401, "Unauthorized", message, {"WWW-Authenticate": "Bearer"})
    return None


def _query(parts: SplitResult) -> dict[str, str]:
    """Parse the query, in which each parameter may occur once. Raises ValueError."""
    pairs = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS)
    query = dict(pairs)
    if len(query) < len(pairs):
        raise ValueError("each parameter may stand there once")
    return query


def _only(action: Action, query: Mapping[str, str]) -> Action | Refusal:
    return Refusal(400, "BadRequest", "This takes no parameters.") if query else action


def _journal(query: dict[str, str]) -> Action | Refusal:
    session = query.pop("session", None)
    after = query.pop("after", "0")
    if query:
        return Refusal(400, "BadRequest", "The journal takes session=ID and after=N only.")
    if not (after.isascii() and after.isdecimal() and len(after) <= 18):
        return Refusal(400, "BadRequest", "after must be the number of an entry, 0 or more.")
    return ShowJournal(session, int(after))


def _arm(query: dict[str, str]) -> Action | Refusal:
    session = query.pop("session", "")
    try:
        name = query.get("fault", "")
        # The syntax of the command line and of scenarios, drop:how=rst, is accepted too.
        fault = parse_fault_text(name) if ":" in name and len(query) == 1 else parse_fault(query)
    except FaultError as error:
        return Refusal(400, "BadFault", str(error))
    return ArmFault(fault, session)
