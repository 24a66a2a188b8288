"""The profiles there are, and for each whom its sessions would really talk to, with which
credentials, and what it asks for.

Invariant: no text holds a key, a token or a query string.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from voicelive_common.redaction.redact import redact

from voicelive_tui.engine.config.profile_store import ProfileEntry, ProfileStore, read_profile
from voicelive_tui.engine.config.settings import Settings
from voicelive_tui.engine.config.trusted_hosts import TrustedHosts
from voicelive_tui.engine.service.connection_facts import connection_facts, service_name
from voicelive_tui.engine.service.credential_destination import destination_of
from voicelive_tui.engine.service.target import asked_model, service_endpoint, service_kind
from voicelive_tui.model.profile.profile import Profile
from voicelive_tui.net.endpoint import EndpointError

SIMULATOR_CREDENTIALS: Final = "no key or token; the simulator takes none"
NOBODY: Final = "nobody, until it is repaired"
_UNKNOWN: Final = "?"


@dataclass(frozen=True, slots=True)
class ListedProfile:
    """A profile with what a list says of it.

    model: the model, or `agent` with the agent's name. voice: the session's voice as the profile
    has it, a table or a name. talks_to: the service in a few words. asks: host, model and
    api-version. credentials: where which of them would go, or why none can. trusted: no question
    about the host is open. detection: the turn detection in a word. tools: their names. changed:
    when the file was changed last, None if that is not known.
    """

    entry: ProfileEntry
    model: str = _UNKNOWN
    voice: object = None
    talks_to: str = NOBODY
    asks: str = ""
    credentials: str = ""
    trusted: bool = True
    detection: str = _UNKNOWN
    tools: tuple[str, ...] = ()
    changed: datetime | None = None


def list_profiles(settings: Settings, others: Iterable[Path] = ()) -> tuple[ListedProfile, ...]:
    """Return the profiles of the store, and those of other files. Blocks on the disk."""
    defaults = settings.service_defaults
    entries = ProfileStore(settings.profile_dirs, defaults).entries()
    known = {entry.path for entry in entries}
    elsewhere = [read_profile(path, defaults) for path in others if str(path) not in known]
    trusted = TrustedHosts(settings.config_dir, settings.trusted_hosts)
    return tuple(_listed(entry, settings, trusted) for entry in [*entries, *elsewhere])


def _listed(entry: ProfileEntry, settings: Settings, trusted: TrustedHosts) -> ListedProfile:
    changed, profile = _changed(entry), entry.profile
    if profile is None:
        return ListedProfile(entry, changed=changed)
    agent = profile.service.agent
    credentials, confirmed = _credentials(profile, settings, trusted)
    return ListedProfile(
        entry,
        model=redact(f"agent {agent}" if agent else asked_model(profile, settings)),
        voice=profile.session.get("voice"),
        talks_to=service_name(profile, settings),
        asks=redact(connection_facts(profile, settings).asks),
        credentials=redact(credentials),
        trusted=confirmed,
        detection=_detection(profile.session),
        tools=_tools(profile.session),
        changed=changed,
    )


def _credentials(profile: Profile, settings: Settings, trusted: TrustedHosts) -> tuple[str, bool]:
    """The credentials in half a sentence, and whether their host is confirmed."""
    if service_kind(profile, settings) == "simulator":
        return SIMULATOR_CREDENTIALS, True
    try:
        endpoint = service_endpoint(profile, settings)
        destination = destination_of(profile, settings, endpoint, trusted)
    except EndpointError as error:
        return str(error), True
    return str(destination), destination.confirmed


def _detection(session: Mapping[str, Any]) -> str:
    if "turn_detection" not in session:
        return "default"
    detection = session["turn_detection"]
    kind = detection.get("type") if isinstance(detection, Mapping) else detection
    words = {"server_vad": "server", "azure_semantic_vad": "semantic", "none": "manual"}
    return words.get(str(kind), str(kind).removeprefix("azure_"))


def _tools(session: Mapping[str, Any]) -> tuple[str, ...]:
    tools = session.get("tools")
    if not isinstance(tools, list):
        return ()
    named = (each for each in tools if isinstance(each, Mapping))
    return tuple(
        redact(str(each.get("name") or each.get("server_label") or each.get("type") or _UNKNOWN))
        for each in named
    )


def _changed(entry: ProfileEntry) -> datetime | None:
    try:
        return datetime.fromtimestamp(Path(entry.path).stat().st_mtime)
    except (OSError, ValueError, OverflowError):
        return None
