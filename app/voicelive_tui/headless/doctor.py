"""`voicelive-tui doctor`: checks what works on this machine and prints one line per check, with the
cure.

Invariant: the value of a key is never printed.
"""

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

from voicelive_common.exit_codes import ExitCode

from voicelive_tui import __version__
from voicelive_tui.engine.config.profile_store import ProfileEntry, ProfileStore
from voicelive_tui.engine.config.settings import ENDPOINT_VARIABLES, Settings
from voicelive_tui.engine.config.settings_loader import malformed_dotenv_lines
from voicelive_tui.engine.engine import DevicesUnavailable
from voicelive_tui.engine.service.credential_check import (
    azure_destination,
    azure_endpoint_warning,
    azure_host,
    azure_proxy,
    configured_key_mistake,
    host_to_confirm,
    try_sign_in,
)
from voicelive_tui.engine.service.proxy_use import ProxyUnusable
from voicelive_tui.headless.devices import ask_devices
from voicelive_tui.headless.output_streams import print_line
from voicelive_tui.headless.sound_source import sound_source
from voicelive_tui.model.session.destination import ROLES
from voicelive_tui.paths import short_path

PACKAGES = ("textual", "websockets", "sounddevice", "numpy", "azure-identity")
SMALLEST_TERMINAL = (80, 22)
ENOUGH_DISK_BYTES = 200_000_000
"""Room for some minutes of talk with its audio, and a reserve."""
SIMULATOR_TIMEOUT_S = 30.0

Verdict = Literal["ok", "warning", "error"]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One line of the report: the verdict, what was checked, and the finding with its cure if there
    is one."""

    verdict: Verdict
    topic: str
    text: str

    def __str__(self) -> str:
        return f"{self.verdict:<8} {self.topic:<12} {self.text}"


ConfigFile = tuple[Path, Sequence[str]]
"""The path of the console's config file, and a sentence for each entry that cannot be used, which
begins with the file's name."""


def doctor(settings: Settings, *, sign_in: bool, config: ConfigFile) -> ExitCode:
    """Run every check and print its result at once. Returns `FOUND` when there is an error among
    them."""
    code = ExitCode.OK
    for result in examine(settings, sign_in=sign_in, config=config):
        print_line(str(result))
        if result.verdict == "error":
            code = ExitCode.FOUND
    return code


def examine(settings: Settings, *, sign_in: bool, config: ConfigFile) -> Iterator[CheckResult]:
    """Run the checks, the quick ones first."""
    yield versions()
    yield terminal()
    yield from config_file(*config)
    yield endpoint(settings)
    yield from proxy(settings)
    yield credentials(settings, sign_in=sign_in)
    yield from (
        CheckResult("warning", "settings", message) for message in malformed_dotenv_lines(settings)
    )
    yield secrets(settings)
    yield profiles(settings)
    yield state_folder(settings.state_dir)
    yield from sound(settings)
    yield simulator()


def versions() -> CheckResult:
    """The versions of this program, of Python and of the main libraries."""
    found = ", ".join(f"{name} {metadata.version(name)}" for name in PACKAGES)
    return CheckResult(
        "ok",
        "versions",
        f"voicelive-tui {__version__}, Python {platform.python_version()}, {found}",
    )


def terminal() -> CheckResult:
    """Check whether the console can draw on this terminal."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return CheckResult(
            "warning", "terminal", "none here; the console needs one, 'voicelive-tui run' does not"
        )
    columns, lines = shutil.get_terminal_size()
    name = os.environ.get("TERM", "unknown")
    colours = (
        "16.7 million"
        if os.environ.get("COLORTERM") in ("truecolor", "24bit")
        else "256"
        if "256" in name
        else "few"
    )
    text = f"{name}, {columns}x{lines}, {colours} colours, {sys.stdout.encoding}"
    if name == "dumb":
        return CheckResult(
            "error",
            "terminal",
            f"{text}: the console cannot draw on it; use another terminal, or 'voicelive-tui run'",
        )
    if columns < SMALLEST_TERMINAL[0] or lines < SMALLEST_TERMINAL[1]:
        return CheckResult(
            "warning",
            "terminal",
            f"{text}: make it at least {SMALLEST_TERMINAL[0]}x{SMALLEST_TERMINAL[1]}",
        )
    if "utf" not in sys.stdout.encoding.lower():
        return CheckResult(
            "warning", "terminal", f"{text}: set a UTF-8 locale, such as LANG=C.UTF-8"
        )
    return CheckResult("ok", "terminal", text)


def config_file(path: Path, problems: Sequence[str]) -> Iterator[CheckResult]:
    """Name the console's config file, and everything in it that cannot be used."""
    folder = short_path(path.parent)
    for problem in problems:
        yield CheckResult("warning", "config", f"{folder}{os.sep}{problem}")
    if not problems:
        there = short_path(path) if path.is_file() else f"none; {short_path(path)} would be read"
        yield CheckResult("ok", "config", there)


def endpoint(settings: Settings) -> CheckResult:
    """Name the service that profiles for Azure would reach."""
    if settings.simulator:
        return CheckResult("ok", "endpoint", "the local simulator, as --simulator says")
    if not settings.endpoint:
        text = (
            f"none: sessions talk to the local simulator; set {ENDPOINT_VARIABLES[0]} to "
            "https://RESOURCE.services.ai.azure.com/"
        )
        return CheckResult("warning", "endpoint", text)
    source = settings.endpoint_source
    try:
        host = azure_host(settings)
    except ValueError as error:
        return CheckResult("error", "endpoint", f"{error} (from {source})")
    if warning := azure_endpoint_warning(settings):
        return CheckResult("warning", "endpoint", f"{warning} (from {source})")
    return CheckResult("ok", "endpoint", f"{host} (from {source})")


def proxy(settings: Settings) -> Iterator[CheckResult]:
    """Name the proxy between this machine and the endpoint, if there is one."""
    if settings.simulator or not settings.endpoint:
        return
    try:
        found = azure_proxy(settings)
    except ProxyUnusable as error:
        yield CheckResult("error", "proxy", str(error))
    except ValueError:
        return  # the line of the endpoint says why
    else:
        yield CheckResult("ok", "proxy", found or "none; connections are direct")


def credentials(settings: Settings, *, sign_in: bool) -> CheckResult:
    """Name the credential, and check that it may be sent to the endpoint without asking the
    user."""
    if mistake := configured_key_mistake(settings):
        text = f"{mistake.sentence} (from {settings.key_source})"
        return CheckResult(mistake.severity, "credentials", text)
    if sign_in and settings.key is None:
        return _sign_in(settings)
    if settings.simulator or not settings.endpoint:
        unused_key = (
            f"a key (from {settings.key_source}), which is not sent to the simulator"
            if settings.key
            else ""
        )
        return CheckResult("ok", "credentials", unused_key or "none; the simulator needs none")
    return _destination(settings)


def _sign_in(settings: Settings) -> CheckResult:
    """Ask Microsoft Entra for a token, and say whose it is and what that account needs."""
    found = try_sign_in(settings)
    if found.problem:
        return CheckResult("error", "credentials", found.problem)
    whose = f" for {found.account}" if found.account else ""
    text = f"Microsoft Entra gave a token{whose}; on the resource it needs the roles {ROLES}"
    return CheckResult("ok", "credentials", text)


def _destination(settings: Settings) -> CheckResult:
    try:
        destination = azure_destination(settings)
    except ValueError:
        return CheckResult("warning", "credentials", "none are sent until the endpoint is valid")
    if not destination.confirmed:
        return CheckResult(
            "warning", "credentials", f"{destination}: voicelive-tui trust {destination.host}"
        )
    if destination.credential == "key":
        return CheckResult(
            "ok", "credentials", f"{destination}; agents take no key, they need Microsoft Entra"
        )
    text = (
        f"{destination}; the token is asked for when a session starts, 'doctor --sign-in' "
        f"tries it now; the account needs the roles {ROLES} on the resource"
    )
    return CheckResult("warning", "credentials", text)


def secrets(settings: Settings) -> CheckResult:
    """Name the values that are hidden, and those that look like secrets and cannot be hidden."""
    return CheckResult(
        "warning" if settings.secrets.shown else "ok", "secrets", str(settings.secrets)
    )


def profiles(settings: Settings) -> CheckResult:
    """Check whether every profile can be used."""
    entries = ProfileStore(settings.profile_dirs, settings.service_defaults).entries()
    broken = [entry.slug for entry in entries if entry.profile is None]
    if broken:
        return CheckResult(
            "error",
            "profiles",
            f"{', '.join(broken)} cannot be used; 'voicelive-tui check' says why",
        )
    return CheckResult(
        "ok", "profiles", ", ".join(f"{entry.slug}{_remarks(entry, settings)}" for entry in entries)
    )


def _remarks(entry: ProfileEntry, settings: Settings) -> str:
    asking_host = host_to_confirm(entry.profile, settings) if entry.profile is not None else ""
    remarks = ["hides another"] * bool(entry.hides) + [
        f"asks before anything goes to {asking_host}"
    ] * bool(asking_host)
    return f" ({', '.join(remarks)})" if remarks else ""


def state_folder(folder: Path) -> CheckResult:
    """Check whether sessions can be recorded."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder):
            free_bytes = shutil.disk_usage(folder).free
    except OSError as error:
        text = (
            f"{folder} cannot be written ({error.strerror}): sessions are not recorded; check "
            "its owner and permissions"
        )
        return CheckResult("error", "recordings", text)
    if free_bytes < ENOUGH_DISK_BYTES:
        return CheckResult(
            "warning",
            "recordings",
            f"{folder} has {free_bytes // 1_000_000} MB left; make room, or use --record none",
        )
    return CheckResult("ok", "recordings", str(folder))


def sound(settings: Settings) -> Iterator[CheckResult]:
    """Check microphone and speaker, and say whose they are."""
    try:
        found, link = ask_devices(settings, measure=True)
    except DevicesUnavailable as error:
        yield CheckResult("error", "sound", str(error))
        return
    source = sound_source(link, os.environ, platform.node(), over_ssh=settings.over_ssh)
    cure = f": {source.cure}" if source.cure else ""
    yield CheckResult(source.verdict, "sound", f"{source.text}{cure}")
    if found.problem:
        yield CheckResult("warning", "sound", found.problem)
        return
    for topic, default in (("microphone", "default_input"), ("speaker", "default_output")):
        names = [device.name for device in found.devices if getattr(device, default)]
        if names:
            yield CheckResult("ok", topic, names[0])
        else:
            yield CheckResult("warning", topic, "none; plug one in, or use files and typed turns")


def simulator() -> CheckResult:
    """Check whether the simulator starts, and name its voice."""
    command = [sys.executable, "-P", "-m", "voicelive_simulator", "--port", "0", "--parent"]
    try:
        done = subprocess.run(
            command,
            input="",
            capture_output=True,
            text=True,
            timeout=SIMULATOR_TIMEOUT_S,
            check=False,
        )
        voice = json.loads(done.stdout.partition("\n")[0])["voice"]
    except (OSError, subprocess.TimeoutExpired, ValueError, KeyError, TypeError):
        return CheckResult(
            "error", "simulator", "it does not start; 'voicelive-tui simulate' shows why"
        )
    if voice == "espeak-ng":
        return CheckResult("ok", "simulator", "it starts, and speaks with espeak-ng")
    return CheckResult(
        "warning",
        "simulator",
        f"it starts, and answers in {voice}s; pip install 'voicelive-tui[demo]' gives it a voice",
    )
