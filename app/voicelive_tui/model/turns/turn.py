"""A turn: the user's part and the assistant's answer, with their times."""

from dataclasses import dataclass
from typing import Final

from voicelive_tui.model.events.cut_cause import CutCause
from voicelive_tui.model.events.silenced_after import SilencedAfter
from voicelive_tui.model.turns.response_times import ResponseTimes
from voicelive_tui.model.turns.token_usage import NO_TOKENS, TokenUsage
from voicelive_tui.model.turns.tool_span import ToolSpan
from voicelive_tui.model.turns.turn_link import TurnLink

MOST_STEPS: Final = 64
"""The responses and the calls that a turn keeps: a service may send any number."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One exchange. Every `_s` is in seconds since the session's start, and None until it has
    happened.

    asked_s: when the user's part ended: `speech_stopped` was received, the manual commit was sent,
    or the text was sent. voice_ended_s: the last voiced sample at the microphone before that, as
    this machine's own detector hears it (`console.speech`); None for a typed turn, and where the
    detector heard no end. heard_s: when the first sample of the answer left the speaker.
    spoken: the user's part is speech. greeting: the assistant spoke before the user asked anything;
    no total counts its latency.
    audio_start_ms, audio_end_ms: the position of the user's speech in the appended audio, as the
    service gives it. audio_sent_ms: the length of the audio appended to the connection when the
    service reported the end of that speech. has_content: the answer has text or audio.
    received_ms: the length of the answer's audio, of which played_ms was heard; both are known once
    it has stopped. cut_off: the speaker was lost before the answer was heard to its end, without an
    interruption. unanswered_calls: the assistant's function calls and approval requests that the
    client did not answer. broken_off: the connection was lost before the turn was over, and the
    session went on over another one. configuration: the position, in the session's configurations,
    of the one that was in force when the user's part ended, or when the turn began as long as it
    has not; None before any.
    responses: those of the answer in order, more than one where tools were called. tools: what was
    called, in order. Both have the first `MOST_STEPS` at most. usage: the tokens of all responses.
    model: the one that was in force when they were reported. cause: why the answer was cut; None
    when it was not.
    link: the link to the machine with the devices when the answer was first heard, before that when
    the user's part ended; None if the devices are those of this machine. silenced_after: how long
    it took to silence the answer over the link.
    """

    number: int
    started_s: float
    user_item_id: str | None = None
    response_id: str | None = None
    asked_s: float | None = None
    voice_ended_s: float | None = None
    created_s: float | None = None
    first_audio_s: float | None = None
    heard_s: float | None = None
    done_s: float | None = None
    status: str | None = None
    audio_start_ms: int | None = None
    audio_end_ms: int | None = None
    interrupted: bool = False
    played_ms: int | None = None
    has_content: bool = False
    cut_off: bool = False
    unanswered_calls: int = 0
    broken_off: bool = False
    configuration: int | None = None
    spoken: bool = False
    greeting: bool = False
    cause: CutCause | None = None
    audio_sent_ms: int | None = None
    received_ms: int | None = None
    responses: tuple[ResponseTimes, ...] = ()
    tools: tuple[ToolSpan, ...] = ()
    usage: TokenUsage = NO_TOKENS
    model: str | None = None
    link: TurnLink | None = None
    silenced_after: SilencedAfter | None = None

    @property
    def shortfall(self) -> str:
        """Why this turn is incomplete, as the end of a sentence; empty when the answer was heard or
        interrupted."""
        if self.broken_off:
            return "the connection was lost"
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
        return "" if self.has_content else "its answer was empty"

    @property
    def heard_ms(self) -> float | None:
        """Milliseconds from the end of the user's voice to the first sound of the answer; from
        `asked_s` on where that end is not known."""
        began_s = self.asked_s if self.voice_ended_s is None else self.voice_ended_s
        return _milliseconds(began_s, self.heard_s)

    @property
    def service_heard_ms(self) -> float | None:
        """Milliseconds from the end of the user's part, for speech as the service detected it, to
        the first sound of the answer."""
        return _milliseconds(self.asked_s, self.heard_s)

    @property
    def first_audio_ms(self) -> float | None:
        """Milliseconds from the end of the user's part, for speech as the service detected it, to
        the first audio received: the service's own latency."""
        return _milliseconds(self.asked_s, self.first_audio_s)

    @property
    def link_there_ms(self) -> float:
        """An estimate of the milliseconds of `heard_ms` in which the end of the user's voice came
        over the link; 0 where `heard_ms` does not begin at the user's machine."""
        return self._over_the_link_ms(self.voice_ended_s, self.asked_s)

    @property
    def link_back_ms(self) -> float:
        """An estimate of the milliseconds of `heard_ms` in which the first sound of the answer went
        over the link; 0 before it is heard."""
        return self._over_the_link_ms(self.first_audio_s, self.heard_s)

    def _over_the_link_ms(self, began_s: float | None, ended_s: float | None) -> float:
        if self.link is None:
            return 0.0
        return min(self.link.one_way_ms, _milliseconds(began_s, ended_s) or 0.0)

    @property
    def link_ms(self) -> float | None:
        """An estimate of the link's share of `heard_ms`; None without a link whose round trip is
        known, and for an answer that was not heard."""
        if self.link is None or self.link.round_trip_ms is None or self.heard_ms is None:
            return None
        return self.link_there_ms + self.link_back_ms

    @property
    def input_tokens(self) -> int:
        """The tokens that the responses read."""
        return self.usage.input_tokens

    @property
    def output_tokens(self) -> int:
        """The tokens that the responses wrote."""
        return self.usage.output_tokens

    @property
    def over(self) -> bool:
        """Whether the answer has ended, in whatever way, or was interrupted."""
        return self.done_s is not None or self.interrupted or self.broken_off


def _milliseconds(began_s: float | None, answered_s: float | None) -> float | None:
    """The time between both; None where one is not known, or where a recording's clock ran
    backwards."""
    if began_s is None or answered_s is None or answered_s < began_s:
        return None
    return (answered_s - began_s) * 1000
