"""The audio formats of a session (protocol.md section 6) that this version can send and play."""

from collections.abc import Mapping
from typing import Any

from voicelive_tui.model.formats import AudioFormat, input_format, output_format

_INPUTS = frozenset({None, "", "pcm16", "g711_ulaw", "g711_alaw"})
_G711 = frozenset({"g711_ulaw", "g711_alaw"})


def takes_two_channels(session: Mapping[str, Any]) -> bool:
    """Whether the service expects an echo reference beside the microphone's audio."""
    echo = session.get("input_audio_echo_cancellation")
    return isinstance(echo, Mapping) and echo.get("channels") == 2


def sendable(session: Mapping[str, Any]) -> AudioFormat | None:
    """The format in which the service expects the microphone's audio; None if this version cannot
    send it, such as two channels with an echo reference."""
    if takes_two_channels(session):
        return None
    name = session.get("input_audio_format")
    return input_format(session) if isinstance(name, str | None) and name in _INPUTS else None


def playable(session: Mapping[str, Any]) -> AudioFormat | None:
    """The format of the assistant's audio; None if this version cannot play it."""
    name = session.get("output_audio_format")
    if name is None or name == "":
        return output_format({})
    if not isinstance(name, str) or not (name in _G711 or name.startswith("pcm16")):
        return None
    return output_format(session)
