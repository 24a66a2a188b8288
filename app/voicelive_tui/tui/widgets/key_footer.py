"""The footer: the keys that are useful in the present state, as they are mapped, each of them
clickable."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from textual.binding import Binding
from textual.widget import Widget

from voicelive_tui.model.session.snapshot import SessionSnapshot, SessionState
from voicelive_tui.tui.commands import BY_ID
from voicelive_tui.tui.keymap import key_of, keys_of, shown_key
from voicelive_tui.tui.session_words import thinks
from voicelive_tui.tui.widgets.page_keys import Key, in_force_keys, sessions_keys, settings_keys
from voicelive_tui.tui.widgets.single_line import SingleLine
from voicelive_tui.tui.widgets.spans import Span, cells

Word = tuple[str, str]
"""A command's id and the word behind its key."""
_FIELD_VERBS = {
    "message": "send",
    "note": "keep",
    "filter": "keep",
    "find": "find",
    "json-find": "find",
    "setting-field": "take it",
}
"""What Enter does in each text field, by the field's id."""
_ENTER_WORDS = {"events": "details", "notices": "its tab", "json": "fold"}
"""What Enter does in each pane but the transcript, by the pane's id."""
_TURN: Word = ("move.previous_turn", "turn")
_FIELD_KEYS = (("alt+enter", "Alt+Enter", "new line"), ("up", "Up", "the last ones"))
"""Keys that a text field may have besides: Textual's name, as shown, and the word."""
_FAULTY: list[Word] = [
    ("profile.edit", "edit"),
    ("session.toggle", "read again"),
    ("profile.show", "text"),
    ("tab.open", "open"),
]
"""The keys of a profile that cannot be used."""
_SETTINGS: Word = ("tune.settings", "settings")


@dataclass(frozen=True, slots=True)
class Focus:
    """Where the user is. name: the id of the widget with the focus. field_keys: the keys that it
    takes itself. following: both panes follow the newest row. takes_back: Esc takes a change of a
    setting back instead of leaving. turn: a turn is shown in the place of events."""

    name: str = "transcript"
    field_keys: Collection[str] = ()
    following: bool = True
    takes_back: bool = False
    turn: bool = False


@dataclass(frozen=True, slots=True)
class FooterState:
    """What the keys depend on besides the session. muted: the microphone is. speaks_file: a file is
    the microphone. unread: there are errors that were not looked at."""

    focus: Focus = Focus()
    muted: bool = False
    speaks_file: bool = False
    unread: bool = False


class KeyFooter(SingleLine):
    """Pairs of key and word. Pairs that do not fit are left out from the end; the last two always
    stay."""

    _inputs: tuple[object, ...] = ()

    def sync(self, keys: Sequence[Key]) -> None:
        """Show these keys."""
        inputs = (tuple(keys), self.outer_size.width)
        if inputs == self._inputs:
            return
        self._inputs = inputs
        spans: list[Span] = []
        clicks: list[tuple[int, int, str]] = []
        for key, word, action in fitting_keys(keys, self.outer_size.width):
            start = cells(spans)
            spans += [(f" {key} ", "keycap"), (f"{word} ", "hint")]
            if action:
                clicks.append((start, cells(spans), action))
        self.show(spans, (), tuple(clicks))


def keys_bound_by(widget: Widget | None) -> frozenset[str]:
    """The keys, by Textual's names, that the class of a widget takes itself."""
    if widget is None:
        return frozenset()
    return _keys_of_class(type(widget))


@lru_cache(maxsize=16)
def _keys_of_class(kind: type[Widget]) -> frozenset[str]:
    keys = (one.key if isinstance(one, Binding) else one[0] for one in kind.BINDINGS)
    return frozenset(key.strip() for several in keys for key in several.split(","))


def fitting_keys(keys: Sequence[Key], width: int) -> list[Key]:
    """The keys that fit into `width` cells: the first ones, and always the last two."""
    fitting = list(keys)
    # The blank behind the last word may be beyond the edge.
    while len(fitting) > 2 and _cells(fitting) - 1 > width:
        del fitting[-3]
    return fitting


def _cells(keys: Sequence[Key]) -> int:
    return sum(cells([(key, ""), (word, "")]) + 3 for key, word, _ in keys)


def footer_keys(
    session: SessionSnapshot | None, keymap: Mapping[str, str], state: FooterState
) -> list[Key]:
    """The keys of this session in their fixed order, the most important ones first."""
    if state.focus.name == "filter-keys":  # which takes the next key, whatever it is
        return [(shown_key("escape"), "back", "")]
    if state.focus.name in _FIELD_VERBS:
        return [*_field_keys(state), *_last_keys(keymap, typing=True)]
    if state.focus.name == "settings":
        return [*settings_keys(keymap, takes_back=state.focus.takes_back), *_last_keys(keymap)]
    if state.focus.name == "sessions":
        return [*sessions_keys(keymap), *_last_keys(keymap)]
    if state.focus.name == "in-force":
        return in_force_keys(keymap)
    words = [*_command_words(session, state), ("console.palette", "palette")]
    keys = [
        (_shown(name, keymap), word, BY_ID[name].full_action) for name, word in dict(words).items()
    ]
    return [*keys, *_last_keys(keymap)]


def _shown(name: str, keymap: Mapping[str, str]) -> str:
    """The key of a command; the walk over the turns has one key for each direction."""
    key = key_of(name, keymap)
    return f"{key} {key_of('move.next_turn', keymap)}" if name == _TURN[0] else key


def _field_keys(state: FooterState) -> list[Key]:
    more = [(shown, word, "") for key, shown, word in _FIELD_KEYS if key in state.focus.field_keys]
    enter, escape = shown_key("enter"), shown_key("escape")
    return [(enter, _FIELD_VERBS[state.focus.name], ""), *more, (escape, "back", "")]


def _last_keys(keymap: Mapping[str, str], *, typing: bool = False) -> list[Key]:
    """Help and quit. typing: with the keys that are not text."""
    last = []
    for name, word in (("console.help", "help"), ("console.quit", "quit")):
        keys = keys_of(name, keymap)
        untyped = [key for key in keys if len(key) > 1] if typing else []
        shown = next(iter(untyped or keys), name)
        last.append((shown, word, BY_ID[name].full_action))
    return last


def _command_words(session: SessionSnapshot | None, state: FooterState) -> list[Word]:
    if session is None:
        return [("tab.open", "open")]
    if state.focus.turn:
        return _of_turn(state)
    match session.state:
        case SessionState.OFF if session.fault is not None:
            return _FAULTY
        case SessionState.OFF:
            return _off(state)
        case SessionState.CONNECTED if session.talking:
            return _turn_open(session, state)
        case SessionState.CONNECTED | SessionState.CONNECTING | SessionState.CLOSING:
            return _running(session, state)
        case SessionState.RECONNECTING:
            return _reconnecting(session, state)
        case SessionState.RECORDED:
            return [*_back_to_newest(state), *_recorded(state)]
        case _:
            return _ended(session, state)


def _of_turn(state: FooterState) -> list[Word]:
    """The keys while a turn is shown in the place of events."""
    return [
        _TURN,
        ("move.slowest", "slowest"),
        ("look.hear", "hear"),
        ("move.open", _ENTER_WORDS.get(state.focus.name, "events")),
        ("events.copy", "copy"),
        ("move.back", "back"),
    ]


def _off(state: FooterState) -> list[Word]:
    return [
        ("session.toggle", "start"),
        *([("talk.toggle", "speak file")] if state.speaks_file else []),
        ("talk.message", "message"),
        _SETTINGS,
        ("tab.open", "open"),
        ("profile.show", "profile"),
    ]


def _running(session: SessionSnapshot, state: FooterState) -> list[Word]:
    answers = session.assistant_speaking or thinks(session)
    talk = "speak file" if state.speaks_file else "talk" if session.manual else ""
    off_air = session.state is SessionState.CONNECTED and not session.on_air
    return [
        *([("session.on_air", "on air")] if off_air else []),
        ("session.toggle", "stop"),
        _mute(state),
        *([("talk.toggle", talk)] if talk and session.on_air else []),
        *([("talk.interrupt", "interrupt")] if answers else []),
        *_message_and_notices(session, state),
        _SETTINGS,
        *_back_to_newest(state),
        *_look(state),
        *([_TURN] if session.view.turns else []),
    ]


def _turn_open(session: SessionSnapshot, state: FooterState) -> list[Word]:
    return [
        ("talk.toggle", "SEND TURN"),
        ("session.toggle", "stop"),
        _mute(state),
        *_message_and_notices(session, state),
        _SETTINGS,
        *_look(state),
    ]


def _reconnecting(session: SessionSnapshot, state: FooterState) -> list[Word]:
    return [
        ("session.toggle", "try now"),
        ("talk.interrupt", "stop trying"),
        _mute(state),
        *_message_and_notices(session, state),
        ("events.next_error", "error"),
        *_look(state),
    ]


def _recorded(state: FooterState) -> list[Word]:
    return [
        ("look.hear", "hear"),
        _TURN,
        ("move.slowest", "slowest"),
        ("events.next_error", "error"),
        *_look(state),
        ("events.export", "write"),
        ("session.toggle", "go on"),
        ("tab.open", "open"),
    ]


def _ended(session: SessionSnapshot, state: FooterState) -> list[Word]:
    failed = session.state is SessionState.FAILED
    again = "go on" if session.can_resume else "try again" if failed else "start"
    return [
        ("session.toggle", again),
        _SETTINGS,
        *([("console.notices", "notices")] if state.unread else []),
        ("profile.edit", "edit"),
        ("events.next_error", "error"),
        ("events.copy", "copy"),
        ("profile.show", "profile"),
        *([("events.export", "write")] if session.view.turns else []),
        ("tab.open", "open"),
        *_back_to_newest(state),
    ]


def _mute(state: FooterState) -> Word:
    return ("session.mute", "unmute" if state.muted else "mute")


def _message_and_notices(session: SessionSnapshot, state: FooterState) -> list[Word]:
    return [
        ("talk.message", "message"),
        *([("console.notices", "notices")] if state.unread else []),
        *([("events.export", "write elsewhere")] if session.recording.stopped else []),
    ]


def _back_to_newest(state: FooterState) -> list[Word]:
    return [] if state.focus.following else [("events.follow", "follow"), ("look.hear", "hear")]


def _look(state: FooterState) -> list[Word]:
    opens = _ENTER_WORDS.get(state.focus.name, "events")
    find: list[Word] = [("events.filter", "find")]
    return find if state.focus.name == "detail" else [*find, ("move.open", opens)]
