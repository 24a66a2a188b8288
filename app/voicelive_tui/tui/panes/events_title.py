"""The titles of event list and details. Pure functions of what they show."""

from collections.abc import Mapping

from voicelive_common.printable import printable

from voicelive_tui.journal.index import EventIndex
from voicelive_tui.journal.view import Row
from voicelive_tui.model.events.record import Record
from voicelive_tui.tui.formatting import amount, minutes
from voicelive_tui.tui.keymap import with_keys
from voicelive_tui.tui.tab_state import TabState
from voicelive_tui.tui.widgets.event_list import EventList
from voicelive_tui.tui.widgets.spans import Span, Spans, fit, fit_middle
from voicelive_tui.tui.widgets.transcript_lines import milliseconds

_FILTER_CELLS = 20


def marks_apart(index: EventIndex, first_n: int, second_n: int) -> str:
    """The time between two marked events, as a sentence."""
    first_s, second_s = index.t_s(first_n), index.t_s(second_n)
    begin, end = minutes(first_s), minutes(second_s)
    which = "before" if second_s < first_s else "after"
    return f"{end} is {milliseconds(abs(second_s - first_s) * 1000)} {which} {begin}."


def list_facts(state: TabState, rows: int, counted: int, marks: tuple[int, ...]) -> Spans:
    """The facts in the list's title: rows of all events, and the time mark, or the time between
    two."""
    facts: list[Span] = []
    if state.index is not None:
        facts = [(f"{amount(rows)} of {amount(max(rows, counted))}", "dim")]
    if marks and state.index is not None:
        times_s = [state.index.t_s(n) for n in marks]
        text = " to ".join(minutes(t_s) for t_s in times_s)
        if len(times_s) > 1:
            text += f", {milliseconds(abs(times_s[1] - times_s[0]) * 1000)}"
        facts.append((f"  mark {text}", "accent"))
    return facts


def list_end(
    events: EventList, state: TabState, keymap: Mapping[str, str], *, mistaken: bool = False
) -> Spans:
    """The right end of the list's title: what came since the list does not follow, with the key
    that follows, and the filter. mistaken: a filter with a mistake is being typed."""
    shown: list[Span] = [(" ", "")]
    if not events.following and events.view and events.view.rows:
        new = f"{amount(events.unseen)} new, " if events.unseen else ""
        follows = with_keys("{events.follow} follows", keymap)
        shown.append((f"{new}{follows}  ", "accent" if new else "dim"))
    if mistaken:
        shown.append(("last good: ", "warn"))
    elif state.lit is not None:
        shown.append(("shaded: ", "accent"))
    expr = fit(printable(state.expr), _FILTER_CELLS)
    return [*shown, (expr, "accent" if state.expr != state.default else "dim"), (" ", "")]


def detail_title(
    record: Record | None,
    index: EventIndex | None,
    row: Row | None,
    keymap: Mapping[str, str],
) -> tuple[str, Spans, Spans]:
    """Name, facts and position for the title of the details. row: the row under the cursor, None
    while the list follows."""
    if record is None or index is None:
        return "Event", [], []
    facts: list[Span] = [(f" {printable(fit_middle(record.type, 60))}", "dim")]
    if row is not None and row.count > 1 and row.last_n == record.n:
        facts.append((f"  x{amount(row.count)}", "dim"))
    elif size := index.size_bytes(record.n):
        facts.append((f"  {amount(size)} bytes", "dim"))
    keys = with_keys(" {move.open} JSON ", keymap) if record.event else ""
    return (
        f"Event {amount(record.n)}",
        facts,
        [(keys if row is not None else f" latest {keys}", "dim")],
    )
