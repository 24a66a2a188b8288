"""The steps of a turn, from the end of the user's voice to the first sound of the answer and what
came after it.

Every step is the difference of two moments of the turn, so that a recording has the same steps as
the session had. Over a link to the machine with the devices, the estimated time on the way is taken
from the first and the last step, as steps of their own, so that all add up as before.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from voicelive_tui.model.turns.tool_span import ToolSpan
from voicelive_tui.model.turns.turn import Turn

LINK_THERE = "link there est"
LINK_BACK = "link back est"
"""The steps over the link: of the end of the user's voice, and of the first sound of the answer."""
_ORDINALS = ("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


@dataclass(frozen=True, slots=True)
class WaterfallStep:
    """One step. at_s: when it ended, in seconds since the session's start. begins_ms: when it
    began, in milliseconds from the first step. ms: how long it took; None for the first step, which
    is a moment, and for a tool that has no result. is_part: the step is a part of the one before.
    tool: the tool whose step it is, to be read before `name`: `get_parcel`, `ran`."""

    name: str
    at_s: float
    begins_ms: float = 0.0
    ms: float | None = None
    is_part: bool = False
    tool: str = ""


@dataclass(frozen=True, slots=True)
class Waterfall:
    """The steps of a turn in order. length_ms: from the first one to the last end of any."""

    steps: tuple[WaterfallStep, ...] = ()
    length_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class _Moment:
    """A moment that ends a step. since_s: when the step began; None for the moment before. is_open:
    the step has not ended, and the moment is its beginning."""

    at_s: float
    name: str
    since_s: float | None = None
    is_open: bool = False
    tool: str = ""


def waterfall(turn: Turn) -> Waterfall:
    """Return the steps of a turn; none as long as the user speaks."""
    moments = sorted(_moments(turn), key=lambda moment: moment.at_s)
    first = _beginning(turn)
    if first is None:
        return Waterfall()
    steps, before_s = [WaterfallStep(first.name, first.at_s)], first.at_s
    for moment in moments:
        since_s = before_s if moment.since_s is None else moment.since_s
        took_ms = None if moment.is_open else max(0.0, moment.at_s - since_s) * 1000
        begins_ms = max(0.0, since_s - first.at_s) * 1000
        step = WaterfallStep(moment.name, moment.at_s, begins_ms, took_ms, tool=moment.tool)
        steps.append(step)
        steps += _own_clock(turn, step)
        before_s = max(before_s, moment.at_s)
    return Waterfall(tuple(steps), (before_s - first.at_s) * 1000)


def _beginning(turn: Turn) -> _Moment | None:
    """The moment from which the turn's latencies count."""
    if turn.voice_ended_s is not None:
        return _Moment(turn.voice_ended_s, "your voice ended")
    if turn.asked_s is not None:
        return _Moment(turn.asked_s, _asked_name(turn))
    return _Moment(turn.created_s, "response created") if turn.created_s is not None else None


def _asked_name(turn: Turn) -> str:
    if turn.audio_start_ms is not None:
        return "end of turn detected"
    return "sent" if turn.spoken or turn.user_item_id is not None else "answer asked for"


def _moments(turn: Turn) -> Iterator[_Moment]:
    """The moments after the first one, in any order."""
    asked = turn.asked_s is not None
    if turn.asked_s is not None and turn.voice_ended_s is not None:
        if turn.link_there_ms:
            yield _Moment(turn.voice_ended_s + turn.link_there_ms / 1000, LINK_THERE)
        detected = turn.audio_start_ms is not None
        yield _Moment(turn.asked_s, "end of turn waited" if detected else "turn sent")
    if turn.created_s is not None and asked:
        yield _Moment(turn.created_s, "response created")
    for position, response in enumerate(turn.responses[1:]):
        yield _Moment(response.created_s, f"{_ordinal(position)} response")
        if response.first_audio_s is not None and response.first_audio_s != turn.first_audio_s:
            yield _Moment(response.first_audio_s, "its first byte")
    for tool in turn.tools:
        yield from _of_tool(tool)
    if turn.first_audio_s is not None:
        yield _Moment(turn.first_audio_s, "first byte")
        if turn.link_back_ms:
            yield _Moment(turn.first_audio_s + turn.link_back_ms / 1000, LINK_BACK)
    if turn.heard_s is not None:
        yield _Moment(turn.heard_s, "first sound heard")
    if turn.first_audio_s is None and turn.done_s is not None and turn.has_content:
        yield _Moment(turn.done_s, "answer complete")


def _of_tool(tool: ToolSpan) -> Iterator[_Moment]:
    called, ran = ("asked you", "answered") if tool.approval else ("called", "ran")
    yield _Moment(tool.called_s, called, tool=tool.name)
    if tool.ended_s is None:
        open_name = "waits for you" if tool.approval else "has no result"
        yield _Moment(tool.called_s, open_name, tool.called_s, is_open=True, tool=tool.name)
    else:
        name = "failed" if tool.failed else ran
        yield _Moment(tool.ended_s, name, tool.called_s, tool=tool.name)


def _own_clock(turn: Turn, step: WaterfallStep) -> Iterator[WaterfallStep]:
    """How much of the wait for the end of a turn was silence by the service's own clock, the
    position in the audio that it got. The rest is the way there and back, without the link."""
    if step.name != "end of turn waited" or step.ms is None:
        return
    if turn.audio_end_ms is None or turn.audio_sent_ms is None:
        return
    silence_ms = step.ms - (turn.audio_sent_ms - turn.audio_end_ms)
    if 0 < silence_ms <= step.ms:
        begins_ms = turn.link_there_ms
        yield WaterfallStep("by its own clock", step.at_s, begins_ms, silence_ms, is_part=True)


def _ordinal(position: int) -> str:
    return _ORDINALS[position] if position < len(_ORDINALS) else f"{position + 2}th"
