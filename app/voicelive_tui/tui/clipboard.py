"""Chooses the text for the clipboard: a transcript line, an event or a whole turn. Pure functions
of the selection."""

from dataclasses import dataclass

from voicelive_tui.tui.export import event_text, line_text
from voicelive_tui.tui.export_files import filtered
from voicelive_tui.tui.formatting import amount
from voicelive_tui.tui.selection import Selection
from voicelive_tui.tui.turn_at import turn_at, turn_of_line
from voicelive_tui.tui.turn_text import turn_text


@dataclass(frozen=True, slots=True)
class Copied:
    """A text for the clipboard. name: what it is, for the message about it."""

    name: str
    text: str


def copy_item(selection: Selection) -> Copied | None:
    """The selected transcript line if the transcript has the focus, else the event in the details;
    None without either."""
    if selection.line is not None:
        return Copied("the transcript line", line_text(selection.line))
    if selection.record is not None:
        return Copied(f"event {amount(selection.record.n)}", event_text(selection.record))
    return None


def copy_turn(selection: Selection) -> Copied | None:
    """The turn of the selected line or event, else the last turn, with the events that the filter
    lets through; None before the first turn."""
    view = selection.session.view
    if not view.turns:
        return None
    position = _turn_at(selection) or 0
    turn = view.turns[position]
    until_s = view.turns[position + 1].started_s if position + 1 < len(view.turns) else None
    text = turn_text(turn, view.transcript, selection.index, until_s, filtered(selection))
    return Copied(f"turn {turn.number}", text)


def _turn_at(selection: Selection) -> int | None:
    turns = selection.session.view.turns
    if selection.line is not None:
        return turn_of_line(turns, selection.line)
    if selection.event_n is not None:
        return turn_at(turns, selection.index.t_s(selection.event_n))
    return len(turns) - 1
