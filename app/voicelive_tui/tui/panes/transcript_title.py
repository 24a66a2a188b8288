"""The title of the transcript. Pure functions of what the pane shows."""

from collections.abc import Mapping

from voicelive_tui.model.transcript.line import TranscriptTotals
from voicelive_tui.tui.formatting import amount, plural
from voicelive_tui.tui.keymap import with_keys
from voicelive_tui.tui.widgets.spans import Span, Spans
from voicelive_tui.tui.widgets.transcript_view import TranscriptView


def transcript_facts(totals: TranscriptTotals) -> Spans:
    """`5 turns, 1 cut, 2 false starts, 1 unheard`; what there is none of is left out."""
    facts = [
        plural(totals.turns, "turn") if totals.turns else "",
        f"{amount(totals.cut)} cut" if totals.cut else "",
        plural(totals.false_starts, "false start") if totals.false_starts else "",
        f"{amount(totals.unheard)} unheard" if totals.unheard else "",
    ]
    text = ", ".join(fact for fact in facts if fact)
    return [(text, "dim")] if text else []


def search_facts(view: TranscriptView) -> Spans:
    """`3 lines of 21`, while something is looked for."""
    return [(f"{plural(view.matches[1], 'line')} of {amount(len(view.entries))}", "accent")]


def search_result(view: TranscriptView) -> str:
    """`2 of 3 matches`, `no match`; empty without a search."""
    at, count = view.matches
    if not view.search_query:
        return ""
    if not count:
        return "no match"
    noun = "match" if count == 1 else "matches"
    return f"{amount(at)} of {amount(count)} {noun}" if at else f"{amount(count)} {noun}"


def title_right(view: TranscriptView, totals: TranscriptTotals, keymap: Mapping[str, str]) -> Spans:
    """The right end: the keys of a search, how far the end is, or the heading of the latencies."""
    if view.search_query:
        return [(with_keys(" {events.next_match} {events.previous_match} ", keymap), "dim")]
    below = view.line_count - view.top - view.page
    if below > 0 and not view.following:
        follows = with_keys("{events.follow} follows", keymap)
        right: Span = (f" {plural(below, 'line')} below, {follows} ", "accent")
        return [right]
    return [(" heard after ", "dim")] if totals.turns else []
