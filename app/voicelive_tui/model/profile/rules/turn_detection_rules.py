"""The rules of `[session.turn_detection]`."""

from collections.abc import Iterator, Mapping
from typing import Any

from voicelive_tui.model.profile.fields.profile_fields import FIRST_PREVIEW
from voicelive_tui.model.profile.rules.finding import Finding
from voicelive_tui.model.profile.rules.service_rules import may_take_audio


def check_turn_detection(
    service: Mapping[str, Any], session: Mapping[str, Any]
) -> Iterator[Finding]:
    """Check that the detector fits the model, and its fields fit one another."""
    detection = session.get("turn_detection")
    if not isinstance(detection, Mapping):
        return
    key = "session.turn_detection"
    if detection.get("auto_truncate") is True and detection.get("interrupt_response") is False:
        yield Finding(
            f"{key}.auto_truncate",
            "warning",
            "`auto_truncate` needs interrupt_response = true",
            "remove one of the two",
        )
    if detection.get("type") == "semantic_vad" and not may_take_audio(service):
        yield Finding(
            f"{key}.type",
            "warning",
            "semantic_vad works with gpt-realtime models only",
            'use "azure_semantic_vad"',
        )
    utterance = detection.get("end_of_utterance_detection")
    if isinstance(utterance, Mapping):
        yield from _check_end_of_utterance(service, utterance, f"{key}.end_of_utterance_detection")


def _check_end_of_utterance(
    service: Mapping[str, Any], utterance: Mapping[str, Any], key: str
) -> Iterator[Finding]:
    """Check names by API version (protocol.md 6.2 and 6.3): the first preview has a float and
    seconds, later versions have a level and milliseconds."""
    version = service.get("api_version", "")
    is_first_preview = version == FIRST_PREVIEW
    renamed = {"threshold_level": "threshold", "timeout_ms": "timeout"}
    for new, old in renamed.items():
        wrong_name, right_name = (new, old) if is_first_preview else (old, new)
        if wrong_name in utterance:
            versions = f"version {version}" if version else f"versions after {FIRST_PREVIEW}"
            yield Finding(
                f"{key}.{wrong_name}",
                "warning",
                f"`{wrong_name}` is not the spelling of api {versions}",
                f"write `{right_name}`",
            )
    if (
        utterance.get("model") == "smart_end_of_turn_detection"
        and version
        and version != "2026-06-01-preview"
    ):
        yield Finding(
            f"{key}.model",
            "warning",
            "smart_end_of_turn_detection exists in 2026-06-01-preview only",
            "use semantic_detection_v1",
        )
