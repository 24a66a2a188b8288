"""The second row in three groups: the state word with its own clock; model, voice, turn
detection and the link to the sound devices; latency, tokens and the time left. What matters least
is left out of a narrow screen."""

import math
from collections.abc import Mapping
from itertools import takewhile
from typing import Any

from textual.strip import Strip
from voicelive_common.printable import printable

from voicelive_tui.model.profile.profile import Profile
from voicelive_tui.model.session.snapshot import (
    AudioStatus,
    SessionSnapshot,
    SessionState,
    SessionView,
    SoundLink,
)
from voicelive_tui.model.turns.prices import Cost, PriceTable
from voicelive_tui.tui.formatting import amount, countdown, plural, whole_ms
from voicelive_tui.tui.keymap import with_keys
from voicelive_tui.tui.limits import NO_LIMITS, Limits
from voicelive_tui.tui.screen_layout import SMALLEST_COLUMNS, SMALLEST_ROWS, screen_layout
from voicelive_tui.tui.session_words import seconds_to_tick, state_time, state_word
from voicelive_tui.tui.sound_words import link_words, short_link_words
from voicelive_tui.tui.widgets.service_names import turn_detection, voice_name
from voicelive_tui.tui.widgets.single_line import SingleLine
from voicelive_tui.tui.widgets.spans import Span, Spans, cells, fit, wrap

_LOST_IN_ORDER = (
    "prefix", "turn", "p95", "tokens", "sound", "detection", "cost", "voice", "machine", "model",
)  # fmt: skip
"""What a narrowing screen loses, the first one first. sound: the words about the machine with the
sound devices but its name and the round trip; machine: these, too."""
_SPELLED_FROM, _WIDE_FROM = 120, 160
_STATE_CELLS, _WIDE_STATE_CELLS = 21, 24
"""Where the second group begins, below and from `_STATE_COLUMNS` on, so that it stays in its
place whatever the state."""
_STATE_COLUMNS = 100
_LONGEST_MODEL = 28
_MOST_LEFT_S = 86_400
"""A session lasts an hour at most; an expiry beyond a day, or in the past, comes from a scenario
whose clock is another one and says nothing."""
_NEARLY_OVER_S = 120
_TOO_SMALL = (
    f"This terminal is too small: the console needs {SMALLEST_COLUMNS} columns and "
    f"{SMALLEST_ROWS} rows."
)


class StatusLine(SingleLine):
    """The state of the current session in figures. On a screen that is too small for anything else
    it says so."""

    def __init__(
        self,
        keymap: Mapping[str, str],
        prices: PriceTable | None,
        limits: Limits,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
    ) -> None:
        super().__init__(id=id)
        self._keymap, self._prices, self._limits = keymap, prices, limits
        self._seen: tuple[SessionView | None, Profile | None, object] = (None, None, ())
        """Of what the shown row was made: view and profile as they are replaced as a whole."""
        self.due_s = math.inf
        """When a running clock shows something else, on the console's clock."""

    def sync(
        self,
        session: SessionSnapshot | None,
        profile: Profile | None,
        audio: AudioStatus,
        *,
        since_s: float,
        now_s: float,
        wall_s: float,
        marks: Spans = (),
    ) -> None:
        """Show the session's current figures. since_s, now_s: seconds on the engine's clock, the
        first of them when the state began. wall_s: seconds since the epoch. marks: those of the
        first row, for a screen without it."""
        self.due_s = math.inf
        if session is None:
            self._seen = (None, None, ())
            opens = with_keys("{tab.open} opens a profile", self._keymap)
            self.show([(f" no tab is open: {opens}", "dim")])
            return
        word = state_word(session, audio)
        self.due_s = now_s + seconds_to_tick(word, session, since_s, now_s)
        state: list[Span] = [(word.text, word.look)]
        if time := state_time(word, session, since_s, now_s):
            state.append((f" {time}", ""))
        if session.ends_early:
            state.append((" incomplete", "warn"))
        width, seen = self.outer_size.width, self._seen
        link = None if session.state is SessionState.RECORDED else audio.link
        figures = (
            tuple(state), session.state, session.tries, int(wall_s), tuple(marks), link, width,
        )  # fmt: skip
        if seen[0] is session.view and seen[1] is profile and seen[2] == figures:
            return
        self._seen = (session.view, profile, figures)
        left, right = status_groups(
            state, session, profile, wall_s, width - cells(marks), self._prices, self._limits, link
        )
        self.show(left, [*right, *marks])

    def render_line(self, y: int) -> Strip:
        """The row, or a part of the sentence that the screen is too small."""
        if screen_layout(*self.app.size).arrangement != "too small":
            return super().render_line(y)
        rows = wrap([(_TOO_SMALL, "")], self.size.width)
        return self.strip(rows[y] if y < len(rows) else (), self.size.width)


def status_groups(
    state: Spans,
    session: SessionSnapshot,
    profile: Profile | None,
    wall_s: float,
    width: int,
    prices: PriceTable | None = None,
    limits: Limits = NO_LIMITS,
    link: SoundLink | None = None,
) -> tuple[list[Span], list[Span]]:
    """The spans at the left and at the right, in `width` cells. state: the first group. link: the
    one to the machine with the sound devices."""
    row = _Row(session, profile, wall_s, width, prices, limits, link)
    for number in range(len(_LOST_IN_ORDER) + 1):
        lost = frozenset(_LOST_IN_ORDER[:number])
        left, right = row.left(state, lost), row.right(lost)
        if cells(left) + cells(right) + 2 <= width:
            break
    return left, right


class _Row:
    """The second and the third group at one width. lost: what is left out, by the names in
    `_LOST_IN_ORDER`."""

    def __init__(
        self,
        session: SessionSnapshot,
        profile: Profile | None,
        wall_s: float,
        width: int,
        prices: PriceTable | None,
        limits: Limits,
        link: SoundLink | None,
    ) -> None:
        self._prices, self._limits, self._link = prices, limits, link
        self._session, self._view = session, session.view
        asked: Mapping[str, Any] = profile.session if profile is not None else {}
        settings: Mapping[str, Any] = session.view.effective or asked
        usable = profile is not None and profile.fault is None
        self._model = session.view.model or (profile.service.model if profile and usable else "")
        self._wall_s = wall_s
        self._spelled, self._wide = width >= _SPELLED_FROM, width >= _WIDE_FROM
        spelled, wide = self._spelled, self._wide
        self._voice = voice_name(settings.get("voice"), spelled=spelled)
        self._detection, self._detection_with_prefix = (
            turn_detection(settings, spelled=spelled, wide=wide, prefix=prefix)
            for prefix in (False, True)
        )
        self._state_cells = _WIDE_STATE_CELLS if width >= _STATE_COLUMNS else _STATE_CELLS

    def left(self, state: Spans, lost: frozenset[str]) -> list[Span]:
        """The state and the group beside it."""
        spans: list[Span] = [(" ", ""), *state]
        for position, field in enumerate(self._middle(lost)):
            gap = 2 if position else max(2, self._state_cells - cells(spans))
            spans += [(" " * gap, ""), field]
        return spans

    def _middle(self, lost: frozenset[str]) -> list[Span]:
        session = self._session
        if session.tries:
            if "model" in lost:
                return []
            refused = f"  HTTP {session.http_status}" if session.http_status is not None else ""
            return [(f"try {session.tries}{refused}", "warn")]
        fields: list[Span] = []
        if self._model and "model" not in lost:
            fields.append((fit(printable(self._model), _LONGEST_MODEL), ""))
        if self._voice and "voice" not in lost:
            fields.append((self._voice, ""))
        detection = self._detection if "prefix" in lost else self._detection_with_prefix
        if detection and "detection" not in lost:
            fields.append((detection, ""))
        if self._link is not None and "machine" not in lost:
            fields.append(_sound(self._link, short="sound" in lost))
        return fields

    def right(self, lost: frozenset[str]) -> list[Span]:
        """Turn, latency, tokens, their cost and the time left."""
        fields = [
            self._turn(lost),
            self._latency(lost),
            self._tokens(lost),
            self._cost(lost),
            self._time_left(),
        ]
        spans: list[Span] = []
        for field in fields:
            spans += [("  ", ""), *field] if field and spans else field
        return [*spans, (" ", "")] if spans else []

    def _turn(self, lost: frozenset[str]) -> list[Span]:
        turns, state = self._view.turns, self._session.state
        if not turns and self._session.fault is not None:
            return [("its profile has an error", "bad")]
        # A greeting is no turn, and stands before all turns.
        greetings = sum(1 for _ in takewhile(lambda turn: turn.greeting, turns))
        if len(turns) == greetings:
            none = {
                SessionState.OFF: "no session yet",
                SessionState.ENDED: "no turn was held",
                SessionState.FAILED: "no turn was held",
            }
            return [(none[state], "dim")] if state in none and "turn" not in lost else []
        if "turn" in lost:
            return []
        if state in (SessionState.RECORDED, SessionState.ENDED, SessionState.FAILED):
            return [(plural(len(turns) - greetings, "turn"), "")]
        return [("turn ", "dim"), (str(turns[-1].number - greetings), "")]

    def _latency(self, lost: frozenset[str]) -> list[Span]:
        stats = self._view.totals.latencies.heard
        if stats.p50_ms is None or stats.p95_ms is None:
            return []
        name = "heard after p50 " if self._wide and "p95" not in lost else "p50 "
        spans: list[Span] = [(name, "dim"), self._heard_after(stats.p50_ms)]
        if "p95" not in lost:
            spans += [(" p95 ", "dim"), self._heard_after(stats.p95_ms)]
        if (
            "p95" not in lost
            and self._wide
            and stats.worst_ms is not None
            and stats.worst_ms > stats.p95_ms
        ):
            spans += [(" worst ", "dim"), self._heard_after(stats.worst_ms)]
        return [*spans, (" ms", "dim")]

    def _heard_after(self, ms: float) -> Span:
        shown = amount(whole_ms(ms))
        return (f"! {shown}", "warn") if ms > self._limits.heard_ms else (shown, "")

    def _tokens(self, lost: frozenset[str]) -> list[Span]:
        used = self._view.input_tokens, self._view.output_tokens
        if not any(used) or "tokens" in lost:
            return []
        if self._wide:
            taken, given = used
            return [
                ("tokens ", "dim"),
                (amount(taken), ""),
                (" in ", "dim"),
                (amount(given), ""),
                (" out", "dim"),
            ]
        return [(_thousands(sum(used)), ""), (" tokens" if self._spelled else " tok", "dim")]

    def _cost(self, lost: frozenset[str]) -> list[Span]:
        """What the tokens of the session cost by the user's prices, where all of them have one."""
        usage = self._view.usage
        if self._prices is None or "cost" in lost or not usage:
            return []
        cost = self._prices.total(usage)
        if not isinstance(cost, Cost):
            return []
        return [(self._prices.shown(cost.amount, 2), ""), (" est", "dim")]

    def _time_left(self) -> list[Span]:
        expires = self._view.expires_at_unix_s
        if self._session.state is not SessionState.CONNECTED or expires is None:
            return []
        left_s = expires - self._wall_s
        if not 0 < left_s <= _MOST_LEFT_S:
            return []
        name = "expires " if self._spelled else ""
        return [(name, "dim"), (countdown(left_s), "warn" if left_s < _NEARLY_OVER_S else "")]


def _sound(link: SoundLink, *, short: bool) -> Span:
    """`sound: laptop (ssh, 23 ms)`, or `laptop 23 ms`."""
    return (short_link_words(link) if short else f"sound: {link_words(link)}", "")


def _thousands(number: int) -> str:
    """Format a number in at most five cells where it is below a million: 1935 as `1.9k`."""
    return str(number) if number < 1000 else f"{number // 100 / 10:.1f}k"
