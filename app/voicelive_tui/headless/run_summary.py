"""What a run came to: the last object of `--json`, the closing lines for a user, and the exit
code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from voicelive_common.exit_codes import ExitCode

from voicelive_tui.headless.output_streams import count_of
from voicelive_tui.model.events.record import STOP_BARGE_IN, STOP_USER, Local, Record
from voicelive_tui.model.session.snapshot import SessionSnapshot, SessionState, SessionView
from voicelive_tui.model.turns.latency import Percentiles
from voicelive_tui.model.turns.turn import Turn

_INTERRUPTED = frozenset({STOP_BARGE_IN, STOP_USER})


@dataclass(frozen=True, slots=True)
class Closing:
    """How the socket ended: code None when there was no close frame, or no socket."""

    code: int | None = None
    reason: str = ""
    sentence: str = ""


class RunFacts:
    """What the summary needs of the local records, gathered as they pass."""

    def __init__(self) -> None:
        self.closing: Closing | None = None
        self.connected = False
        self.interruptions: list[Mapping[str, Any]] = []

    def add(self, record: Record) -> None:
        """The next record of the journal."""
        event = record.event
        match record.type:
            case Local.CONNECTED:
                self.connected = True
            case Local.CLOSED:
                self.closing = Closing(
                    event.get("code"),
                    str(event.get("reason") or ""),
                    str(event.get("sentence") or ""),
                )
            case Local.PLAYBACK_STOPPED if event.get("reason") in _INTERRUPTED:
                names = ("item_id", "content_index", "played_ms", "received_ms", "reason")
                self.interruptions.append(
                    {"t": record.t_s, **{name: event.get(name) for name in names}}
                )


def turns_held(turns: Sequence[Turn]) -> int:
    """Turns whose answer was heard to its end or interrupted; one that failed, was empty or left a
    call open does not count."""
    return sum(1 for turn in turns if not turn.shortfall)


def shortfall(turns: Sequence[Turn], wanted: int) -> str:
    """One sentence that says what is missing."""
    reasons = "; ".join(f"turn {turn.number}: {turn.shortfall}" for turn in turns if turn.shortfall)
    return f"{turns_held(turns)} of {wanted} turns were held" + (
        f" ({reasons})." if reasons else "."
    )


def awaits_transcription(view: SessionView) -> bool:
    """What the user said is still being transcribed."""
    return bool(view.effective.get("input_audio_transcription")) and any(
        line.who == "you" and line.state == "partial" for line in view.transcript
    )


def exit_code(session: SessionSnapshot, facts: RunFacts, *, wanted: int | None) -> ExitCode:
    """How a run ended that was neither interrupted nor given up: it has what it wanted, or the
    session is over."""
    turns = session.view.turns
    if wanted is not None and turns_held(turns) >= wanted:
        return (
            ExitCode.TURNS
            if any(turn.done_s is not None and turn.shortfall for turn in turns)
            else ExitCode.OK
        )
    if session.asks_trust:
        return ExitCode.USAGE
    if not facts.connected:
        return ExitCode.REFUSED if session.http_status is not None else ExitCode.UNREACHABLE
    if session.state is SessionState.CONNECTED:
        return ExitCode.TURNS
    return (
        ExitCode.OK if wanted is None and session.state is SessionState.ENDED else ExitCode.CLOSED
    )


def closing_lines(session: SessionSnapshot, facts: RunFacts) -> list[str]:
    """A few lines for a user: how many turns, how quick, and where the recording lies."""
    view = session.view
    if not facts.connected:
        return []
    turns = turns_held(view.turns)
    words = [count_of(turns, "turn")]
    heard = view.totals.latencies.heard
    if heard.p50_ms is not None:
        words.append(f"answers heard after {heard.p50_ms:.0f} ms (median)")
    if facts.interruptions:
        words.append(f"{len(facts.interruptions)} interrupted")
    words += [
        count_of(count, noun)
        for count, noun in ((view.underruns, "underrun"), (view.errors, "error"))
        if count
    ]
    lines = [", ".join(words) + "."]
    if session.folder:
        lines.append(
            f"Recorded{' in part' if session.recording.incomplete else ''} in {session.folder}"
        )
    return lines


def unrecorded_sentence(session: SessionSnapshot) -> str:
    """Why a session is not on the disk as a whole; what the disk said was told when it happened."""
    recording = session.recording
    if recording.problem and not session.folder:
        return "This conversation is not recorded, and it is gone with the end of this run."
    if recording.problem:
        return (
            f"The end of this conversation is not recorded in {session.folder}, and it is gone "
            "with the end of this run."
        )
    if recording.lost:
        return (
            f"This conversation is not recorded as a whole: {count_of(recording.lost, 'record')} "
            "had to be forgotten before "
            f"{session.folder} could be written again."
        )
    if session.state not in (SessionState.ENDED, SessionState.FAILED):
        return (
            "The session did not close in time, so the end of this conversation may be missing in "
            f"{session.folder}."
        )
    return (
        "The disk did not answer, so the end of this conversation may be missing in "
        f"{session.folder}."
    )


def lost_sentence(session: SessionSnapshot, records: int) -> str:
    """What is lost of a session with the end of the program, which did not ask; records: how many
    are not on the disk."""
    lines = len(session.view.transcript)
    what = f"{count_of(records, 'record')} {'is' if records == 1 else 'are'} lost"
    if not session.folder:
        return (
            f"The session {session.title} was not recorded: {what}, and the transcript of "
            f"{count_of(lines, 'line')} with them."
        )
    return f"The session {session.title} is recorded only in part in {session.folder}: {what}."


def summary(
    session: SessionSnapshot, facts: RunFacts, *, code: ExitCode, wanted: int | None
) -> dict[str, Any]:
    """The summary as a JSON object; milliseconds are rounded to whole ones, seconds count from the
    session's start."""
    view, closing = session.view, facts.closing or Closing()
    stats = view.totals.latencies
    return {
        "exit_code": int(code),
        "profile": session.title,
        "service": session.service,
        "host": session.host,
        "model": view.model,
        "session_id": view.session_id,
        "turns_wanted": wanted,
        "turns_held": turns_held(view.turns),
        "turns": [_turn(turn) for turn in view.turns],
        "transcript": _transcript(view),
        "latencies": {
            "heard": _percentiles(stats.heard),
            "first_audio": _percentiles(stats.first_audio),
        },
        "interruptions": facts.interruptions,
        "underruns": view.underruns,
        "dropped_blocks": view.dropped_blocks,
        "errors": view.errors,
        "tokens": {"input": view.input_tokens, "output": view.output_tokens},
        "close": {"code": closing.code, "reason": closing.reason, "sentence": closing.sentence},
        "problem": session.problem,
        "folder": session.folder,
    }


def _turn(turn: Turn) -> dict[str, Any]:
    return {
        "number": turn.number,
        "status": turn.status,
        "interrupted": turn.interrupted,
        "started_s": turn.started_s,
        "heard_ms": _whole(turn.heard_ms),
        "first_audio_ms": _whole(turn.first_audio_ms),
        "played_ms": turn.played_ms,
        "unanswered_calls": turn.unanswered_calls,
        "tokens": {"input": turn.input_tokens, "output": turn.output_tokens},
    }


def _transcript(view: SessionView) -> list[dict[str, Any]]:
    return [
        {"t": line.t_s, "who": line.who, "state": line.state, "text": line.text}
        | (
            {"spoken_chars": line.spoken_chars, "heard_ms": line.heard_ms}
            if line.state == "interrupted"
            else {}
        )
        for line in view.transcript
    ]


def _percentiles(found: Percentiles) -> dict[str, int | None]:
    return {"count": found.count, "p50_ms": _whole(found.p50_ms), "p95_ms": _whole(found.p95_ms)}


def _whole(value_ms: float | None) -> int | None:
    return None if value_ms is None else round(value_ms)
