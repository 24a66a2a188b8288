"""The settings of one run, each value with its source, because a key belongs to the host that the
same source names.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import platformdirs
from voicelive_common.redaction.secret import Secret

from voicelive_tui.engine.config.held_secrets import HeldSecrets
from voicelive_tui.paths import short_path

__all__ = ["Secret", "Settings", "SettingsError", "Source", "port_spec"]

RecordingMode = Literal["all", "events", "none"]

APP = "voicelive-tui"
ENVIRONMENT = "the environment"
"""The origin of what the process's environment says; the other origins are paths of files."""

# The quickstart's spellings work too (ux.md); ours win.
ENDPOINT_VARIABLES = ("AZURE_VOICELIVE_ENDPOINT", "AZURE_VOICE_LIVE_ENDPOINT")
KEY_VARIABLES = ("AZURE_VOICELIVE_API_KEY", "AZURE_VOICE_LIVE_API_KEY")
DOTENV = ".env"


class SettingsError(ValueError):
    """The configuration cannot be read; the text is one sentence with the cure."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a setting comes from: `ENVIRONMENT` or a file, and the variable's name there."""

    origin: str = ENVIRONMENT
    variable: str = ""

    def __str__(self) -> str:
        """As a user recognises it: the variable, or the file's path."""
        return (
            short_path(self.origin) if self.origin != ENVIRONMENT else self.variable or ENVIRONMENT
        )


@dataclass(frozen=True, slots=True)
class Settings:
    """One run's configuration.

    endpoint, model, api_version: empty when not configured. input, output: port specs as in
    `audio.messages.OpenRequest`; None means that the user chose none, so that a profile's `[audio]`
    table or the default device decides. profile_dirs: where to look before the packaged starters,
    in order. record: what a session leaves on disk. scope: for the Entra token. trusted_hosts: for
    this run only, besides those of the file in config_dir. secrets: what must not show: the
    environment's keys and tokens, the query of the endpoint.
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
    record: RecordingMode = "all"
    profile_dirs: tuple[Path, ...] = ()
    state_dir: Path = field(
        default_factory=lambda: Path(platformdirs.user_state_dir(APP, appauthor=False))
    )
    scope: str = "https://ai.azure.com/.default"
    log: Path | None = None
    over_ssh: bool = False

    @property
    def personal_origins(self) -> frozenset[str]:
        """The origins in which only the user writes; a `.env` in the current folder may have come
        with a repository."""
        return frozenset({ENVIRONMENT, str(self.config_dir / DOTENV)})

    @property
    def sessions_dir(self) -> Path:
        """Where journals are written."""
        return self.state_dir / "sessions"


def port_spec(name: str | None) -> str | None:
    """A device's name as a port spec; a spec stays what it is."""
    if not name:
        return None
    if name in ("device", "null", "none") or name.startswith(("device:", "wav:")):
        return name
    return f"device:{name}"
