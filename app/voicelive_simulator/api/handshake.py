"""Decides the HTTP upgrade from path, query and headers: it returns the session's opening or the
refusal to send (protocol.md 1)."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote

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
PROFILES = ("byom-azure-openai-realtime", "byom-azure-openai-chat-completion")
# The feature that the documents require for a two-channel echo reference.
CLIENT_REFERENCE = "client_ec_reference"
_AGENT_MODE_SINCE = _AZURE_REALTIME_SINCE = "2026-01-01"


@dataclass(frozen=True, slots=True)
class Opening:
    """The settings with which an accepted client opens its session. `agent` is empty outside agent
    mode; `profile` names a kind of bring-your-own-model; `features` are those that the query
    switches on."""

    api_version: str
    model: str
    agent: str = ""
    project: str = ""
    profile: str = ""
    features: tuple[str, ...] = ()

    @property
    def api_date(self) -> str:
        return self.api_version[:10]

    @property
    def is_native(self) -> bool:
        """Whether the model is a native speech model; the others are cascaded and transcribe
        implicitly (protocol.md 2)."""
        if self.agent:
            return False
        return self.profile == PROFILES[0] if self.profile else "realtime" in self.model

    @property
    def is_openai_native(self) -> bool:
        """Whether the model is one of OpenAI's native models, which alone have OpenAI's voices,
        recognisers and turn detection (protocol.md 2)."""
        return self.is_native and (bool(self.profile) or self.model.startswith("gpt-"))


@dataclass(frozen=True, slots=True)
class Refusal:
    """An HTTP response instead of an upgrade. `message` never repeats anything from the client's
    credentials or query; `headers` are those that this refusal adds to the usual ones."""

    status: int
    code: str
    message: str
    headers: Mapping[str, str] = field(default_factory=dict)


def decide(target: str, headers: Mapping[str, str], key: str = "") -> Opening | Refusal:
    """Decide the upgrade. `target` is the request line's path with its query, `headers` have
    lower-case names, and `key`, unless empty, is the only credential accepted."""
    path, _, encoded = target.partition("?")
    if not path.rstrip("/").endswith(PATH):
        return Refusal(
            404, "NotFound", f"There is nothing here. The simulator's WebSocket endpoint is {PATH}."
        )
    query = {name: values[-1] for name, values in parse_qs(encoded, keep_blank_values=True).items()}
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
        features=_features(query.get("features", "")),
    )


def _features(value: str) -> tuple[str, ...]:
    """The names in a comma-separated list of `name:true` pairs."""
    pairs = (entry.partition(":") for entry in value.split(","))
    return tuple(name.strip() for name, _, state in pairs if state.strip().lower() == "true")


def _unauthorized(
    headers: Mapping[str, str], query: Mapping[str, str], key: str, *, agent: bool
) -> Refusal | None:
    api_key = headers.get("api-key") or query.get("api-key", "")
    bearer = _bearer(headers.get("authorization", "")) or _bearer(
        unquote(query.get("Authorization", ""))
    )
    if agent and not bearer:
        return Refusal(401, "Unauthorized", "Agent mode takes an Entra bearer token only, no key.")
    given = [credential for credential in (api_key, bearer) if credential]
    if not given:
        return Refusal(
            401,
            "Unauthorized",
            "Send an api-key header or an Authorization: Bearer header; the simulator takes any "
            "value.",
        )
    if key and not any(
        hmac.compare_digest(_bytes(credential), _bytes(key)) for credential in given
    ):
        return Refusal(
            401,
            "Unauthorized",
            "The credential is not the one that this simulator was started with.",
        )
    return None


def _bytes(credential: str) -> bytes:
    return credential.encode("utf-8", "surrogateescape")


def _bearer(value: str) -> str:
    scheme, _, token = value.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _bad_query(query: Mapping[str, str]) -> Refusal | None:
    version = query.get("api-version", "")
    if not version:
        return Refusal(
            400, "MissingApiVersionParameter", "The query parameter api-version is required."
        )
    if version not in API_VERSIONS:
        known = ", ".join(API_VERSIONS)
        reason = (
            "The simulator speaks the dated api-versions only, not v1, whose events have other "
            "names."
            if version == "v1"
            else "The simulator does not know this api-version."
        )
        return Refusal(400, "UnsupportedApiVersion", f"{reason} It knows {known}.")
    problem = _bad_target(query, version)
    return Refusal(400, "BadRequest", problem) if problem else None


def _bad_target(query: Mapping[str, str], version: str) -> str:
    """The problem with the requested model or agent, as a sentence; "" when there is none."""
    agent, project, model = (
        query.get(name, "") for name in ("agent-name", "agent-project-name", "model")
    )
    if query.get("profile") and query["profile"] not in PROFILES:
        return f"The query parameter profile is {PROFILES[0]} or {PROFILES[1]}."
    if bool(agent) != bool(project):
        return "Agent mode needs agent-name and agent-project-name, both."
    if agent:
        return (
            f"Agent mode by agent-name came with {_AGENT_MODE_SINCE}-preview."
            if version < _AGENT_MODE_SINCE
            else ""
        )
    if not model:
        return "The query parameter model is required (or agent-name with agent-project-name)."
    if model == "azure-realtime" and not query.get("profile") and version < _AZURE_REALTIME_SINCE:
        return f"The model azure-realtime came with {_AZURE_REALTIME_SINCE}-preview."
    return ""
