"""Loads the settings of one run from the options, the environment, `.env` in the current folder and
`.env` in the configuration folder, in this order.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import platformdirs
from voicelive_common.redaction.names import is_secret_name
from voicelive_common.redaction.redact import secrets_in_url
from voicelive_common.redaction.secret import Secret

from voicelive_tui.audio.client.link_address import LinkAddress, LinkAddressError
from voicelive_tui.engine.config.dotenv_file import malformed_lines, read_dotenv
from voicelive_tui.engine.config.held_secrets import HeldSecrets, hold_secrets
from voicelive_tui.engine.config.settings import (
    APP,
    DOTENV,
    ENDPOINT_VARIABLES,
    ENVIRONMENT,
    KEY_VARIABLES,
    Settings,
    SettingsError,
    Source,
    audio_token,
    port_spec,
)
from voicelive_tui.engine.config.trusted_hosts import TrustError, parse_host
from voicelive_tui.engine.config.variables import Variables
from voicelive_tui.model.session.recording_status import RecordingMode

_Layers = Mapping[str, Mapping[str, str]]
"""The variables of each origin, in the order in which the origins are searched."""

_MODEL_VARIABLES = ("AZURE_VOICELIVE_MODEL", "VOICE_LIVE_MODEL")
_API_VERSION_VARIABLES = ("AZURE_VOICELIVE_API_VERSION", "AZURE_VOICE_LIVE_API_VERSION")
_MAX_LISTED_LINES = 5


def load_settings(
    environ: Mapping[str, str] | None = None,
    *,
    folder: Path | None = None,
    profiles: str | Path | None = None,
    simulator: bool = False,
    input: str | None = None,  # noqa: A002  as in OpenRequest
    output: str | None = None,
    no_audio: bool = False,
    audio_at: str | None = None,
    record: RecordingMode = "all",
    reconnect: bool = True,
    log: str | Path | None = None,
    trusted_hosts: Sequence[str] = (),
) -> Settings:
    """Load the settings from the options given here, then `environ` (default: the process's), then
    `.env` in `folder` (default: the current folder), then `.env` in the configuration folder.

    input, output: a device's name or a port spec (`device`, `device:NAME`, `wav:PATH`, `null`,
    `none`). audio_at: the socket of another machine's audio engine, or the folder that says where
    it is; its token comes from the environment only. Raises SettingsError.
    """
    environ = os.environ if environ is None else environ
    folder = _current_folder() if folder is None else folder
    config_dir = Path(platformdirs.user_config_dir(APP, appauthor=False))
    local = str(folder / DOTENV)
    layers = _read_layers(environ, folder / DOTENV, config_dir / DOTENV)
    return replace(
        _service(layers, local),
        trusted_hosts=_parse_hosts(trusted_hosts),
        config_dir=config_dir,
        simulator=simulator,
        input="none" if no_audio else port_spec(input),
        output="none" if no_audio else port_spec(output),
        audio_at=_checked_address(audio_at),
        audio_token=audio_token(environ),
        record=record,
        reconnect=reconnect,
        profile_dirs=_profile_dirs(folder, profiles),
        state_dir=_state_dir(layers, local),
        log=None if log is None else Path(log),
        over_ssh=bool(environ.get("SSH_CONNECTION")),
    )


def _checked_address(text: str | None) -> str | None:
    try:
        return None if text is None else LinkAddress(text).text
    except LinkAddressError as error:
        raise SettingsError(f"--audio: {error}") from None


def _read_layers(environ: Mapping[str, str], *dotenvs: Path) -> _Layers:
    return {ENVIRONMENT: environ} | {str(path): read_dotenv(path) for path in dotenvs}


def _service(layers: _Layers, local: str) -> Settings:
    """Return settings with the service and its credentials only. local: the path of the `.env` in
    the current folder."""
    endpoint, endpoint_source = _first_value(layers, ENDPOINT_VARIABLES)
    key, key_source = _first_value(layers, KEY_VARIABLES)
    return Settings(
        endpoint=endpoint,
        endpoint_source=endpoint_source,
        key=Secret(key) if key else None,
        key_source=key_source,
        secrets=_secrets(layers, local, endpoint, endpoint_source),
        model=_first_value(layers, _MODEL_VARIABLES)[0],
        api_version=_first_value(layers, _API_VERSION_VARIABLES)[0],
        variables=Variables(tuple(layers.values())),
    )


def _state_dir(layers: _Layers, local: str) -> Path:
    # The user alone decides where files are written: a repository's `.env` must not.
    personal = {origin: values for origin, values in layers.items() if origin != local}
    state, _ = _first_value(personal, ("VOICELIVE_TUI_STATE_DIR",))
    return Path(state) if state else Path(platformdirs.user_state_dir(APP, appauthor=False))


def _secrets(layers: _Layers, local: str, endpoint: str, endpoint_source: Source) -> HeldSecrets:
    """Return the values to hide.

    Of the `local` file, which may have come with a repository, only the keys that this program
    sends are hidden: hiding its other secrets would only make texts unreadable.
    """
    named = [
        (_describe(origin, name), values[name].strip())
        for origin, values in layers.items()
        for name in (KEY_VARIABLES if origin == local else _secret_names(values))
        if name in values
    ]
    in_query = [(f"the query in {endpoint_source}", value) for value in secrets_in_url(endpoint)]
    # The number of hidden values is limited: a repository's query must not displace what the user's
    # own origins name.
    found = [*named, *in_query] if endpoint_source.origin == local else [*in_query, *named]
    # The path of a key file is no secret, and ordinary sentences hold it.
    return hold_secrets(
        (name, value) for name, value in found if value and not os.path.isabs(value)
    )


def _secret_names(variables: Mapping[str, str]) -> list[str]:
    """Return the names of secret variables. The keys that this program sends come first, because
    the number of hidden values is limited."""
    return [
        *KEY_VARIABLES,
        *(name for name in variables if is_secret_name(name) and name not in KEY_VARIABLES),
    ]


def _describe(origin: str, name: str) -> str:
    return name if origin == ENVIRONMENT else f"{name} of {Source(origin)}"


def _parse_hosts(hosts: Sequence[str]) -> tuple[str, ...]:
    try:
        return tuple(map(parse_host, hosts))
    except TrustError as error:
        raise SettingsError(
            f"{error} --trust-host takes a host as `doctor` and `check` show it."
        ) from None


def _current_folder() -> Path:
    try:
        return Path.cwd()
    except OSError:
        raise SettingsError(
            "The current folder no longer exists; change to another one and start again."
        ) from None


def _profile_dirs(folder: Path, profiles: str | Path | None) -> tuple[Path, ...]:
    own_folders = (
        folder / "profiles",
        Path(platformdirs.user_config_dir(APP, appauthor=False)) / "profiles",
    )
    if profiles is None:
        return own_folders
    named = Path(profiles).expanduser()
    if not named.is_dir():
        raise SettingsError(
            f"There is no folder {profiles}; --profiles names the folder in which the profile "
            "files are."
        )
    return named, *own_folders


def _first_value(layers: _Layers, names: tuple[str, ...]) -> tuple[str, Source]:
    """Return the first value that is not blank, origin by origin, and its source; empty when there
    is none."""
    for origin, values in layers.items():
        for name in names:
            if value := values.get(name, "").strip():
                return value, Source(origin, name)
    return "", Source()


def malformed_dotenv_lines(settings: Settings) -> tuple[str, ...]:
    """Return one sentence for each ignored line of the `.env` files in force, never its text; of
    many in one file the first few and their count."""
    sentences: list[str] = []
    for path in (_current_folder() / DOTENV, settings.config_dir / DOTENV):
        source, lines = Source(str(path)), malformed_lines(path)
        sentences += [
            f"{source} line {line} is not NAME=value and is left out; check its quotes."
            for line in lines[:_MAX_LISTED_LINES]
        ]
        if len(lines) > _MAX_LISTED_LINES:
            sentences.append(f"{source} has {len(lines) - _MAX_LISTED_LINES} more such lines.")
    return tuple(sentences)
