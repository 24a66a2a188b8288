"""Recorded session folders made by the tests themselves, in the format that README.md describes,
and their replay step by step."""

import base64
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from voicelive_simulator.api.handshake import Opening
from voicelive_simulator.api.ids import Ids
from voicelive_simulator.dialogue.state.effects import Effect, Send
from voicelive_simulator.replay.conversation import ReplayConversation
from voicelive_simulator.replay.recording import Recording

from tests.simulator.support.conversation_driver import JSON, ConversationDriver

_AUDIO = {
    "input_audio_buffer.append": ("audio", "mic.wav"),
    "response.audio.delta": ("delta", "agent.wav"),
}
_HEADER = bytes(44)  # its contents are not base64 audio that a reference needs


@dataclass
class SessionRecorder:
    """A session to be recorded: (seconds, direction, event)."""

    entries: list[tuple[float, str, JSON]] = field(default_factory=list)

    def add(self, t_s: float, direction: str, event: JSON) -> None:
        self.entries.append((t_s, direction, event))

    def sent(self) -> list[tuple[float, JSON]]:
        return [(t_s, event) for t_s, direction, event in self.entries if direction == "sent"]

    def received(self) -> list[tuple[float, JSON]]:
        return [(t_s, event) for t_s, direction, event in self.entries if direction == "received"]

    def microphone(self) -> bytes:
        return b"".join(
            base64.b64decode(event["audio"])
            for _, event in self.sent()
            if event["type"].endswith(".append")
        )

    def closed(
        self, code: int | None, reason: str = "", sentence: str = "The service ended the session."
    ) -> None:
        t_s = self.entries[-1][0] + 0.01
        self.add(
            t_s,
            "local",
            {"type": "console.closed", "code": code, "reason": reason, "sentence": sentence},
        )

    def write(self, folder: Path, *, sound: bool = True) -> Path:
        """The folder as the console leaves it; without audio, as with `--record events`."""
        folder.mkdir(parents=True, exist_ok=True)
        files = {"mic.wav": bytearray(_HEADER), "agent.wav": bytearray(_HEADER)}
        lines = [
            self._line(n, *entry, files if sound else None) for n, entry in enumerate(self.entries)
        ]
        (folder / "events.jsonl").write_text(
            "".join(f"{line}\n" for line in lines), encoding="utf-8"
        )
        (folder / "profile.toml").write_text('name = "Taped"\n[service]\nmodel = "gpt-4o"\n')
        for name, content in files.items():
            if sound and len(content) > len(_HEADER):
                (folder / name).write_bytes(content)
        return folder

    def lines(self) -> list[str]:
        """The lines of `events.jsonl` of a session whose audio was not kept."""
        return [self._line(n, *entry, None) for n, entry in enumerate(self.entries)]

    def _line(
        self, n: int, t_s: float, direction: str, event: JSON, files: dict[str, bytearray] | None
    ) -> str:
        name, file = _AUDIO.get(event.get("type", ""), ("", ""))
        if name:
            audio = base64.b64decode(event[name])
            reference: JSON = {"$wav": None}
            if files is not None:
                reference = {"$wav": file, "offset": len(files[file])}
                files[file] += audio
            event = {**event, name: {**reference, "bytes": len(audio), "ms": len(audio) / 48}}
        text = json.dumps(event, separators=(",", ":"))
        return f'{{"n":{n},"t":{round(t_s, 6)!r},"dir":"{direction}","event":{text}}}'


class _Received(list[JSON]):
    """A list that records when an element is added."""

    def __init__(self, driver: ConversationDriver, recorder: SessionRecorder) -> None:
        super().__init__()
        self._talk, self._tape = driver, recorder

    def append(self, event: JSON) -> None:
        super().append(event)
        self._tape.add(self._talk.now_s - 100.0, "received", event)


class RecordedDriver(ConversationDriver):
    """The simulator's own conversation, recorded."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.recorder = SessionRecorder()
        before, self.events = self.events, _Received(self, self.recorder)
        for event in before:
            self.events.append(event)

    def say(self, kind: str, **fields: Any) -> list[JSON]:
        self.recorder.add(self.now_s - 100.0, "sent", {**fields, "type": kind})
        return super().say(kind, **fields)


class ReplayDriver:
    """A client of a replay, with a clock that the test controls. `events` are the received ones,
    `times` their times."""

    def __init__(
        self,
        recording: Recording,
        *,
        factor: float = 1.0,
        model: str = "gpt-4o",
        api_version: str = "2026-07-15",
        seed: int = 2,
        expires_at: int = 1_800_000_000,
    ) -> None:
        """`seed` is not a RecordedDriver's; `expires_at` is."""
        self.now_s = 500.0
        self.events: list[JSON] = []
        self.times: list[float] = []
        self.effects: list[Effect] = []
        self.sentences: list[str] = []
        opening = Opening(api_version, model)
        self.dialogue = ReplayConversation(
            recording, opening, Ids(seed), expires_at, factor, self.sentences.append
        )
        self._take(self.dialogue.opened())
        self._take(self.dialogue.tick(self.now_s))

    def say(self, kind: str, **fields: Any) -> list[JSON]:
        before = len(self.events)
        self._take(self.dialogue.receive({**fields, "type": kind}, self.now_s))
        return self.events[before:]

    def append(self, audio: bytes) -> list[JSON]:
        return self.say("input_audio_buffer.append", audio=base64.b64encode(audio).decode())

    def wait(self, seconds: float) -> list[JSON]:
        """Let time pass, in the steps that the replay asks for."""
        before, end_s = len(self.events), self.now_s + seconds
        while (due_s := self.dialogue.due_s) is not None and due_s <= end_s:
            self.now_s = max(self.now_s, due_s)
            self._take(self.dialogue.tick(self.now_s))
        self.now_s = end_s
        return self.events[before:]

    def _take(self, effects: list[Effect]) -> None:
        self.effects += effects
        for effect in effects:
            if isinstance(effect, Send):
                self.events.append(effect.event)
                self.times.append(self.now_s - 500.0)

    def types(self) -> list[str]:
        return [event["type"] for event in self.events]

    def audio(self) -> bytes:
        return b"".join(
            base64.b64decode(event["delta"])
            for event in self.events
            if event["type"] == "response.audio.delta"
        )


def renamed(recorded: Any, live: Any, names: dict[str, str]) -> bool:
    """Whether the two are equal except for ids that are renamed one to one; `names` collects the
    new ones."""
    if isinstance(recorded, dict) and isinstance(live, dict):
        return recorded.keys() == live.keys() and all(
            renamed(recorded[key], live[key], names) for key in recorded
        )
    if isinstance(recorded, list) and isinstance(live, list):
        return len(recorded) == len(live) and all(
            renamed(a, b, names) for a, b in zip(recorded, live, strict=True)
        )
    if isinstance(recorded, str) and isinstance(live, str) and recorded != live:
        return names.setdefault(recorded, live) == live
    return bool(recorded == live)
