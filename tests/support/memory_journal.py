"""A journal in memory, written line by line as a conversation: `<` received, `>` sent, `=` a local
fact."""

from typing import Any

from voicelive_tui.model.events.record import Direction, Record
from voicelive_tui.model.session.fold import SessionFold
from voicelive_tui.model.session.snapshot import SessionView
from voicelive_tui.model.transcript.line import TranscriptLine
from voicelive_tui.model.turns.turn import Turn

_MARKS: dict[str, Direction] = {"<": "received", ">": "sent", "=": "local"}


class MemoryJournal:
    """Call it with a mark, the seconds, the event's type and its fields."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.fold = SessionFold()

    def __call__(self, mark: str, t_s: float, type_name: str, **fields: Any) -> Record:
        record = Record(len(self.records), t_s, _MARKS[mark], {"type": type_name, **fields})
        self.records.append(record)
        self.fold.apply(record)
        return record

    @property
    def view(self) -> SessionView:
        return self.fold.view()

    @property
    def lines(self) -> list[str]:
        """`who: text` for each line, with the state in brackets unless it is final."""
        return [show(line) for line in self.view.transcript]

    @property
    def said(self) -> list[str]:
        """The same without the lines between connections."""
        return [show(line) for line in self.view.transcript if not line.divides]

    def line(self, item_id: str) -> TranscriptLine:
        return next(line for line in self.view.transcript if line.item_id == item_id)

    def turn(self, number: int) -> Turn:
        return self.view.turns[number - 1]

    def spoken(
        self,
        t_s: float,
        item_id: str,
        transcript: str | None = None,
        *,
        previous: str | None = None,
    ) -> None:
        """A whole spoken turn of the user, one second long, with the events of the service's voice
        activity detection."""
        self.spoken_audio(t_s, item_id, previous)
        if transcript is not None:
            self(
                "<",
                t_s + 1,
                f"{TRANSCRIPTION}.completed",
                item_id=item_id,
                content_index=0,
                transcript=transcript,
            )
        item = {
            "id": item_id,
            "type": "message",
            "role": "user",
            "content": [{"type": "input_audio", "transcript": None}],
        }
        self("<", t_s + 1, "conversation.item.created", item=item, previous_item_id=previous)

    def spoken_audio(self, t_s: float, item_id: str, previous: str | None) -> None:
        """Speech of one second from `t_s` on, until the service commits it."""
        start_ms = round(t_s * 1000)
        buffer = "input_audio_buffer"
        self("<", t_s, f"{buffer}.speech_started", item_id=item_id, audio_start_ms=start_ms)
        self(
            "<", t_s + 1, f"{buffer}.speech_stopped", item_id=item_id, audio_end_ms=start_ms + 1000
        )
        self("<", t_s + 1, f"{buffer}.committed", item_id=item_id, previous_item_id=previous)

    def answer(
        self,
        t_s: float,
        item_id: str,
        text: str,
        *,
        response: str = "r1",
        ms: int = 1000,
        previous: str | None = None,
        first_s: float = 0.1,
    ) -> None:
        """The start of an answer, with all its text at once and all its audio `first_s` later, as a
        fast service sends it."""
        self("<", t_s, "response.created", response={"id": response, "status": "in_progress"})
        item = {
            "id": item_id,
            "type": "message",
            "role": "assistant",
            "status": "in_progress",
            "content": [],
        }
        self("<", t_s, "response.output_item.added", response_id=response, item=item)
        self("<", t_s, "conversation.item.created", item=item, previous_item_id=previous)
        self(
            "<",
            t_s,
            "response.audio_transcript.delta",
            response_id=response,
            item_id=item_id,
            content_index=0,
            delta=text,
        )
        self(
            "<",
            t_s + first_s,
            "response.audio.delta",
            response_id=response,
            item_id=item_id,
            content_index=0,
            delta=audio_ref(ms),
        )

    def done(
        self, t_s: float, response: str = "r1", status: str = "completed", **fields: Any
    ) -> None:
        self("<", t_s, "response.done", response={"id": response, "status": status, **fields})

    def heard(self, t_s: float, item_id: str) -> None:
        self("=", t_s, "console.playback_started", item_id=item_id, content_index=0)

    def stopped(
        self, t_s: float, item_id: str, played: int, received: int, reason: str, **more: Any
    ) -> None:
        fields = {
            "item_id": item_id,
            "content_index": 0,
            "played_ms": played,
            "received_ms": received,
            "reason": reason,
            **more,
        }
        self("=", t_s, "console.playback_stopped", **fields)

    def link(self, t_s: float, state: str, **figures: Any) -> None:
        self("=", t_s, "console.link", machine="laptop", way="ssh", state=state, **figures)


TRANSCRIPTION = "conversation.item.input_audio_transcription"


def audio_ref(ms: int) -> dict[str, Any]:
    """A reference to this much pcm16 audio at 24 kHz."""
    return {"$wav": "agent.wav", "offset": 44, "bytes": ms * 48}


def show(line: TranscriptLine) -> str:
    state = "" if line.state == "final" else f" [{line.state}]"
    return f"{line.who}: {line.text}{state}"
