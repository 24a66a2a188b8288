"""The file in place of the loudspeaker, as the console sees it when the audio process has ended."""

import os
from collections.abc import Iterator

from voicelive_tui.audio.error_texts import kept_file, unfinished_file
from voicelive_tui.audio.ipc.messages import DeviceNotice, Opened


class SpeakerFile:
    """Knows which file the open ports write, if any."""

    def __init__(self) -> None:
        self._unfinished_path = ""
        self._replaced: tuple[str, os.stat_result] | None = None
        """The loudspeaker's file, and the file that had its name when it was opened."""

    def opened(self, opened: Opened) -> None:
        """Note which ports are open."""
        self._unfinished_path = opened.unfinished_path
        self._replaced = _standing(opened.output_name) if opened.unfinished_path else None

    def ended(self) -> Iterator[DeviceNotice]:
        """Say where the audio is if the process ended before the file was complete, and that a file
        was left unchanged because no audio came. Says it once."""
        unfinished, self._unfinished_path = self._unfinished_path, ""
        replaced, self._replaced = self._replaced, None
        if unfinished and os.path.lexists(unfinished):
            yield DeviceNotice("warning", unfinished_file(unfinished))
        elif (
            replaced is not None
            and (now := _standing(replaced[0]))
            and os.path.samestat(now[1], replaced[1])
        ):
            yield DeviceNotice("warning", kept_file(replaced[0]))


def _standing(path: str) -> tuple[str, os.stat_result] | None:
    try:
        return path, os.stat(path)
    except OSError:
        return None
