"""What a run must not exceed: latencies, and what must not happen in it. Each limit that is not
kept is one sentence."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from voicelive_tui.headless.output_streams import count_of
from voicelive_tui.model.events.cut_cause import CutBy
from voicelive_tui.model.session.snapshot import SessionView
from voicelive_tui.model.transcript.line import TranscriptLine
from voicelive_tui.model.turns.turn import Turn

_MOST_NAMED: Final = 5
"""So many turns or tools are named in a sentence."""
_CAUSES: Final[Mapping[CutBy, str]] = {
    "voice": "by the user's voice",
    "echo": "likely by its own echo",
    "noise": "by noise at the microphone",
    "detection": "because the service detected speech",
    "user": "by the user's command",
    "service": "by the service",
    "connection": "by the loss of the connection",
    "off_air": "because the session went off air",
    "device": "by the loss of the speaker",
    "link": "by the loss of the sound link",
}


@dataclass(frozen=True, slots=True)
class RunLimits:
    """max_heard_ms, max_first_audio_ms: the longest latency of each answer, None for no limit.
    fail_on: kinds of events that must not happen, of `FAIL_ON`."""

    max_heard_ms: float | None = None
    max_first_audio_ms: float | None = None
    fail_on: Sequence[str] = ()


def limits_not_kept(limits: RunLimits, view: SessionView) -> list[str]:
    """Return a sentence for each limit that this session did not keep, or that could not be
    checked."""
    sentences = [
        _late(view, limits.max_heard_ms, "heard", "--max-heard-ms", lambda turn: turn.heard_ms),
        _late(
            view,
            limits.max_first_audio_ms,
            "received",
            "--max-first-audio-ms",
            lambda turn: turn.first_audio_ms,
        ),
        *(FAIL_ON[kind](view) for kind in dict.fromkeys(limits.fail_on)),
    ]
    return [sentence for sentence in sentences if sentence]


def causes_of_interruptions(view: SessionView) -> dict[CutBy, int]:
    """Return how many answers were cut by each cause (`TranscriptLine.cut_by`)."""
    causes = Counter[CutBy](line.cut_by or "service" for line in _cut(view))
    return dict(sorted(causes.items()))


def describe_causes(view: SessionView) -> str:
    """Return the causes of the interruptions in words; empty without any."""
    causes = causes_of_interruptions(view)
    if len(causes) == 1:
        return _CAUSES[next(iter(causes))]
    return ", ".join(f"{count} {_CAUSES[cause]}" for cause, count in causes.items())


def _late(
    view: SessionView,
    limit_ms: float | None,
    what: str,
    option: str,
    latency: Callable[[Turn], float | None],
) -> str:
    """A sentence about the answers that came later than the limit, in whole milliseconds as in the
    summary; empty if none did."""
    if limit_ms is None:
        return ""
    found = ((turn.number, latency(turn)) for turn in view.turns if not turn.greeting)
    measured = [(number, round(after_ms)) for number, after_ms in found if after_ms is not None]
    if not measured:
        return f"{option} could not be checked, because no answer's sound was {what}."
    late = [(number, after_ms) for number, after_ms in measured if after_ms > limit_ms]
    if not late:
        return ""
    named = _named([f"turn {number} after {after_ms} ms" for number, after_ms in late])
    were = "was" if len(late) == 1 else "were"
    return (
        f"{len(late)} of {count_of(len(measured), 'answer')} {were} {what} later than "
        f"{limit_ms:g} ms ({option}): {named}."
    )


def _failed_tools(view: SessionView) -> str:
    failed = [
        line.call.name
        for line in view.transcript
        if line.call is not None and line.state == "failed"
    ]
    if not failed:
        return ""
    return f"{count_of(len(failed), 'call')} of tools failed (--fail-on tool): {_named(failed)}."


def _errors(view: SessionView) -> str:
    if not view.errors:
        return ""
    were = "was" if view.errors == 1 else "were"
    return f"{count_of(view.errors, 'error')} {were} reported (--fail-on error)."


def _interruptions(view: SessionView) -> str:
    count = len(_cut(view))
    if not count:
        return ""
    were = "was" if count == 1 else "were"
    return (
        f"{count_of(count, 'answer')} {were} interrupted (--fail-on interruption): "
        f"{describe_causes(view)}."
    )


def _cut(view: SessionView) -> list[TranscriptLine]:
    return [line for line in view.transcript if line.is_cut]


def _named(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


FAIL_ON: Final[Mapping[str, Callable[[SessionView], str]]] = {
    "tool": _failed_tools,
    "error": _errors,
    "interruption": _interruptions,
}
"""The kinds of `--fail-on`, each with a function that says what happened, empty if nothing did."""
