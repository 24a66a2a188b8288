"""The settings of one run. Endpoint and key are kept with their sources, because a key is sent
unasked only to the host that the same source names."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs
from voicelive_common.redaction.secret import Secret

from voicelive_tui.engine.config.held_secrets import HeldSecrets
from voicelive_tui.engine.config.variables import Variables
from voicelive_tui.model.profile.service_defaults import ServiceDefaults
from voicelive_tui.model.session.recording_status import RecordingMode
from voicelive_tui.paths import short_path

__all__ = ["Secret", "Settings", "SettingsError", "Source", "port_spec"]


APP = "voicelive-tui"
ENVIRONMENT = "the environment"
"""The origin of values from the process's environment. Every other origin is the path of a file."""

# The quickstart's spellings work too; this program's own come first.
ENDPOINT_VARIABLES = ("AZURE_VOICELIVE_ENDPOINT", "AZURE_VOICE_LIVE_ENDPOINT")
KEY_VARIABLES = ("AZURE_VOICELIVE_API_KEY", "AZURE_VOICE_LIVE_API_KEY")
AUDIO_TOKEN_VARIABLE = "VOICELIVE_TUI_AUDIO_TOKEN"
"""Where the token for another machine's sound comes from, at both ends of the link: an option would
be seen by every user of the machine."""
DOTENV = ".env"


class SettingsError(ValueError):
    """The configuration cannot be read; the message is one sentence with the cure."""


@dataclass(frozen=True, slots=True)
class Source:
    """The source of a setting: its origin (`ENVIRONMENT` or the path of a file) and the variable's
    name there."""

    origin: str = ENVIRONMENT
    variable: str = ""

    def __str__(self) -> str:
        """Return the source as the user knows it: the variable's name, or the path of the file."""
        return (
            short_path(self.origin) if self.origin != ENVIRONMENT else self.variable or ENVIRONMENT
        )


@dataclass(frozen=True, slots=True)
class Settings:
    """The configuration of one run.

    endpoint, model, api_version: empty when not configured. input, output: port specs as in
    `OpenRequest`; None when the user chose none, so that the profile's `[audio]` table or the
    default device decides. profile_dirs: the folders that are searched before the packaged
    starters, in order. record: what is recorded of a session. reconnect: whether a lost
    connection is replaced by itself. connections_per_minute: the service's limit of new connections
    for each resource (protocol.md 3). scope: the scope of the Entra token.
    audio_at: the socket of an audio engine that runs elsewhere, as a path or as `127.0.0.1:PORT`,
    or a folder whose `link.json` says which; None to start one here. audio_token: the proof of the
    right to its sound; None where the socket's permissions are enough.
    trusted_hosts: hosts trusted in this run only, in addition to those of the file in config_dir.
    variables: what profiles may refer to in headers and query.
    secrets: what is hidden in all output: keys and tokens of the environment, and the query of the
    endpoint.
    """

    endpoint: str = field(default="", repr=False)
    endpoint_source: Source = Source()
    key: Secret | None = None
    key_source: Source = Source()
    secrets: HeldSecrets = field(default_factory=HeldSecrets)
    trusted_hosts: tuple[str, ...] = ()
    config_dir: Path = field(
        default_factory=lambda: Path(platformdirs.user_config_dir(APP, appauthor=False))
    )
    model: str = ""
    api_version: str = ""
    simulator: bool = False
    input: str | None = None
    output: str | None = None
    audio_at: str | None = None
    audio_token: Secret | None = None
    record: RecordingMode = "all"
    reconnect: bool = True
    connections_per_minute: int = 30
    profile_dirs: tuple[Path, ...] = ()
    state_dir: Path = field(
        default_factory=lambda: Path(platformdirs.user_state_dir(APP, appauthor=False))
    )
    scope: str = "https://ai.azure.com/.default"
    variables: Variables = field(default_factory=Variables, compare=False)
    log: Path | None = None
    over_ssh: bool = False

    @property
    def personal_origins(self) -> frozenset[str]:
        """The origins that only the user writes. A `.env` in the current folder is none of them,
        because it may have come with a repository."""
        return frozenset({ENVIRONMENT, str(self.config_dir / DOTENV)})

    @property
    def service_defaults(self) -> ServiceDefaults:
        """The model and the version of the API for profiles that state none."""
        return ServiceDefaults(self.model, self.api_version)

    @property
    def sessions_dir(self) -> Path:
        """The folder in which sessions are recorded."""
        return self.state_dir / "sessions"


def audio_token(environ: Mapping[str, str]) -> Secret | None:
    """Return the token for another machine's sound, without the spaces around it; None without
    one."""
    token = environ.get(AUDIO_TOKEN_VARIABLE, "").strip()
    return Secret(token) if token else None


def port_spec(name: str | None) -> str | None:
    """Return the port spec for a device's name; a port spec is returned unchanged."""
    if not name:
        return None
    if name in ("device", "null", "none") or name.startswith(("device:", "wav:")):
        return name
    return f"device:{name}"
