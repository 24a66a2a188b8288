"""A profile: one TOML file that names the service, the session and the devices.

Its `[session]` table is the session object of the API, name for name. The string "none" stands for
null where the API allows null.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, cast

import tomli_w
from voicelive_common.redaction.redact import redact, secrets_in
from voicelive_common.redaction.secret import Secret
from voicelive_common.toml.read import TomlProblem, read_toml

from voicelive_tui.model.profile.check import check_document, wire_value
from voicelive_tui.model.profile.greeting import NO_GREETING, Greeting, greeting_of
from voicelive_tui.model.profile.problem import Fault, Problem, first_unusable
from voicelive_tui.model.profile.service_defaults import NO_DEFAULTS, ServiceDefaults
from voicelive_tui.model.profile.service_query import AGENT_NAME, query_of
from voicelive_tui.model.profile.variable_references import variables_in

__all__ = [
    "Auth",
    "Problem",
    "Profile",
    "Service",
    "Target",
    "dump_profile",
    "edited_profile",
    "fault_of",
    "parse_profile",
]

Target = Literal["azure", "simulator", "url"]
Auth = Literal["auto", "entra", "key"]

DEFAULT_API_VERSION = "2026-07-15"


@dataclass(frozen=True, slots=True)
class Service:
    """The settings that are fixed when the socket opens (protocol.md section 1).

    api_version: as the profile states it; when empty, the environment or `DEFAULT_API_VERSION`
    decides. query: further parameters of the URL, such as `agent-name` or `profile`, those of
    `[service.agent]` and `byom` among them. headers: further headers of the handshake. Both may
    refer to variables as `${NAME}`. url: used only with target "url".
    """

    target: Target = "azure"
    url: str = ""
    model: str = "gpt-4o"
    api_version: str = ""
    auth: Auth = "auto"
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def has_agent(self) -> bool:
        """Whether an agent is in place of a model."""
        return AGENT_NAME in self.query

    @property
    def agent(self) -> str:
        """The name of the agent in place of a model; empty without one."""
        return self.query.get(AGENT_NAME, "")

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of the environment variables whose values are sent in query and headers."""
        return variables_in((*self.query.values(), *self.headers.values()))


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile without errors, or with a fault nothing but its name and its file.

    slug: the file's stem, which is the title of its tab. document: the whole file, including keys
    that this version does not know. session, audio, inspector: tables of the document. greeting:
    what the agent says before the user has said anything. path: the
    file; empty when there is none. secrets: the credentials for its tools, servers and addresses,
    which are hidden in all output. edited: the document was changed in memory, and is not that of
    the file. fault: why the file cannot be used, so that no session can be started; None for a
    profile without errors.
    """

    slug: str
    name: str = ""
    description: str = ""
    service: Service = Service()
    greeting: Greeting = NO_GREETING
    session: Mapping[str, Any] = field(default_factory=dict)
    audio: Mapping[str, Any] = field(default_factory=dict)
    inspector: Mapping[str, Any] = field(default_factory=dict)
    document: Mapping[str, Any] = field(default_factory=dict)
    path: str = ""
    secrets: tuple[Secret, ...] = ()
    edited: bool = False
    fault: Fault | None = None

    def wire_session(self) -> dict[str, Any]:
        """Return the session object for `session.update`: a copy of `[session]` with null in place
        of "none" where the API allows null (protocol.md section 6)."""
        return cast(dict[str, Any], wire_value("session", self.session))


def parse_profile(
    text: str, *, slug: str, path: str, defaults: ServiceDefaults = NO_DEFAULTS
) -> tuple[Profile | None, tuple[Problem, ...]]:
    """Read a profile. Never raises.

    defaults: what the profile is judged with where it states no model or version of the API.
    The profile is None when a problem makes it unusable. Unknown keys stay in the document.
    """
    document = read_toml(text)
    if isinstance(document, TomlProblem):
        line, column = document.at or (None, None)
        return None, (
            Problem(path, line, column, document.key, "error", document.message, document.hint),
        )
    problems = check_document(document, text, path, defaults)
    if first_unusable(problems):
        return None, problems
    return _profile(document, slug, path), problems


def fault_of(text: str, problems: Sequence[Problem]) -> Fault | None:
    """Return the first problem of a text for which it cannot be used, with the line that has it;
    None when it can."""
    problem = first_unusable(problems)
    if problem is None or problem.line is None:
        return Fault(problem) if problem is not None else None
    # As a whole, because a secret may be known by the lines around it.
    clean, raw = (each.split("\n")[problem.line - 1 :] for each in (redact(text), text))
    line = clean[0] if clean else ""
    return Fault(problem, line, problem.column if raw and raw[0] == line else None)


def edited_profile(
    profile: Profile, document: Mapping[str, Any]
) -> tuple[Profile | None, tuple[Problem, ...]]:
    """Return the profile with another document in memory; None when a problem makes it unusable."""
    problems = check_document(document, "", profile.path)
    if first_unusable(problems):
        return None, problems
    changed = _profile(document, profile.slug, profile.path, profile.secrets)
    return replace(changed, edited=True), problems


def dump_profile(profile: Profile) -> str:
    """Return the profile's document as TOML, including unknown keys and without comments."""
    return tomli_w.dumps(dict(profile.document), multiline_strings=True)


def _profile(
    document: Mapping[str, Any], slug: str, path: str, held: tuple[Secret, ...] = ()
) -> Profile:
    """held: secrets that are taken over where the document still has them, because every new one
    is work for all output."""
    known = {secret.reveal(): secret for secret in held}
    service = document.get("service", {})
    return Profile(
        slug=slug,
        name=document.get("name", slug),
        description=document.get("description", ""),
        service=Service(
            target=service.get("target", "azure"),
            url=service.get("url", ""),
            model=service.get("model", "gpt-4o"),
            api_version=service.get("api_version", ""),
            auth=service.get("auth", "auto"),
            query=query_of(service),
            headers=dict(service.get("headers", {})),
        ),
        greeting=greeting_of(document),
        session=document.get("session", {}),
        audio=document.get("audio", {}),
        inspector=document.get("inspector", {}),
        document=document,
        path=path,
        secrets=tuple(
            known.get(value) or Secret(value) for value in dict.fromkeys(secrets_in(document))
        ),
    )
