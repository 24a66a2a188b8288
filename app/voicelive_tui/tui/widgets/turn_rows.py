"""The rows of a turn: its steps as a waterfall, its latencies, its tokens and what they cost. Pure
functions of values."""

import math
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len
from voicelive_common.printable import printable

from voicelive_tui.model.turns.prices import NoCost, PriceTable
from voicelive_tui.model.turns.token_usage import NO_TOKENS, TokenUsage
from voicelive_tui.model.turns.turn import Turn
from voicelive_tui.model.turns.waterfall import Waterfall, WaterfallStep, waterfall
from voicelive_tui.tui.formatting import amount, whole_ms
from voicelive_tui.tui.widgets.row_times import clock_time
from voicelive_tui.tui.widgets.spans import Span, cells, fit

_NAME_CELLS: Final = 21
_VALUE_CELLS: Final = 9
_BARS_FROM: Final = 1 + _NAME_CELLS + _VALUE_CELLS + 1
_LEAST_BARS: Final = 8
_TICKS_MS: Final = tuple(step * 10**power for power in range(1, 6) for step in (1, 2, 4, 8))
_LEAST_TICK_CELLS: Final = 5
_OF_YOU: Final = ("your voice ended", "sent")


@dataclass(frozen=True, slots=True)
class TurnFacts:
    """What is shown of a turn. name: what the turn is called, as in the transcript. until_s: when
    the next one began. slowest_of: the number of turns with a latency if this one has the longest
    of them, else 0. prices: the user's price table."""

    turn: Turn
    name: str
    until_s: float | None = None
    slowest_of: int = 0
    prices: PriceTable | None = None


def turn_rows(facts: TurnFacts, width: int) -> list[list[Span]]:
    """The rows in `width` cells."""
    falls = waterfall(facts.turn)
    bars = width - _BARS_FROM
    bars = bars if bars >= _LEAST_BARS else 0
    rows = [[(" " * _BARS_FROM, ""), (_axis(falls.length_ms, bars), "dim")]] if bars else []
    rows += [_step(step, falls, bars) for step in falls.steps]
    if not falls.steps:
        rows = [[(" This turn has no answer yet.", "dim")]]
    return [
        *rows,
        *_latencies(facts, width),
        *_tokens(facts.turn.usage, width),
        *_cost(facts),
        *_heard(facts),
    ]


def turn_sentence(facts: TurnFacts) -> str:
    """The turn's latency, and how much of it the tools, the silence and the link took, as in
    `Turn 4: 1 920 ms, of which the tool 640 and the silence 506.`; empty for a turn that was not
    heard."""
    turn = facts.turn
    if turn.heard_ms is None or turn.heard_s is None:
        return ""
    heard_s = turn.heard_s
    took = [tool.took_ms for tool in turn.tools if tool.ended_s and tool.ended_s <= heard_s]
    parts = []
    if tools := sum(ms for ms in took if ms is not None):
        parts.append(f"the tool{'s' if len(took) > 1 else ''} {_ms(tools)}")
    if turn.voice_ended_s is not None and turn.asked_s is not None and turn.audio_start_ms:
        waited_ms = (turn.asked_s - turn.voice_ended_s) * 1000 - turn.link_there_ms
        parts.append(f"the silence {_ms(waited_ms)}")
    if turn.link_ms is not None:
        parts.append(f"the link {_ms(turn.link_ms)} est")
    listed = " and ".join([", ".join(parts[:-1]), *parts[-1:]] if parts[1:] else parts)
    tail = f", of which {listed}" if listed else ""
    return f"{facts.name}: {_ms(turn.heard_ms)} ms{tail}."


def _ms(milliseconds: float) -> str:
    return amount(whole_ms(milliseconds))


def _label(name: str, value: str, look: str = "") -> list[Span]:
    cells = _name_cells(value)
    text = fit(name, cells)
    blanks = " " * (cells - cell_len(text))
    return [(f" {text}{blanks}", look), (value.rjust(_NAME_CELLS + _VALUE_CELLS - cells), "")]


def _name_cells(value: str) -> int:
    """The cells of the name before this value. A long value takes some of them, so that there is a
    blank between both, and what stands behind it stays in its column."""
    return max(0, _NAME_CELLS - max(0, len(value) + 1 - _VALUE_CELLS))


def _step(step: WaterfallStep, falls: Waterfall, bars: int) -> list[Span]:
    if step is falls.steps[0]:
        return _label(
            _name(step, ""),
            clock_time(step.at_s, _VALUE_CELLS, 1),
            "you" if step.name in _OF_YOU else "",
        )
    if step.ms is None:
        return _label(_name(step, ""), "", "dim")
    look = "dim" if step.is_part else "bad" if step.name == "failed" else ""
    value = f"+{amount(_whole(step))} ms"
    spans = _label(_name(step, value), value, look)
    return [*spans, (" ", ""), *_bar(step, falls.length_ms, bars)]


def _whole(step: WaterfallStep) -> int:
    """The step's milliseconds between its ends, both of which are cut, so that the steps add up to
    the whole."""
    end_ms = step.begins_ms + (step.ms or 0.0)
    return whole_ms(end_ms) - whole_ms(step.begins_ms)


def _name(step: WaterfallStep, value: str) -> str:
    """The name of a step; a tool's is shortened, so that what it did can be read."""
    if not step.tool:
        return f"  {step.name}" if step.is_part else step.name
    tool = fit(printable(step.tool), _name_cells(value) - len(step.name) - 1)
    return f"{tool} {step.name}"


def _bar(step: WaterfallStep, length_ms: float, bars: int) -> list[Span]:
    """A step's bar at its place; none if it is shorter than half a cell."""
    if not bars or length_ms <= 0 or step.ms is None:
        return []
    cell_ms = length_ms / bars
    first = min(bars - 1, int(step.begins_ms / cell_ms))
    cells = min(bars - first, round(step.ms / cell_ms))
    look = "dim" if step.is_part else "call" if step.tool and step.name != "called" else ""
    return [(" " * first, ""), (("·" if step.is_part else "█") * cells, look)] if cells else []


def _axis(length_ms: float, bars: int) -> str:
    """Ticks in seconds, as many as have room: `0    0.8  1.6 s`."""
    cell_ms = length_ms / bars
    if cell_ms <= 0:
        return ""
    step_ms = next((step for step in _TICKS_MS if step / cell_ms >= _LEAST_TICK_CELLS), 0)
    axis, tick_ms, places = "0", step_ms, max(0, 4 - len(str(step_ms)))
    while step_ms and tick_ms <= length_ms:
        label = f"{tick_ms / 1000:.{places}f}"
        at = int(tick_ms / cell_ms)
        if at + len(label) + 2 > bars:
            break
        axis, tick_ms = axis.ljust(at) + label, tick_ms + step_ms
    return f"{axis} s"


def _latencies(facts: TurnFacts, width: int) -> list[list[Span]]:
    """What the user waited, and the service's own latency; each says between which moments."""
    turn, rows = facts.turn, []
    if turn.heard_ms is not None:
        row = _label("heard after", f"{_ms(turn.heard_ms)} ms")
        if facts.slowest_of > 1:
            slowest = f" ▸ slowest of {facts.slowest_of}"
            # Without its last digit the number would be another one.
            row.append((slowest if cells(row) + len(slowest) <= width else " ▸ slowest", "slow"))
        rows.append(row)
    rows += _over_the_link(turn)
    if turn.first_audio_ms is not None and turn.audio_start_ms is not None:
        row = _label("service's own latency", f"{_ms(turn.first_audio_ms)} ms")
        rows.append([*row, (" to first byte", "dim")])
    return rows


def _over_the_link(turn: Turn) -> list[list[Span]]:
    """The link's share of what the user waited, and how exactly the clock of the user's machine is
    known, by which it was heard."""
    if turn.link_ms is None or turn.link is None:
        return []
    rows = [[*_label("  of it the link", f"{_ms(turn.link_ms)} ms"), (" est", "dim")]]
    if turn.link.clock_error_ms is not None:
        name = f"clock of {printable(turn.link.machine)}"
        rows.append(_label(name, f"± {_at_least_ms(turn.link.clock_error_ms)} ms"))
    return rows


def _at_least_ms(error_ms: float) -> str:
    """An error in whole milliseconds, not cut: it is a bound."""
    return amount(math.ceil(error_ms))


def _tokens(usage: TokenUsage, width: int) -> list[list[Span]]:
    """The tokens by kind. The cached ones are a part of the input: behind it, or below it where
    there is no room."""
    if not usage.input_tokens and not usage.output_tokens:
        return []
    taken = _kinds(
        ("audio", usage.input_audio), ("text", usage.input_text), ("image", usage.input_image)
    )
    given = _kinds(("audio", usage.output_audio), ("text", usage.output_text))
    digits = max(4, *(len(amount(n)) for n in (usage.input_tokens, usage.output_tokens)))
    head = f" tokens in {amount(usage.input_tokens):>{digits}}{taken}"
    cached = f"{amount(usage.cached)} cached" if usage.cached else ""
    beside = f"{head}; {cached}" if cached else head
    below = [f"{'of it':>11}{cached:>{digits + len(' cached')}}"] if len(beside) > width else []
    rows = [head if below else beside, *below]
    rows.append(f"        out{amount(usage.output_tokens):>{digits}}{given}")
    return [[(row, "")] for row in rows]


def _kinds(*kinds: tuple[str, int]) -> str:
    """`: audio 44, text 97`; the kinds without tokens are left out."""
    named = ", ".join(f"{name} {amount(count)}" for name, count in kinds if count)
    return f": {named}" if named else ""


def _cost(facts: TurnFacts) -> list[list[Span]]:
    prices, turn = facts.prices, facts.turn
    if prices is None or turn.usage == NO_TOKENS:
        return []
    cost = prices.cost(turn.model, turn.usage)
    if isinstance(cost, NoCost):
        return [[(" cost   ", ""), (f"unknown: {printable(cost.reason)}", "dim")]]
    estimate = f"estimate, prices {prices.date}"
    return [[(" cost   ", ""), (prices.shown(cost.amount, 4), ""), (f" {estimate}", "dim")]]


def _heard(facts: TurnFacts) -> list[list[Span]]:
    return [*_how_much(facts), *_silenced(facts.turn)]


def _silenced(turn: Turn) -> list[list[Span]]:
    """How long it took to silence the answer, over the link and at the device."""
    return [] if turn.silenced_after is None else [[(f" {turn.silenced_after.words}", "")]]


def _how_much(facts: TurnFacts) -> list[list[Span]]:
    played_ms, received_ms = facts.turn.played_ms, facts.turn.received_ms
    if played_ms is None or not received_ms:
        return []
    if played_ms >= received_ms:
        return [[(" heard  ", ""), (f"{_seconds(received_ms)} s, to its end", "")]]
    unheard = _seconds(received_ms - played_ms)
    text = f"{_seconds(played_ms)} of {_seconds(received_ms)} s; {unheard} s paid and unheard"
    return [[(" heard  ", ""), (text, "warn")]]


def _seconds(milliseconds: int) -> str:
    return f"{milliseconds // 100 / 10:.1f}"
