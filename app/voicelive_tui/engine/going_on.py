"""Going on from a recorded session: its profile and its conversation, for a new session."""

from collections.abc import Callable
from typing import Any

from voicelive_common.redaction.redact import HIDDEN

from voicelive_tui.engine.recordings import open_recording
from voicelive_tui.engine.tab import (
    OpenedRecording,
    ProfileContent,
    UnreadableRecording,
)
from voicelive_tui.model.notice import Notice
from voicelive_tui.model.profile.profile import Profile

GoOnContent = ProfileContent | OpenedRecording | UnreadableRecording


async def read_to_go_on(folder: str, notify: Callable[[Notice], None]) -> GoOnContent:
    """Read a recording in a thread, and return what its tab shows: the profile with which a session
    can go on, or the recording itself if none can. notify: gets the reason, and each problem."""
    content = await open_recording(folder, notify)
    return going_on(content, notify) if isinstance(content, OpenedRecording) else content


def going_on(
    opened: OpenedRecording, notify: Callable[[Notice], None]
) -> ProfileContent | OpenedRecording:
    """Return the profile of a recording, with the conversation from which its session goes on; the
    recording itself if none can. notify: gets the reason."""
    # Imported on use: the first frame of the console need not wait for it.
    from voicelive_tui.engine.session.earlier_conversation import CannotGoOn, earlier_conversation

    recording = opened.recording
    try:
        profile, earlier = earlier_conversation(recording.folder, recording.recorded)
    except CannotGoOn as error:
        notify(Notice("error", str(error), "{tab.open} opens a profile to start a new session."))
        return opened
    if hidden := _hidden_values("", profile.document):
        notify(_hidden_notice(profile, hidden))
    return ProfileContent(profile, profile, earlier=earlier)


def _hidden_values(name: str, value: Any) -> list[str]:
    """Return the dotted keys of the values that were hidden when they were recorded."""
    match value:
        case str():
            return [name] if HIDDEN in value else []
        case dict():
            parts = [(f"{name}.{key}" if name else str(key), part) for key, part in value.items()]
        case list():
            parts = [(f"{name}[{at}]", part) for at, part in enumerate(value)]
        case _:
            return []
    return [key for each, part in parts for key in _hidden_values(each, part)]


def _hidden_notice(profile: Profile, hidden: list[str]) -> Notice:
    more = f" and {len(hidden) - 1} more" if len(hidden) > 1 else ""
    return Notice(
        "warning",
        f"{profile.slug}: no secrets are recorded, so {hidden[0]}{more} of the recorded profile "
        "cannot be used as it is.",
        "{tune.settings} takes the value for this session.",
    )
