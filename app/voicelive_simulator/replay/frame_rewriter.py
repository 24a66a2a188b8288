"""Rewrites recorded frames for the live session: with its ids and its expiry."""

from __future__ import annotations

import json
import re

from voicelive_simulator.dialogue.state.effects import Close, Effect, Frame, Send
from voicelive_simulator.replay.folder import Closed
from voicelive_simulator.replay.id_map import IdMap
from voicelive_simulator.replay.journal_line import Line
from voicelive_simulator.replay.recording import Recording

_EXPIRY = re.compile(r'("expires_at"\s*:\s*)(\d+)')


class FrameRewriter:
    """Turns the frames of a recording into effects, in the order in which they are served."""

    def __init__(self, recording: Recording, ids: IdMap, expires_at: int) -> None:
        """expires_at: of the live session, in unix seconds; replaces the recorded one."""
        self._recording = recording
        self._ids = ids
        self._expiry_shift_s = (
            0 if recording.expires_at is None else expires_at - recording.expires_at
        )
        self._output_format: object = None

    def effect(self, content: Line | Closed) -> Effect:
        """The effect that serves a frame or the recorded end.

        The frame is one from the service. The output format in its session, if it has one, applies
        to audio that was not kept in this and all later frames.
        """
        if isinstance(content, Closed):
            return Close(content.code, content.reason)
        if isinstance(content.text, bytes) or content.event is None:
            return Frame(self._recording.frame(content))
        text = self._ids.rewrite(content.text)
        if isinstance(session := content.event.get("session"), dict):
            self._output_format = session.get("output_audio_format", self._output_format)
            text = _EXPIRY.sub(self._shift_expiry, text)
        frame = self._recording.frame(content, text, self._output_format)
        return Frame(frame) if isinstance(frame, bytes) else Send(json.loads(frame), frame)

    def _shift_expiry(self, match: re.Match[str]) -> str:
        return f"{match[1]}{int(match[2]) + self._expiry_shift_s}"
