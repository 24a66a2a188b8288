"""The settings of `turn_detection`, of all types and versions, in one shape (protocol.md 6.1 to
6.3)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from voicelive_common.voice_activity.detector import Endpointing

from voicelive_simulator.api.schema import JSON

# The silence that ends a finished and an unfinished sentence in OpenAI's semantic_vad, in
# milliseconds.
_EAGERNESS_MS = {
    "low": (1000, 8000),
    "medium": (500, 4000),
    "auto": (500, 4000),
    "high": (300, 2000),
}
LONGEST_FILLER_MS = 800
# Repeated letters are written once: "um" also stands for "ummm".
_FILLERS = {
    "ah",
    "um",
    "m",
    "uh",
    "huh",
    "oh",
    "yeah",
    "hm",
}


@dataclass(frozen=True, slots=True)
class TurnTaking:
    """How turns are detected and answered.

    `detects` is False in manual mode, where `endpointing` only tells speech from noise.
    `unfinished_ms` is the silence beyond the window that an unfinished sentence is given,
    `over_assistant_ms` the speech that it takes to begin a turn while the assistant speaks.
    """

    endpointing: Endpointing
    detects: bool = False
    answers: bool = False
    interrupts: bool = False
    truncates: bool = False
    appended: str = ""
    unfinished_ms: int = 0
    over_assistant_ms: int = 0
    ignores_fillers: bool = False


IGNORED_NULL: JSON = {"type": "server_vad", "silence_duration_ms": 2000, "auto_truncate": False}
"""The turn detection that stays active when the service ignores `turn_detection: null`
(protocol.md section 18)."""


def turn_taking(detection: JSON | None) -> TurnTaking:
    """Convert the effective `turn_detection` of a session."""
    if detection is None:
        return TurnTaking(Endpointing())
    silence_ms, longest_ms = _EAGERNESS_MS[detection.get("eagerness", "auto")]
    silence_ms = detection.get("silence_duration_ms", silence_ms)
    semantic = detection["type"] == "semantic_vad"
    return TurnTaking(
        endpointing=Endpointing(
            threshold=detection.get("threshold", 0.5),
            prefix_padding_ms=detection.get("prefix_padding_ms", 300),
            silence_duration_ms=silence_ms,
            speech_duration_ms=detection.get("speech_duration_ms", 200),
        ),
        detects=True,
        answers=detection.get("create_response", True),
        interrupts=detection.get("interrupt_response", True),
        truncates=detection["auto_truncate"],
        appended=detection.get("appended_text_after_truncation") or "",
        unfinished_ms=longest_ms - silence_ms
        if semantic
        else _timeout_ms(detection.get("end_of_utterance_detection")),
        over_assistant_ms=detection.get("speech_duration_assistant_speaking_ms") or 0,
        ignores_fillers=detection.get("remove_filler_words", False),
    )


def _timeout_ms(end_of_utterance: JSON | None) -> int:
    """The end-of-utterance timeout in milliseconds; 2025-05-01-preview gives it in seconds."""
    if end_of_utterance is None:
        return 0
    if "timeout_ms" in end_of_utterance:
        return round(float(end_of_utterance["timeout_ms"]))
    return round(float(end_of_utterance["timeout"]) * 1000)


def only_fillers(transcript: str) -> bool:
    """Whether the transcript consists only of words that `remove_filler_words` removes (protocol.md
    6.1)."""
    words = re.findall(r"\w+", transcript.lower())
    return bool(words) and all(re.sub(r"(.)\1+", r"\1", word) in _FILLERS for word in words)
