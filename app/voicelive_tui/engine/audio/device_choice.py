"""The choice of a session's ports: the user's options come first, then the profile's `[audio]`
table, then the default devices."""

from voicelive_tui.audio.client.link_address import LinkAddress
from voicelive_tui.audio.ipc.messages import OpenRequest
from voicelive_tui.engine.audio.requirements import AudioListener, AudioRequirements
from voicelive_tui.engine.config.settings import Settings, port_spec
from voicelive_tui.engine.service.target import service_kind
from voicelive_tui.model.formats import AudioFormat
from voicelive_tui.model.profile.profile import Profile


def audio_requirements(
    listener: AudioListener,
    profile: Profile,
    settings: Settings,
    mic: AudioFormat | None,
    assistant: AudioFormat | None,
) -> AudioRequirements:
    """The requirements of a session with this profile and these formats on the wire."""
    return AudioRequirements(
        listener=listener,
        request=open_request(profile, settings),
        input=mic,
        output=assistant,
        spoken_file=spoken_file_allowed(profile, settings),
    )


def open_request(profile: Profile, settings: Settings) -> OpenRequest:
    """The ports to open for this profile. A file in place of the microphone waits until the session
    asks for it: what it played before would be sent twice."""
    return OpenRequest(
        input=settings.input or _named(profile, "input") or "device",
        output=output_choice(profile, settings),
        file_waits=True,
    )


def sound_address(settings: Settings) -> LinkAddress | None:
    """Where the audio engine of another machine is, whose devices are used; None for those of this
    one."""
    if settings.audio_at is None:
        return None
    return LinkAddress(settings.audio_at, settings.audio_token)


def output_choice(profile: Profile | None, settings: Settings) -> str:
    """The speaker to open, as `OpenRequest.output` names it. profile: None if it is not known."""
    named = _named(profile, "output") if profile is not None else None
    return settings.output or named or "device"


def spoken_file_allowed(profile: Profile, settings: Settings) -> bool:
    """Whether the packaged file may replace a missing microphone: only with the simulator, and only
    if no input was chosen."""
    return (
        service_kind(profile, settings) == "simulator"
        and settings.input is None
        and not _named(profile, "input")
    )


def _named(profile: Profile, key: str) -> str | None:
    value = profile.audio.get(key)
    return port_spec(value) if isinstance(value, str) else None
