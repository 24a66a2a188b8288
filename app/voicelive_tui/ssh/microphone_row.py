"""The last row of the terminal while the console runs on HOST: whether the microphone of this
machine is open. HOST has no part in what it says."""

from dataclasses import dataclass
from typing import Final

from voicelive_tui.model.events.gists.phrases import clock_length

MUTE_KEY: Final = "ctrl+\\"


@dataclass(frozen=True, slots=True)
class MicrophoneState:
    """What the row tells. peer: whether the console on HOST has joined the sound. open_s: for how
    many seconds it has had the microphone open; None while it is closed. muted: whether it is muted
    at this machine. problem: a sentence about the sound, empty if there is none. way: how the sound
    goes if not by a socket that only the user can open, else empty."""

    peer: bool = False
    open_s: float | None = None
    muted: bool = False
    problem: str = ""
    way: str = ""


_LONGEST_HOST: Final = 28
"""So that the key still stands in a terminal of 80 columns."""
_OPEN: Final = b"1;97;41"
_MUTED: Final = b"1;30;43"
_CLOSED: Final = b"7"


def row_text(state: MicrophoneState, host: str, columns: int, *, unicode: bool = True) -> str:
    """The text of the row, at most `columns` - 1 characters: a terminal moves on after the last
    column."""
    dot, cut = ("●", "…") if unicode else ("(*)", "~")
    if len(host) > _LONGEST_HOST:
        host = host[: _LONGEST_HOST - 1] + cut
    action = f"{MUTE_KEY} {'unmutes' if state.muted else 'mutes'} here"
    if state.muted:
        what = f"microphone MUTED here for {host}"
    elif state.open_s is not None:
        what = f"{dot} microphone open for {host}, {clock_length(state.open_s)}"
    elif state.peer:
        what = f"microphone closed; {host} may open it"
    else:
        what = f"microphone closed; no console on {host} uses the sound"
    parts = [what, action]
    if state.problem:
        parts.append(f"no sound: {state.problem}")
    if state.way:
        parts.append(state.way)
    return f" {'   '.join(parts)}"[: max(0, columns - 1)]


def row_bytes(
    state: MicrophoneState, host: str, *, row: int, columns: int, unicode: bool = True
) -> bytes:
    """The control sequences that draw the row at this row of the terminal, counted from 1; the
    cursor stays."""
    look = _MUTED if state.muted else _CLOSED if state.open_s is None else _OPEN
    text = row_text(state, host, columns, unicode=unicode).ljust(max(0, columns - 1))
    # Save the cursor, positions of the whole screen, letters instead of the line drawing that the
    # program may have chosen, erase the row in its colour, restore.
    start = b"\x1b7\x1b[?6l\x1b(B\x0f\x1b[%d;1H\x1b[0;%sm\x1b[2K" % (row, look)
    return start + text.encode(errors="replace") + b"\x1b[0m\x1b8"
