"""A session whose settings were changed several times: the one of the page's mock-up."""

from typing import Any, Final

from tests.support.memory_journal import MemoryJournal

FILE: Final[dict[str, Any]] = {
    "turn_detection": {"type": "azure_semantic_vad", "threshold": 0.3, "silence_duration_ms": 500},
    "voice": {"type": "azure-standard", "name": "en-US-AvaNeural", "rate": "1.0"},
    "input_audio_echo_cancellation": {"type": "server_echo_cancellation"},
    "instructions": "You answer at a parcel desk.",
    "modalities": ["text", "audio"],
}
_REPORTED: Final = {
    "id": "sess_1",
    "temperature": 0.8,
    "input_audio_echo_cancellation": None,
    "avatar": None,
    "expires_at": 1_800_000_000,
}


def tuned_journal() -> MemoryJournal:
    """The journal: threshold and rate differ from the file in the end, another voice was refused,
    and echo cancellation was ignored."""
    journal = MemoryJournal()
    journal("<", 0.4, "session.created", session=_REPORTED)
    detection = {**FILE["turn_detection"], "silence_duration_ms": 1200}
    asked: dict[str, Any] = {**FILE, "turn_detection": detection}
    _update(journal, 0.5, asked, asked)
    journal.spoken_audio(2.0, "u1", None)
    asked = {**asked, "turn_detection": FILE["turn_detection"]}
    _update(journal, 31.2, {"turn_detection": asked["turn_detection"]}, asked)
    asked = {
        **asked,
        "turn_detection": {**FILE["turn_detection"], "threshold": 0.5},
        "voice": {**FILE["voice"], "rate": "1.05"},
    }
    changed = {name: asked[name] for name in ("turn_detection", "voice")}
    _update(journal, 47.1, changed, asked)
    journal.spoken_audio(50.0, "u2", None)
    voice = {**asked["voice"], "name": "en-US-AndrewNeural"}
    journal(">", 58.9, "session.update", event_id="e58.9", session={"voice": voice})
    error = {"code": "cannot_update_voice", "message": "no", "event_id": "e58.9"}
    journal("<", 58.94, "error", error=error)
    return journal


def _update(
    journal: MemoryJournal, t_s: float, update: dict[str, Any], in_force: dict[str, Any]
) -> None:
    detection = {**in_force["turn_detection"], "remove_filler_words": False}
    session = {**in_force, **_REPORTED, "turn_detection": detection}
    journal(">", t_s, "session.update", event_id=f"e{t_s}", session=update)
    journal("<", t_s + 0.038, "session.updated", session=session)
