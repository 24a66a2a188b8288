"""Which keys the footer offers in each state, and which of them remain on a narrow screen."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from voicelive_tui.model.session.recording_status import RecordingStatus
from voicelive_tui.model.session.snapshot import SessionSnapshot, SessionState, SessionView
from voicelive_tui.model.turns.turn import Turn
from voicelive_tui.tui.message_history import MessageHistory
from voicelive_tui.tui.widgets.key_footer import (
    Focus,
    FooterState,
    fitting_keys,
    footer_keys,
    keys_bound_by,
)
from voicelive_tui.tui.widgets.message_field import MessageField

LIVE, OFF, RETRY = SessionState.CONNECTED, SessionState.OFF, SessionState.RECONNECTING
ONE_TURN = SessionView(turns=(Turn(1, 0.0),))
NOT_RECORDED = RecordingStatus(wanted=True, problem="The disk is full.")
DETAILS = FooterState(Focus("detail"))


def session(state: SessionState, **more: Any) -> SessionSnapshot:
    return SessionSnapshot("k", "k", state, **{"on_air": True, "ready": True, **more})


def footer(shown: SessionSnapshot | None, state: FooterState | None = None) -> str:
    """The keys with their words, without those that stand at every footer's end."""
    keys = [f"{key} {word}" for key, word, _ in footer_keys(shown, {}, state or FooterState())]
    assert keys[-2:] == ["? help", "q quit"]
    return "  ".join(key for key in keys[:-2] if key != "^p palette")


@pytest.mark.parametrize(
    ("shown", "state", "words"),
    [
        (None, None, "+ open"),
        (session(OFF), None, "s start  i message  , settings  + open  p profile"),
        (
            session(OFF),
            FooterState(speaks_file=True),
            "s start  t speak file  i message  , settings  + open  p profile",
        ),
        (session(LIVE), None, "s stop  m mute  i message  , settings  / find  Enter events"),
        (
            session(LIVE),
            FooterState(muted=True),
            "s stop  m unmute  i message  , settings  / find  Enter events",
        ),
        (session(LIVE), DETAILS, "s stop  m mute  i message  , settings  / find"),
        (
            session(LIVE),
            FooterState(Focus("notices")),
            "s stop  m mute  i message  , settings  / find  Enter its tab",
        ),
        (
            session(LIVE),
            FooterState(Focus("json")),
            "s stop  m mute  i message  , settings  / find  Enter fold",
        ),
        (
            session(LIVE),
            FooterState(Focus("events", following=False)),
            "s stop  m mute  i message  , settings  f follow  space hear  / find  Enter details",
        ),
        (
            session(LIVE, assistant_speaking=True),
            None,
            "s stop  m mute  x interrupt  i message  , settings  / find  Enter events",
        ),
        (
            session(LIVE, turn_open=True),
            None,
            "s stop  m mute  x interrupt  i message  , settings  / find  Enter events",
        ),
        (
            session(LIVE, on_air=False),
            None,
            "a on air  s stop  m mute  i message  , settings  / find  Enter events",
        ),
        (
            session(LIVE, manual=True),
            None,
            "s stop  m mute  t talk  i message  , settings  / find  Enter events",
        ),
        (
            session(LIVE, manual=True, talking=True),
            None,
            "t SEND TURN  s stop  m mute  i message  , settings  / find  Enter events",
        ),
        (
            session(LIVE, recording=NOT_RECORDED),
            None,
            "s stop  m mute  i message  w write elsewhere  , settings  / find  Enter events",
        ),
        (
            session(RETRY),
            None,
            "s try now  x stop trying  m mute  i message  e error  / find  Enter events",
        ),
        (
            session(SessionState.FAILED),
            None,
            "s try again  , settings  ^e edit  e error  y copy  p profile  + open",
        ),
        (
            session(SessionState.ENDED, view=ONE_TURN),
            None,
            "s start  , settings  ^e edit  e error  y copy  p profile  w write  + open",
        ),
        (
            session(SessionState.ENDED, can_resume=True),
            None,
            "s go on  , settings  ^e edit  e error  y copy  p profile  + open",
        ),
        (
            session(SessionState.RECORDED),
            None,
            "space hear  ( ) turn  L slowest  e error  / find  Enter events  w write  s go on"
            "  + open",
        ),
        (
            session(SessionState.RECORDED),
            FooterState(Focus(following=False)),
            "f follow  space hear  ( ) turn  L slowest  e error  / find  Enter events  w write"
            "  s go on  + open",
        ),
        (
            session(SessionState.CONNECTED, on_air=True),
            FooterState(Focus(turn=True)),
            "( ) turn  L slowest  space hear  Enter events  y copy  Esc back",
        ),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_the_footer_offers_what_is_useful_now(
    shown: SessionSnapshot | None, state: FooterState | None, words: str
) -> None:
    assert footer(shown, state) == words


@pytest.mark.parametrize(("name", "verb"), [("message", "send"), ("filter", "keep")])
def test_in_a_text_field_no_letter_is_offered_as_a_key(name: str, verb: str) -> None:
    keys = footer_keys(session(LIVE), {}, FooterState(Focus(name)))
    assert [f"{key} {word}" for key, word, _ in keys] == [
        f"Enter {verb}",
        "Esc back",
        "F1 help",
        "^q quit",
    ]


def test_a_field_with_several_lines_and_a_history_says_so() -> None:
    state = FooterState(Focus("message", {"escape", "alt+enter", "up"}))
    words = [f"{key} {word}" for key, word, _ in footer_keys(session(LIVE), {}, state)]
    assert words[:4] == ["Enter send", "Alt+Enter new line", "Up the last ones", "Esc back"]


def test_the_keys_of_a_widget_are_those_that_its_class_binds() -> None:
    assert {"escape", "alt+enter", "up"} <= keys_bound_by(MessageField(MessageHistory()))
    assert keys_bound_by(None) == set()


@given(st.sampled_from(list(SessionState)), st.integers(40, 220), st.booleans())
def test_as_many_keys_as_fit_are_shown_in_their_order_and_help_and_quit_always(
    state: SessionState, width: int, unread: bool
) -> None:
    keys = footer_keys(session(state), {}, FooterState(unread=unread))
    fitting = fitting_keys(keys, width)
    shown = "".join(f" {key} {word} " for key, word, _ in fitting)
    assert len(shown.rstrip()) <= width
    assert fitting == [*keys[: len(fitting) - 2], *keys[-2:]]
    if len(fitting) < len(keys):
        key, word, _ = keys[len(fitting) - 2]
        assert len(shown) - 1 + len(f" {key} {word} ") > width


def test_nothing_is_offered_while_the_next_key_is_a_letter_of_the_filter() -> None:
    keys = footer_keys(session(LIVE), {}, FooterState(Focus("filter-keys")))
    assert keys == [("Esc", "back", "")]


def test_the_page_of_the_settings_in_force_offers_its_own_keys_and_always_how_it_closes() -> None:
    keys = footer_keys(session(LIVE), {"session.on_air": "f6"}, FooterState(Focus("in-force")))
    shown = [f"{key} {word}" for key, word, _ in keys]
    assert shown[:4] == ["Enter to the field", "f6 all keys", "y copy as TOML", "[ ] tab"]
    assert f"{fitting_keys(keys, 60)[-1][0]} {fitting_keys(keys, 60)[-1][1]}" == "D close"
