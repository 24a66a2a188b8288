"""A recorded session, ready to be served: `load_recording(folder)`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from voicelive_simulator.api.handshake import Opening
from voicelive_simulator.replay.audio_files import AudioFiles, silence
from voicelive_simulator.replay.divergence import Difference
from voicelive_simulator.replay.folder import Closed, RecordingError, read_folder
from voicelive_simulator.replay.id_map import find_service_ids
from voicelive_simulator.replay.journal_line import Line
from voicelive_simulator.replay.plan import ReplayPlan, make_plan

__all__ = ["Closed", "Recording", "RecordingError", "load_recording"]


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording. `model` and `api_version` are those that the recorded client requested, "" where
    the folder does not name them; each of `problems` is a sentence about something that could not
    be read and its replacement."""

    name: str
    plan: ReplayPlan
    service_ids: frozenset[str]
    audio: AudioFiles
    model: str
    api_version: str
    expires_at: int | None
    problems: tuple[str, ...]

    def opening_differences(self, opening: Opening) -> list[Difference]:
        """How a client's opening differs from the recorded one, as far as the folder tells."""
        pairs = (
            ("model", self.model, opening.model),
            ("api-version", self.api_version, opening.api_version),
        )
        return [Difference(name, was, now) for name, was, now in pairs if was and was != now]

    def frame(
        self, line: Line, text: str | None = None, audio_format: object = None
    ) -> str | bytes:
        """A received frame with its audio, unchanged or as `text` (its text with other ids). Audio
        that was not kept is replaced by silence of the same size, in the output format
        `audio_format`."""
        if isinstance(line.text, bytes):
            return line.text
        frame_text = line.text if text is None else text
        if line.audio is not None:
            audio = self.audio.read(line.audio)
            frame_text = line.with_audio(
                frame_text, silence(line.audio.size_bytes, audio_format) if audio is None else audio
            )
        return frame_text.encode() if line.binary else frame_text


def load_recording(folder: str | Path) -> Recording:
    """Load a recording. Raises RecordingError: one sentence with the problem and what to do."""
    path = Path(folder).expanduser()
    read = read_folder(path)
    audio = AudioFiles(path)
    session = _session(read.lines)
    expires_at = session.get("expires_at")
    return Recording(
        name=path.resolve().name,
        plan=make_plan(read.lines, read.closed, audio.read),
        service_ids=find_service_ids(read.lines),
        audio=audio,
        model=_text(read.service, "model") or _text(session, "model"),
        api_version=_text(read.service, "api_version"),
        expires_at=expires_at if isinstance(expires_at, int) else None,
        problems=(*read.problems, *_lost_audio(read.lines, audio)),
    )


def _text(table: Mapping[str, Any], key: str) -> str:
    value = table.get(key)
    return value if isinstance(value, str) else ""


def _session(lines: tuple[Line, ...]) -> dict[str, Any]:
    for line in lines:
        session = (line.event or {}).get("session")
        if line.type == "session.created" and isinstance(session, dict):
            return session
    return {}


def _lost_audio(lines: tuple[Line, ...], audio: AudioFiles) -> list[str]:
    size = cache(audio.size)
    lost = Counter(
        line.direction
        for line in lines
        if line.audio is not None and size(line.audio.file) < line.audio.end
    )
    sent, received = lost["sent"], lost["received"]
    problems = []
    if received:
        problems.append(
            f"The sound of {_frames(received)} of the service was not kept: silence of the same "
            "length is served."
        )
    if sent:
        problems.append(
            f"The sound of {_frames(sent)} of the client was not kept: turns are told apart by the "
            "length of the audio alone."
        )
    return problems


def _frames(count: int) -> str:
    return "1 frame" if count == 1 else f"{count} frames"
