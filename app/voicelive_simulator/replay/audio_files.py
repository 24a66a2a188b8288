"""The audio files of a recorded session. They are read while it is served, so that an hour of sound
takes no memory."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from voicelive_common.audio_codecs import SILENT_SAMPLE

from voicelive_simulator.replay.journal_line import Audio

# Matches a name in the folder, never a path out of it.
_NAME = re.compile(r"[A-Za-z0-9][\w-]*\.(?:wav|bin)")


@dataclass(frozen=True, slots=True)
class AudioFiles:
    """The audio files in `folder`."""

    folder: Path

    def size(self, name: str | None) -> int:
        """The size in bytes of a file of this name; -1 when the folder has no such ordinary file.
        Links are refused because they may lead out of the folder, and pipes because they may never
        end."""
        if name is None or not _NAME.fullmatch(name):
            return -1
        try:
            found = os.lstat(self.folder / name)
        except OSError:
            return -1
        return found.st_size if stat.S_ISREG(found.st_mode) else -1

    def read(self, audio: Audio) -> bytes | None:
        """Read the bytes of a reference; None when they were not kept, or not all of them."""
        if audio.file is None or self.size(audio.file) < audio.end:
            return None
        try:
            with open(self.folder / audio.file, "rb") as file:
                file.seek(audio.offset)
                found = file.read(audio.size_bytes)
        except OSError:
            return None
        return found if len(found) == audio.size_bytes else None


def silence(size_bytes: int, audio_format: object) -> bytes:
    """`size_bytes` bytes of silence; `audio_format` is an output_audio_format."""
    return SILENT_SAMPLE.get(str(audio_format), b"\0")[:1] * size_bytes
