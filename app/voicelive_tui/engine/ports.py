"""Which ports a session wants: the person's options first, then the profile's `[audio]` table, then the default devices."""

from voicelive_tui.audio.messages import OpenRequest
from voicelive_tui.engine.place import service_kind
from voicelive_tui.engine.settings import Settings, port_spec
from voicelive_tui.model.profile import Profile


def open_request(profile: Profile, settings: Settings) -> OpenRequest:
    """The ports to open for this profile."""
    return OpenRequest(
        input=settings.input or _named(profile, "input") or "device",
        output=settings.output or _named(profile, "output") or "device",
    )


def spoken_file_allowed(profile: Profile, settings: Settings) -> bool:
    """The packaged file may stand in for a missing microphone: towards the simulator only, and where nobody chose an input."""
    return service_kind(profile, settings) == "simulator" and settings.input is None and not _named(profile, "input")


def _named(profile: Profile, key: str) -> str | None:
    value = profile.audio.get(key)
    return port_spec(value) if isinstance(value, str) else None
