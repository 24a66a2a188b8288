"""Says in words where a profile's session connects, what it asks for, and with which sound, before
it starts and when it has failed.

Invariant: no sentence holds a key, a token or a query string.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from voicelive_common.redaction.redact import hide_held_secrets

from voicelive_tui.engine.config.settings import ENDPOINT_VARIABLES, Settings, port_spec
from voicelive_tui.engine.service.proxy_use import proxy_of_environment
from voicelive_tui.engine.service.target import (
    asked_api_version,
    asked_model,
    endpoint_mistake,
    service_endpoint,
    service_kind,
    why_simulator,
)
from voicelive_tui.model.profile.profile import Profile
from voicelive_tui.net.endpoint import EndpointError
from voicelive_tui.paths import short_path

_PORTS: Final[Mapping[str, tuple[str, str]]] = {
    "device": ("the default microphone", "the default speaker"),
    "none": ("none, as the options say: you type", "none, as the options say: you read"),
    "null": ("silence", "the answers are timed and not heard"),
}
"""What stands for microphone and speaker, by port spec."""


@dataclass(frozen=True, slots=True)
class ConnectionFacts:
    """What a profile's session would use. talks_to: the service, as half a sentence. asks: host,
    model and api-version. microphone, speaker: what stands for each. with_devices: one of them is
    a device. over_link: its devices are those of another machine, as the options say.
    endpoint_problem: what is wrong or doubtful about the address, in one sentence. proxy: the one
    in between. Both may be empty."""

    talks_to: str
    asks: str
    microphone: str
    speaker: str
    with_devices: bool = False
    over_link: bool = False
    endpoint_problem: str = ""
    proxy: str = ""


def connection_facts(profile: Profile, settings: Settings) -> ConnectionFacts:
    """The facts about a session of this profile with these settings."""
    microphone = _spec(settings.input, profile.audio.get("input"))
    speaker = _spec(settings.output, profile.audio.get("output"))
    mistake = endpoint_mistake(profile, settings)
    return ConnectionFacts(
        talks_to=talks_to(profile, settings),
        asks=_asks(profile, settings),
        microphone=_port(microphone, 0),
        speaker=_port(speaker, 1),
        with_devices=any(spec.startswith("device") for spec in (microphone, speaker)),
        over_link=settings.audio_at is not None,
        endpoint_problem=mistake.sentence if mistake is not None else "",
        proxy=_proxy(profile, settings),
    )


def _proxy(profile: Profile, settings: Settings) -> str:
    if service_kind(profile, settings) == "simulator":
        return ""
    try:
        return proxy_of_environment(service_endpoint(profile, settings))
    except EndpointError:
        return ""


def talks_to(profile: Profile, settings: Settings) -> str:
    """The service of a profile's sessions, as half a sentence."""
    kind = service_kind(profile, settings)
    if kind != "simulator":
        host = _host(profile, settings)
        return f"Azure, {host}" if kind == "azure" else host
    if why_simulator(profile, settings):
        return f"the simulator: no endpoint is set (for Azure: {ENDPOINT_VARIABLES[0]})"
    return f"the simulator, as {'--simulator' if settings.simulator else 'the profile'} says"


def service_name(profile: Profile, settings: Settings) -> str:
    """The service in a few words, for a list of profiles."""
    if why_simulator(profile, settings):
        return "the simulator: no endpoint"
    match service_kind(profile, settings):
        case "simulator":
            return "the simulator"
        case "azure":
            return f"Azure {_host(profile, settings)}"
        case _:
            return _host(profile, settings)


def _host(profile: Profile, settings: Settings) -> str:
    try:
        return hide_held_secrets(service_endpoint(profile, settings).host)
    except EndpointError:
        return "an address that cannot be used"


def _asks(profile: Profile, settings: Settings) -> str:
    version = asked_api_version(profile, settings)
    simulated = service_kind(profile, settings) == "simulator"
    host = "the simulator" if simulated else _host(profile, settings)
    model = profile.service.agent or asked_model(profile, settings)
    return f"{host}  {model}  {version}"


def _spec(option: str | None, in_profile: object) -> str:
    return option or (port_spec(in_profile) if isinstance(in_profile, str) else None) or "device"


def _port(spec: str, side: int) -> str:
    if spec.startswith("wav:"):
        return f"the file {short_path(spec.removeprefix('wav:'))}"
    return _PORTS[spec][side] if spec in _PORTS else spec.removeprefix("device:")
