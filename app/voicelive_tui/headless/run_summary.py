"""The result of a run: the last object of `--json`, the closing lines for a user, and the exit
code."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from voicelive_common.exit_codes import ExitCode

from voicelive_tui.headless.output_streams import count_of
from voicelive_tui.headless.run_limits import causes_of_interruptions, describe_causes
from voicelive_tui.model.events.cut_cause import cut_sentence
from voicelive_tui.model.events.record import STOP_BARGE_IN, STOP_USER, Local, Record
from voicelive_tui.model.session.snapshot import SessionSnapshot, SessionState, SessionView
from voicelive_tui.model.transcript.line import TranscriptLine
from voicelive_tui.model.turns.latency import LatencyStats, Percentiles
from voicelive_tui.model.turns.turn import Turn

_INTERRUPTED = frozenset({STOP_BARGE_IN, STOP_USER})


@dataclass(frozen=True, slots=True)
class Closing:
    """The end of the socket. code: None when there was no close frame, or no socket."""

    code: int | None = None
    reason: str = ""
    sentence: str = ""


class RunFacts:
    """Collects, record by record, the local facts that the summary needs."""

    def __init__(self) -> None:
        self.closing: Closing | None = None
        self.connections = 0
        self.interruptions: list[Mapping[str, Any]] = []

    @property
    def connected(self) -> bool:
        """Whether the session was ever connected."""
        return self.connections > 0

    def add(self, record: Record) -> None:
        """Take the next record of the journal."""
        event = record.event
        match record.type:
            case Local.CONNECTED:
                self.connections += 1
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


def user_turns(turns: Sequence[Turn]) -> list[Turn]:
    """The turns in which the user asked something: all but the agent's greeting."""
    return [turn for turn in turns if not turn.greeting]


def unbroken(turns: Sequence[Turn]) -> list[Turn]:
    """The turns without those that a lost connection broke off; those are held once more."""
    return [turn for turn in turns if not turn.broken_off]


def turns_held(turns: Sequence[Turn]) -> int:
    """The number of turns whose answer was heard to its end or interrupted. A turn whose answer
    failed, was empty or left a call open does not count, nor does a greeting."""
    return sum(1 for turn in user_turns(turns) if not turn.shortfall)


def shortfall(turns: Sequence[Turn], wanted: int) -> str:
    """One sentence that names the turns that are missing and why."""
    reasons = "; ".join(f"turn {turn.number}: {turn.shortfall}" for turn in turns if turn.shortfall)
    return f"{turns_held(turns)} of {wanted} turns were held" + (
        f" ({reasons})." if reasons else "."
    )


def awaits_transcription(view: SessionView) -> bool:
    """Whether words of the user are still being transcribed."""
    return bool(view.effective.get("input_audio_transcription")) and any(
        line.who == "you" and line.state == "partial" for line in view.transcript
    )


def unlimited_code(turns: Sequence[Turn]) -> ExitCode:
    """The exit code of a run that held as many turns as it should: OK unless the answer of one of
    them ended short."""
    short = any(turn.done_s is not None and turn.shortfall for turn in unbroken(turns))
    return ExitCode.TURNS if short else ExitCode.OK


def exit_code(session: SessionSnapshot, facts: RunFacts, *, wanted: int | None) -> ExitCode:
    """The exit code of a run that was neither stopped nor abandoned: it has its turns, or the
    session is over."""
    turns = session.view.turns
    if wanted is not None and turns_held(turns) >= wanted:
        return unlimited_code(turns)
    if session.asks_trust:
        return ExitCode.USAGE
    if not facts.connected:
        return ExitCode.REFUSED if session.http_status is not None else ExitCode.UNREACHABLE
    if session.http_status is not None:
        return ExitCode.REFUSED
    if session.state is SessionState.CONNECTED:
        return ExitCode.TURNS
    return (
        unlimited_code(turns)
        if wanted is None and session.state is SessionState.ENDED
        else ExitCode.CLOSED
    )


def closing_lines(session: SessionSnapshot, facts: RunFacts) -> list[str]:
    """Lines for a user: the number of turns, the latency, and the folder of the recording."""
    view = session.view
    if not facts.connected:
        return []
    turns = turns_held(view.turns)
    parts = [count_of(turns, "turn")]
    if latency := _latency_text(view.totals.latencies):
        parts.append(latency)
    if facts.connections > 1:
        parts.append(count_of(facts.connections - 1, "reconnection"))
    if cut := sum(causes_of_interruptions(view).values()):
        parts.append(f"{cut} interrupted ({describe_causes(view)})")
    parts += [
        count_of(count, noun)
        for count, noun in ((view.underruns, "underrun"), (view.errors, "error"))
        if count
    ]
    lines = [", ".join(parts) + "."]
    if session.folder:
        lines.append(
            f"Recorded{' in part' if session.recording.incomplete else ''} in {session.folder}"
        )
    return lines


def _latency_text(stats: LatencyStats) -> str:
    """The median latency, in both definitions where they differ; empty when no answer was
    heard."""
    heard, service = stats.heard, stats.service_heard
    if heard.p50_ms is None or service.p50_ms is None:
        return ""
    text = f"answers heard after {heard.p50_ms:.0f} ms (median"
    if not stats.from_voice:
        return f"{text})"
    return (
        f"{text}, from the end of the voice; {service.p50_ms:.0f} ms from the service's end of "
        "speech)"
    )


def unrecorded_sentence(session: SessionSnapshot) -> str:
    """Why a session is not recorded as a whole. The disk's own error was printed when it
    happened."""
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
            "were dropped before "
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


def recorded_sentence(session: SessionSnapshot) -> str:
    """Where a session of the console is recorded. The path is at the end and as a shell takes it,
    so that it can be copied."""
    whole = "in part " if session.recording.incomplete else ""
    return f"{session.title} is recorded {whole}in {shlex.quote(session.folder)}"


def lost_sentence(session: SessionSnapshot, records: int) -> str:
    """A sentence that names what is lost of a session when the program ends without asking.
    records: how many records are not on the disk."""
    lines = len(session.view.transcript)
    lost_records = f"{count_of(records, 'record')} {'is' if records == 1 else 'are'} lost"
    if not session.folder:
        return (
            f"The session {session.title} was not recorded: {lost_records}, and the transcript of "
            f"{count_of(lines, 'line')} with them."
        )
    return (
        f"The session {session.title} is recorded only in part in {session.folder}: {lost_records}."
    )


def summary(
    session: SessionSnapshot,
    facts: RunFacts,
    *,
    code: ExitCode,
    wanted: int | None,
    not_kept: Sequence[str] = (),
) -> dict[str, Any]:
    """The summary as a JSON object. Milliseconds are rounded to integers; seconds count from the
    session's start. not_kept: a sentence for each limit that was not kept."""
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
        "connections": facts.connections,
        "turns": [_turn(turn) for turn in view.turns],
        "transcript": _transcript(view),
        "latencies": {
            "heard": {**_percentiles(stats.heard), "from_voice": stats.from_voice},
            "service_heard": _percentiles(stats.service_heard),
            "first_audio": _percentiles(stats.first_audio),
        },
        "interruptions": facts.interruptions,
        "interruption_causes": causes_of_interruptions(view),
        "limits_not_kept": list(not_kept),
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
        "broken_off": turn.broken_off,
        "started_s": turn.started_s,
        "greeting": turn.greeting,
        "voice_ended_s": turn.voice_ended_s,
        "heard_ms": _rounded(turn.heard_ms),
        "service_heard_ms": _rounded(turn.service_heard_ms),
        "first_audio_ms": _rounded(turn.first_audio_ms),
        **_link(turn),
        "played_ms": turn.played_ms,
        "unanswered_calls": turn.unanswered_calls,
        "tokens": {"input": turn.input_tokens, "output": turn.output_tokens},
    }


def _link(turn: Turn) -> dict[str, Any]:
    """What the link to the machine with the devices took; nothing without one."""
    link, silenced = turn.link, turn.silenced_after
    if link is None:
        return {}
    return {
        "link": {
            "machine": link.machine,
            "round_trip_ms": _rounded(link.round_trip_ms),
            "clock_error_ms": None if link.clock_error_ms is None else ceil(link.clock_error_ms),
            "heard_share_ms": _rounded(turn.link_ms),
            "silenced_link_ms": None if silenced is None else silenced.link_ms,
            "silenced_device_ms": None if silenced is None else silenced.device_ms,
        }
    }


def _transcript(view: SessionView) -> list[dict[str, Any]]:
    return [
        {"t": line.t_s, "who": line.who, "state": line.state, "text": line.text}
        | (
            {"spoken_chars": line.spoken_chars, "heard_ms": line.heard_ms, **_cause(line)}
            if line.state == "interrupted"
            else {}
        )
        for line in view.transcript
    ]


def _cause(line: TranscriptLine) -> dict[str, str]:
    if line.cause is None:
        return {}
    sentence = cut_sentence(line.cause, line.heard_ms, line.received_ms)
    return {"cut_by": line.cut_by, "cause": sentence}


def _percentiles(values: Percentiles) -> dict[str, int | None]:
    return {
        "count": values.count,
        "p50_ms": _rounded(values.p50_ms),
        "p95_ms": _rounded(values.p95_ms),
        "worst_ms": _rounded(values.worst_ms),
        "worst_turn": values.worst_turn,
    }


def _rounded(value_ms: float | None) -> int | None:
    return None if value_ms is None else round(value_ms)
