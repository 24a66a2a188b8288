"""The moments and stretches of a session's timeline. Every `_s` is in seconds since the session's
start."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HeardStretch:
    """A part of an answer that left the speaker. end_s: None while it plays. cut: whether it was
    silenced before its end."""

    begin_s: float
    end_s: float | None = None
    cut: bool = False


@dataclass(frozen=True, slots=True)
class DetectedSpeech:
    """Speech of the user as the service detected it.

    begin_s, end_s: its beginning and end in the audio that was sent; end_s is None while the user
    speaks. voice_ended_s: the end by this machine's own detector, where it is known. stopped_s:
    when the service said that the speech had ended.
    """

    item_id: str
    begin_s: float
    end_s: float | None = None
    voice_ended_s: float | None = None
    stopped_s: float | None = None


@dataclass(frozen=True, slots=True)
class ConnectionGap:
    """The time without a connection. end_s: None while there is none."""

    begin_s: float
    end_s: float | None = None


@dataclass(frozen=True, slots=True)
class LinkGap:
    """Nothing came over the link to the machine with the devices. end_s: None while nothing
    does."""

    begin_s: float
    end_s: float | None = None


@dataclass(frozen=True, slots=True)
class MutedStretch:
    """Silence was sent in place of the microphone. end_s: None while it is."""

    begin_s: float
    end_s: float | None = None


@dataclass(frozen=True, slots=True)
class EchoStretch:
    """The microphone resembled what was playing. end_s: None while it does."""

    begin_s: float
    end_s: float | None = None
