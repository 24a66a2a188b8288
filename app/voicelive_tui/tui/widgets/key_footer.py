"""The footer: the most useful keys as they are mapped, each of them clickable."""

from collections.abc import Mapping, Sequence

from voicelive_tui.model.session.snapshot import SessionSnapshot, SessionState
from voicelive_tui.tui.commands import BY_ID
from voicelive_tui.tui.formatting import RUNNING
from voicelive_tui.tui.keymap import key_of
from voicelive_tui.tui.widgets.single_line import SingleLine
from voicelive_tui.tui.widgets.spans import Span, cells


class KeyFooter(SingleLine):
    """Pairs of key and word. Pairs that do not fit are left out from the end; the last two always
    stay."""

    _inputs: tuple[object, ...] = ()

    def sync(self, keys: Sequence[tuple[str, str, str]]) -> None:
        """Show these keys. keys: (key as shown, word, action)."""
        inputs = (tuple(keys), self.outer_size.width)
        if inputs == self._inputs:
            return
        self._inputs = inputs
        fitting = list(keys)
        while (
            len(fitting) > 2
            and sum(len(key) + len(word) + 3 for key, word, _ in fitting) > self.outer_size.width
        ):
            del fitting[-3]
        spans: list[Span] = []
        clicks: list[tuple[int, int, str]] = []
        for key, word, action in fitting:
            start = cells(spans)
            spans += [(f" {key} ", "keycap"), (f"{word} ", "hint")]
            clicks.append((start, cells(spans), action))
        self.show(spans, (), tuple(clicks))


def footer_keys(
    session: SessionSnapshot | None, muted: bool, keymap: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    """(key as shown, word, action) of each command that is useful in this session, the most
    important first."""
    state = session.state if session is not None else None
    reconnects = state is SessionState.RECONNECTING
    live = [
        ("session.toggle", _toggle_word(state)),
        ("session.mute", "unmute" if muted else "mute"),
        *(() if reconnects else (("talk.toggle", "talk"),)),
        ("talk.interrupt", "stop trying" if reconnects else "interrupt"),
        ("talk.message", "message"),
    ]
    wanted = [
        *(live if state is not SessionState.RECORDED else ()),
        ("events.filter", "filter"),
        ("events.follow", "follow"),
        ("move.open", "details"),
        ("profile.show", "profile"),
        ("tab.open", "open"),
        ("console.palette", "palette"),
        ("console.help", "help"),
        ("console.quit", "quit"),
    ]
    return [(key_of(name, keymap), word, BY_ID[name].full_action) for name, word in wanted]


def _toggle_word(state: SessionState | None) -> str:
    if state is SessionState.RECONNECTING:
        return "try now"
    return "stop" if state in RUNNING else "start"
