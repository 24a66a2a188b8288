"""A turn: what the user said and what the assistant answered, with the moments between."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Turn:
    """One exchange. Every `_s` is seconds since the session's start, None while it has not
    happened.

    asked_s: when the user's part was over for us: `speech_stopped` received, the manual commit
    sent, or the text sent. heard_s: when the first sample of the answer left the speaker.
    audio_start_ms, audio_end_ms: the service's own positions of the user's speech in the appended
    audio. said: the answer has text or sound. cut_off: the sound went away before the answer was
    heard to its end; nobody interrupted it. unanswered_calls: function calls and approval requests
    of the assistant that got no answer from the client.
    """

    number: int
    started_s: float
    user_item_id: str | None = None
    response_id: str | None = None
    asked_s: float | None = None
    created_s: float | None = None
    first_audio_s: float | None = None
    heard_s: float | None = None
    done_s: float | None = None
    status: str | None = None
    audio_start_ms: int | None = None
    audio_end_ms: int | None = None
    interrupted: bool = False
    played_ms: int | None = None
    input_tokens: int = 0
    output_tokens: int = 0
    said: bool = False
    cut_off: bool = False
    unanswered_calls: int = 0

    @property
    def shortfall(self) -> str:
        """Why this turn was not held, as the end of a sentence; empty for one whose answer was
        heard or interrupted."""
        if self.status in ("failed", "incomplete"):
            return (
                f"its answer was {self.status}"
                if self.status == "incomplete"
                else "its answer failed"
            )
        if self.interrupted:
            return ""
        if self.done_s is None:
            return "no answer came" if self.created_s is None else "its answer did not end"
        if self.unanswered_calls:
            return "a call of the agent was left unanswered"
        if self.cut_off:
            return "its answer was not heard to its end"
        return "" if self.said else "its answer was empty"

    @property
    def heard_ms(self) -> float | None:
        """Milliseconds from the end of the user's part to the first sound of the answer."""
        return (
            None
            if self.asked_s is None or self.heard_s is None
            else (self.heard_s - self.asked_s) * 1000
        )

    @property
    def first_audio_ms(self) -> float | None:
        """Milliseconds from the end of the user's part to the first audio received."""
        return (
            None
            if self.asked_s is None or self.first_audio_s is None
            else (self.first_audio_s - self.asked_s) * 1000
        )

    @property
    def over(self) -> bool:
        """The answer has ended, in whatever way, or was interrupted."""
        return self.done_s is not None or self.interrupted
