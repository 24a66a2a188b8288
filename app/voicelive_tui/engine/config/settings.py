"""What the user configured for this run: options, the environment, `.env` in the current folder and
in the configuration folder, in this order. Each value is kept with its source, because a key
belongs to the host that the same source names.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Literal

import platformdirs
from voicelive_common.redaction.names import is_secret_name
from voicelive_common.redaction.redact import secrets_in_url
from voicelive_common.redaction.secret import Secret

from voicelive_tui.engine.config.dotenv_file import read_dotenv
from voicelive_tui.engine.config.held_secrets import HeldSecrets, hold_secrets
from voicelive_tui.engine.config.trusted_hosts import TrustError, host_of
from voicelive_tui.paths import short_path

__all__ = ["Secret", "Settings", "SettingsError", "Source", "load_settings"]

RecordingMode = Literal["all", "events", "none"]
_Layers = Mapping[str, Mapping[str, str]]
"""Places in the order in which they are asked, each with what it says."""

APP = "voicelive-tui"
ENVIRONMENT = "the environment"
"""The origin of what the process's environment says; the other origins are paths of files."""

# The quickstart's spellings work too (ux.md); ours win.
ENDPOINT_VARIABLES = ("AZURE_VOICELIVE_ENDPOINT", "AZURE_VOICE_LIVE_ENDPOINT")
KEY_VARIABLES = ("AZURE_VOICELIVE_API_KEY", "AZURE_VOICE_LIVE_API_KEY")
_MODEL = ("AZURE_VOICELIVE_MODEL", "VOICE_LIVE_MODEL")
_API_VERSION = ("AZURE_VOICELIVE_API_VERSION", "AZURE_VOICE_LIVE_API_VERSION")
DOTENV = ".env"
_OURS = ("VOICELIVE_", "VOICE_LIVE_")
"""What the names of all of them hold."""
_MOST_ODD_LINES: Final = 5


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


def load_settings(
    environ: Mapping[str, str] | None = None,
    *,
    folder: Path | None = None,
    profiles: str | Path | None = None,
    simulator: bool = False,
    input: str | None = None,  # noqa: A002  the word of the field and of OpenRequest
    output: str | None = None,
    no_audio: bool = False,
    record: RecordingMode = "all",
    log: str | Path | None = None,
    trusted_hosts: Sequence[str] = (),
) -> Settings:
    """Settings from the options given here, then `environ` (default: the process's), then
    `folder`/.env (default: the current), then `.env` in the configuration folder.

    input, output: a device's name or a port spec (`device`, `device:NAME`, `wav:PATH`, `null`,
    `none`). Raises SettingsError.
    """
    environ = os.environ if environ is None else environ
    folder = _current_folder() if folder is None else folder
    config_dir = Path(platformdirs.user_config_dir(APP, appauthor=False))
    layers: _Layers = {ENVIRONMENT: environ} | {
        str(path): _dotenv(path) for path in (folder / DOTENV, config_dir / DOTENV)
    }
    return replace(
        _service(layers, str(folder / DOTENV)),
        trusted_hosts=_hosts(trusted_hosts),
        config_dir=config_dir,
        simulator=simulator,
        input="none" if no_audio else port_spec(input),
        output="none" if no_audio else port_spec(output),
        record=record,
        profile_dirs=_profile_dirs(folder, profiles),
        state_dir=_state_dir(layers, folder),
        log=None if log is None else Path(log),
        over_ssh=bool(environ.get("SSH_CONNECTION")),
    )


def _service(layers: _Layers, local: str) -> Settings:
    """Settings with what is said of the service and of the credentials for it. local: the `.env` of
    the current folder."""
    endpoint, endpoint_source = _first(layers, ENDPOINT_VARIABLES)
    key, key_source = _first(layers, KEY_VARIABLES)
    return Settings(
        endpoint=endpoint,
        endpoint_source=endpoint_source,
        key=Secret(key) if key else None,
        key_source=key_source,
        secrets=_secrets(layers, local, endpoint, endpoint_source),
        model=_first(layers, _MODEL)[0],
        api_version=_first(layers, _API_VERSION)[0],
    )


def _state_dir(layers: _Layers, folder: Path) -> Path:
    # Where things are written is the user's own business: a repository's `.env` has no say in it.
    personal = {place: values for place, values in layers.items() if place != str(folder / DOTENV)}
    state, _ = _first(personal, ("VOICELIVE_TUI_STATE_DIR",))
    return Path(state) if state else Path(platformdirs.user_state_dir(APP, appauthor=False))


def _secrets(layers: _Layers, local: str, endpoint: str, endpoint_source: Source) -> HeldSecrets:
    """What must not show. local: the `.env` that may have come with a repository: what it calls a
    secret and this program never reads would only make texts unreadable.
    """
    named = [
        (_said(place, name), values[name].strip())
        for place, values in layers.items()
        for name in (KEY_VARIABLES if place == local else _keys_first(values))
        if name in values
    ]
    in_query = [(f"the query in {endpoint_source}", value) for value in secrets_in_url(endpoint)]
    # A repository's query must not crowd out what the user's own places name.
    found = [*named, *in_query] if endpoint_source.origin == local else [*in_query, *named]
    # The path of a file with a key in it is no secret, and stands in ordinary sentences.
    return hold_secrets(
        (name, value) for name, value in found if value and not os.path.isabs(value)
    )


def _keys_first(values: Mapping[str, str]) -> list[str]:
    """The names of secrets, those that this program sends before all others, which may be too
    many."""
    return [
        *KEY_VARIABLES,
        *(name for name in values if is_secret_name(name) and name not in KEY_VARIABLES),
    ]


def _said(place: str, name: str) -> str:
    return name if place == ENVIRONMENT else f"{name} of {Source(place)}"


def _hosts(named: Sequence[str]) -> tuple[str, ...]:
    try:
        return tuple(map(host_of, named))
    except TrustError as error:
        raise SettingsError(
            f"{error} --trust-host takes a host as `doctor` and `check` show it."
        ) from None


def _current_folder() -> Path:
    try:
        return Path.cwd()
    except OSError:
        raise SettingsError(
            "The current folder is gone; go to one that is there, and start again."
        ) from None


def port_spec(name: str | None) -> str | None:
    """A device's name as a port spec; a spec stays what it is."""
    if not name:
        return None
    if name in ("device", "null", "none") or name.startswith(("device:", "wav:")):
        return name
    return f"device:{name}"


def _profile_dirs(folder: Path, profiles: str | Path | None) -> tuple[Path, ...]:
    own = (
        folder / "profiles",
        Path(platformdirs.user_config_dir(APP, appauthor=False)) / "profiles",
    )
    if profiles is None:
        return own
    named = Path(profiles).expanduser()
    if not named.is_dir():
        raise SettingsError(
            f"There is no folder {profiles}; --profiles names the folder in which the profile "
            "files are."
        )
    return named, *own


def _first(layers: _Layers, names: tuple[str, ...]) -> tuple[str, Source]:
    """The first value that is not blank, layer by layer, and where it stands; empty when there is
    none."""
    for origin, values in layers.items():
        for name in names:
            if value := values.get(name, "").strip():
                return value, Source(origin, name)
    return "", Source()


def _dotenv(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    try:
        found = read_dotenv(path)
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be read ({error.strerror}); make it a readable text file of NAME=value "
            "lines, or remove it."
        ) from None
    except (
        Exception
    ):  # a foreign file's border: the parser may fail in ways that it does not document
        # Nothing of the file's text may stand here: it holds the key.
        raise SettingsError(
            f"{path} cannot be read; check that it is a text file of NAME=value lines."
        ) from None
    for binding in found:
        # Lines that mean other programs are not ours to judge.
        if binding.error and any(name in binding.original.string for name in _OURS):
            raise SettingsError(
                f"{path} line {binding.original.line} is not NAME=value; check its quotes."
            )
        if any(name in (binding.key or "") for name in _OURS) and any(
            char < " " for char in binding.value or ""
        ):
            # No system takes such a value as a path or a name, and no server as a key.
            raise SettingsError(
                f"{path} line {binding.original.line} holds a control character; write the value "
                "again."
            )
    return {binding.key: binding.value for binding in found if binding.key and binding.value}


def odd_dotenv_lines(settings: Settings) -> tuple[str, ...]:
    """A sentence for each line of the `.env` files in force that is not NAME=value, and so says
    nothing. Never its text."""
    odd: list[str] = []
    for path in (_current_folder() / DOTENV, settings.config_dir / DOTENV):
        try:
            bindings = read_dotenv(path)
        except (OSError, ValueError):
            continue  # not there, or refused by `load_settings` with its own sentence
        lines = [binding.original.line for binding in bindings if binding.error]
        odd += [
            f"{Source(str(path))} line {line} is not NAME=value and is left out; check its quotes."
            for line in lines[:_MOST_ODD_LINES]
        ]
        if (more := len(lines) - _MOST_ODD_LINES) > 0:
            odd.append(f"{Source(str(path))} has {more} more such lines.")
    return tuple(odd)
