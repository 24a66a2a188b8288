"""The HTTP upgrade, decided from path, query and headers: a session's opening, or the refusal to send (protocol.md 1)."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

PATH = "/voice-live/realtime"
API_VERSIONS = (
    "2025-05-01-preview",
    "2025-10-01",
    "2026-01-01-preview",
    "2026-04-10",
    "2026-06-01-preview",
    "2026-07-15",
    "2026-07-31-preview",
)


@dataclass(frozen=True, slots=True)
class Opening:
    """What an accepted client asked for. `agent` is empty outside agent mode; `profile` names a bring-your-own-model kind."""

    api_version: str
    model: str
    agent: str = ""
    project: str = ""
    profile: str = ""

    @property
    def api_date(self) -> str:
        return self.api_version[:10]

    @property
    def hears_audio(self) -> bool:
        """True for native speech models; the others are cascaded and transcribe implicitly (protocol.md 2)."""
        if self.agent:
            return False
        return "realtime" in self.profile if self.profile else "realtime" in self.model


@dataclass(frozen=True, slots=True)
class Refusal:
    """An HTTP answer instead of an upgrade. `message` never repeats what the client sent in credentials or query."""

    status: int
    code: str
    message: str


def decide(target: str, headers: Mapping[str, str], key: str = "") -> Opening | Refusal:
    """The upgrade's outcome. `target` is the request line's path with its query, `headers` have lower-case names, and `key` is
    the only credential taken, if any."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return Refusal(400, "BadRequest", "The request's path cannot be read.")
    if not parts.path.rstrip("/").endswith(PATH):
        return Refusal(404, "NotFound", f"There is nothing here. The simulator's WebSocket endpoint is {PATH}.")
    query = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
    agent = query.get("agent-name", "")
    refusal = _unauthorized(headers, query, key, agent=bool(agent)) or _bad_query(query)
    if refusal:
        return refusal
    return Opening(
        api_version=query["api-version"],
        model=query.get("model", ""),
        agent=agent,
        project=query.get("agent-project-name", ""),
        profile=query.get("profile", ""),
    )


def _unauthorized(headers: Mapping[str, str], query: Mapping[str, str], key: str, *, agent: bool) -> Refusal | None:
    api_key = headers.get("api-key") or query.get("api-key", "")
    bearer = _bearer(headers.get("authorization", "")) or _bearer(unquote(query.get("Authorization", "")))
    if agent and not bearer:
        return Refusal(401, "Unauthorized", "Agent mode takes an Entra bearer token only, no key.")
    given = [credential for credential in (api_key, bearer) if credential]
    if not given:
        return Refusal(
            401, "Unauthorized", "Send an api-key header or an Authorization: Bearer header; the simulator takes any value."
        )
    if key and not any(hmac.compare_digest(_bytes(credential), _bytes(key)) for credential in given):
        return Refusal(401, "Unauthorized", "The credential is not the one that this simulator was started with.")
    return None


def _bytes(credential: str) -> bytes:
    return credential.encode("utf-8", "surrogateescape")


def _bearer(value: str) -> str:
    scheme, _, token = value.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _bad_query(query: Mapping[str, str]) -> Refusal | None:
    version = query.get("api-version", "")
    if not version:
        return Refusal(400, "MissingApiVersionParameter", "The query parameter api-version is required.")
    if version not in API_VERSIONS:
        known = ", ".join(API_VERSIONS)
        return Refusal(400, "UnsupportedApiVersion", f"The simulator does not know this api-version. It knows {known}.")
    if query.get("agent-name"):
        if not query.get("agent-project-name"):
            return Refusal(400, "BadRequest", "agent-name needs agent-project-name beside it.")
        return None
    if not query.get("model"):
        return Refusal(400, "BadRequest", "The query parameter model is required (or agent-name with agent-project-name).")
    return None
