"""A varied recorded session, identical to the byte every time, for pictures; and event lists of any
length."""

import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from voicelive_tui.journal.writer import Journal
from voicelive_tui.model.events.audio_field import decode_audio
from voicelive_tui.model.events.record import Local

PCM_MS = 48
"""Bytes of one millisecond of pcm16 at 24 kHz."""

_PROFILE = 'name = "Casual chat"\n\n[service]\nmodel = "gpt-4o"\n'


class Script:
    """Writes a journal with a clock that the test advances."""

    def __init__(self, root: Path, *, record: Any = "all", title: str = "casual-chat") -> None:
        self.journal = Journal.create(
            root,
            title=title,
            profile_toml=_PROFILE,
            record=record,
            started=datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC),
            meta={"service": "simulator", "host": "SIMULATOR"},
        )
        self.t_s = 0.0

    def sent(self, kind: str, *, after_s: float = 0.02, **fields: Any) -> None:
        """Write a client event."""
        self._frame("sent", kind, after_s, fields)

    def received(self, kind: str, *, after_s: float = 0.02, **fields: Any) -> None:
        """Write a server event."""
        self._frame(
            "received", kind, after_s, {"event_id": f"event_{self.journal.index.count}", **fields}
        )

    def local(self, kind: str, *, after_s: float = 0.0, **fields: Any) -> None:
        """Write a local fact."""
        self.t_s += after_s
        self.journal.append_local(kind, self.t_s, **fields)

    def _frame(self, direction: Any, kind: str, after_s: float, fields: Mapping[str, Any]) -> None:
        self.t_s += after_s
        event = {"type": kind, **fields}
        text = json.dumps(event, ensure_ascii=False)
        self.journal.append(direction, text, event, self.t_s, audio=decode_audio(event))

    def microphone(self, length_ms: int) -> None:
        """Write appends of 20 ms each."""
        for _ in range(length_ms // 20):
            self.sent("input_audio_buffer.append", audio=b64encode(bytes(20 * PCM_MS)).decode())

    def user_turn(self, item: str, text: str, length_ms: int, previous: str | None = None) -> None:
        """Write a spoken turn of the user."""
        self.microphone(400)
        self.received(
            "input_audio_buffer.speech_started",
            audio_start_ms=int(self.t_s * 1000) - 300,
            item_id=item,
        )
        self.microphone(length_ms)
        self.received(
            "input_audio_buffer.speech_stopped", audio_end_ms=int(self.t_s * 1000), item_id=item
        )
        self.received("input_audio_buffer.committed", item_id=item, previous_item_id=previous)
        self.received(
            "conversation.item.created",
            previous_item_id=previous,
            item={
                "id": item,
                "type": "message",
                "role": "user",
                "status": "completed",
                "content": [{"type": "input_audio"}],
            },
        )
        self.received(
            "conversation.item.input_audio_transcription.completed",
            item_id=item,
            content_index=0,
            transcript=text,
        )

    def begin_answer(self, response: str, item: str, previous: str) -> None:
        """Write the beginning of the assistant's answer."""
        message = {
            "id": item,
            "type": "message",
            "role": "assistant",
            "status": "in_progress",
            "content": [],
        }
        self.received(
            "response.created",
            after_s=0.11,
            response={"id": response, "status": "in_progress", "output": []},
        )
        self.received(
            "response.output_item.added", response_id=response, output_index=0, item=message
        )
        self.received("conversation.item.created", previous_item_id=previous, item=message)

    def speak(self, response: str, item: str, text: str) -> int:
        """Write the assistant's words and 200 ms of audio for each; returns the milliseconds of
        all."""
        ids: dict[str, Any] = {
            "response_id": response,
            "item_id": item,
            "output_index": 0,
            "content_index": 0,
        }
        words = text.split(" ")
        for position, word in enumerate(words):
            self.received(
                "response.audio_transcript.delta",
                after_s=0.03,
                delta=word if not position else f" {word}",
                **ids,
            )
        for position, _ in enumerate(words):
            self.received(
                "response.audio.delta",
                after_s=0.04,
                delta=b64encode(bytes(200 * PCM_MS)).decode(),
                **ids,
            )
            if not position:
                self.local(Local.PLAYBACK_STARTED, after_s=0.05, item_id=item, content_index=0)
        return 200 * len(words)

    def end_answer(self, response: str, item: str, text: str, *, status: str = "completed") -> None:
        """Write the last events of the answer."""
        ids: dict[str, Any] = {
            "response_id": response,
            "item_id": item,
            "output_index": 0,
            "content_index": 0,
        }
        if status == "completed":
            self.received("response.audio_transcript.done", transcript=text, **ids)
            self.received("response.audio.done", **ids)
        usage = {"total_tokens": 431, "input_tokens": 203, "output_tokens": 228}
        self.received(
            "response.done",
            response={"id": response, "status": status, "output": [], "usage": usage},
        )


def prepared_session(root: Path) -> Path:
    """Write a session with an interruption, an error, other scripts and a control code in a text;
    returns its folder."""
    script = Script(root)
    _connect(script)
    _interrupted_turn(script)
    _turn_with_an_error(script)
    script.local(Local.CLOSED, after_s=2.0, code=1000, reason="", sentence="You ended the session.")
    script.journal.close()
    return Path(script.journal.folder)


def _connect(script: Script) -> None:
    script.local(Local.CONNECTED, service="simulator", host="SIMULATOR", request_id="a1b2c3")
    effective = {
        "id": "sess_prepared",
        "model": "gpt-4o",
        "voice": {"type": "azure-standard", "name": "en-US-Ava:DragonHDLatestNeural"},
        "input_audio_echo_cancellation": {"type": "server_echo_cancellation"},
        "turn_detection": {"type": "server_vad", "threshold": 0.5},
    }
    script.received("session.created", session=effective)
    script.sent(
        "session.update",
        event_id="evt_1",
        session={"instructions": "You are a short-spoken friend.\nBe brief."},
    )
    script.received("session.updated", session=effective)
    script.local(Local.ON_AIR, on=True)


def _interrupted_turn(script: Script) -> None:
    script.user_turn("item_1", "what's the weather like in Oslo?", 1_800)
    answer = (
        "It is sunny and 21 degrees, with a light breeze from the north, and it will stay "
        "that way until Thursday."
    )
    script.begin_answer("resp_1", "item_2", "item_1")
    length_ms = script.speak("resp_1", "item_2", answer)
    script.received(
        "input_audio_buffer.speech_started",
        audio_start_ms=int(script.t_s * 1000),
        item_id="item_3",
        after_s=1.2,
    )
    script.local(
        Local.PLAYBACK_STOPPED,
        item_id="item_2",
        content_index=0,
        played_ms=2_100,
        received_ms=length_ms,
        reason="barge_in",
    )
    script.sent(
        "conversation.item.truncate",
        event_id="evt_2",
        item_id="item_2",
        content_index=0,
        audio_end_ms=2_100,
    )
    script.received(
        "conversation.item.truncated", item_id="item_2", content_index=0, audio_end_ms=2_100
    )
    script.end_answer("resp_1", "item_2", answer, status="cancelled")


def _turn_with_an_error(script: Script) -> None:
    script.user_turn("item_3", "and tomorrow? \x1b[31m 明日の天気は?", 1_200, "item_2")
    script.begin_answer("resp_2", "item_4", "item_3")
    script.received(
        "error",
        error={
            "type": "invalid_request_error",
            "code": "conversation_already_has_active_response",
            "message": "Conversation already has an active response.",
            "event_id": "evt_2",
        },
    )
    answer = "Tomorrow brings rain in the afternoon, so take [b]an umbrella[/b]."
    script.speak("resp_2", "item_4", answer)
    script.end_answer("resp_2", "item_4", answer)
    length_ms = 200 * len(answer.split(" "))
    script.local(
        Local.PLAYBACK_STOPPED,
        after_s=1.5,
        item_id="item_4",
        content_index=0,
        played_ms=length_ms,
        received_ms=length_ms,
        reason="drained",
    )


def long_index(root: Path, events: int) -> Script:
    """A journal in memory with this many events, alternating so that none collapse."""
    script = Script(root, record="none")
    for number in range(events):
        script.received(
            "response.content_part.added" if number % 2 else "response.output_item.added",
            number=number,
        )
    return script
