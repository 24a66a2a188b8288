"""What the person configured for this run: options, the environment and a `.env` file, in this order."""

import io
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import platformdirs
from dotenv.parser import parse_stream

from voicelive_tui.text_file import read_text_file

Recording = Literal["all", "events", "none"]

APP = "voicelive-tui"

# The quickstart's spellings work too (ux.md); ours win.
ENDPOINT_VARIABLES = ("AZURE_VOICELIVE_ENDPOINT", "AZURE_VOICE_LIVE_ENDPOINT")
KEY_VARIABLES = ("AZURE_VOICELIVE_API_KEY", "AZURE_VOICE_LIVE_API_KEY")
_MODEL = ("AZURE_VOICELIVE_MODEL", "VOICE_LIVE_MODEL")
_API_VERSION = ("AZURE_VOICELIVE_API_VERSION", "AZURE_VOICE_LIVE_API_VERSION")
_OURS = ("VOICELIVE_", "VOICE_LIVE_")
"""What the names of all of them hold."""


class SettingsError(ValueError):
    """The configuration cannot be read; the text is one sentence with the cure."""


class Secret:
    """A value that no repr, log or traceback shows."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself, for the one place that sends it."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


@dataclass(frozen=True, slots=True)
class Settings:
    """One run's configuration.

    endpoint, model, api_version: empty when not configured. input, output: port specs as in `audio.messages.OpenRequest`; None
    means that the person chose none, so that a profile's `[audio]` table or the default device decides. profile_dirs: where to
    look before the packaged starters, in order. record: what a session leaves on disk. scope: for the Entra token.
    """

    endpoint: str = field(default="", repr=False)
    key: Secret | None = None
    model: str = ""
    api_version: str = ""
    simulator: bool = False
    input: str | None = None
    output: str | None = None
    record: Recording = "all"
    profile_dirs: tuple[Path, ...] = ()
    state_dir: Path = field(default_factory=lambda: Path(platformdirs.user_state_dir(APP, appauthor=False)))
    scope: str = "https://ai.azure.com/.default"
    log: Path | None = None
    over_ssh: bool = False

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
    record: Recording = "all",
    log: str | Path | None = None,
) -> Settings:
    """Settings from the options given here, then `environ` (default: the process's), then `folder`/.env (default: the current).

    input, output: a device's name or a port spec (`device`, `device:NAME`, `wav:PATH`, `null`, `none`). Raises SettingsError.
    """
    environ = os.environ if environ is None else environ
    folder = _current_folder() if folder is None else folder
    values = {**_dotenv(folder / ".env"), **{key: value for key, value in environ.items() if value.strip()}}
    key = _first(values, KEY_VARIABLES)
    state = values.get("VOICELIVE_TUI_STATE_DIR")
    return Settings(
        endpoint=_first(values, ENDPOINT_VARIABLES),
        key=Secret(key) if key else None,
        model=_first(values, _MODEL),
        api_version=_first(values, _API_VERSION),
        simulator=simulator,
        input="none" if no_audio else port_spec(input),
        output="none" if no_audio else port_spec(output),
        record=record,
        profile_dirs=_profile_dirs(folder, profiles),
        state_dir=Path(state) if state else Path(platformdirs.user_state_dir(APP, appauthor=False)),
        log=None if log is None else Path(log),
        over_ssh=bool(environ.get("SSH_CONNECTION")),
    )


def _current_folder() -> Path:
    try:
        return Path.cwd()
    except OSError:
        raise SettingsError("The current folder is gone; go to one that is there, and start again.") from None


def port_spec(name: str | None) -> str | None:
    """A device's name as a port spec; a spec stays what it is."""
    if not name:
        return None
    if name in ("device", "null", "none") or name.startswith(("device:", "wav:")):
        return name
    return f"device:{name}"


def _profile_dirs(folder: Path, profiles: str | Path | None) -> tuple[Path, ...]:
    own = (folder / "profiles", Path(platformdirs.user_config_dir(APP, appauthor=False)) / "profiles")
    if profiles is None:
        return own
    named = Path(profiles).expanduser()
    if not named.is_dir():
        raise SettingsError(f"There is no folder {profiles}; --profiles names the folder in which the profile files are.")
    return named, *own


def _first(values: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((values[name].strip() for name in names if values.get(name, "").strip()), "")


def _dotenv(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    try:
        found = list(parse_stream(io.StringIO(read_text_file(path))))
    except OSError as error:
        raise SettingsError(f"{path} cannot be read ({error.strerror}); it is a short text file of NAME=value lines.") from None
    except Exception:  # a foreign file's border: the parser may fail in ways that it does not document
        # Nothing of the file's text may stand here: it holds the key.
        raise SettingsError(f"{path} cannot be read; check that it is a text file of NAME=value lines.") from None
    for binding in found:
        # Lines that mean other programs are not ours to judge.
        if binding.error and any(name in binding.original.string for name in _OURS):
            raise SettingsError(f"{path} line {binding.original.line} is not NAME=value; check its quotes.")
        if any(name in (binding.key or "") for name in _OURS) and any(char < " " for char in binding.value or ""):
            # No system takes such a value as a path or a name, and no server as a key.
            raise SettingsError(f"{path} line {binding.original.line} holds a control character; write the value again.")
    return {binding.key: binding.value for binding in found if binding.key and binding.value}
