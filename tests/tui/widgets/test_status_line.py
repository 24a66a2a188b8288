"""The three groups of the status line, and what of them remains on a narrow screen."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from voicelive_tui.model.profile.profile import Profile
from voicelive_tui.model.session.snapshot import (
    SessionSnapshot,
    SessionState,
    SessionView,
    SoundLink,
)
from voicelive_tui.model.turns.latency import LatencyStats, Percentiles, TurnTotals
from voicelive_tui.model.turns.prices import ModelPrices, PriceTable
from voicelive_tui.model.turns.token_usage import TokenUsage
from voicelive_tui.model.turns.turn import Turn
from voicelive_tui.tui.limits import Limits
from voicelive_tui.tui.widgets.service_names import turn_detection, voice_name
from voicelive_tui.tui.widgets.spans import cells
from voicelive_tui.tui.widgets.status_line import status_groups

from tests.tui.support.spans import text_of

DETECTION = {
    "type": "azure_semantic_vad",
    "threshold": 0.5,
    "silence_duration_ms": 500,
    "prefix_padding_ms": 300,
}
VIEW = SessionView(
    turns=(Turn(5, 1.0, asked_s=2.0, heard_s=2.742),),
    totals=TurnTotals(latencies=LatencyStats(heard=Percentiles(4, 742, 742.9, 1920))),
    usage=(("gpt-4o", TokenUsage(1204, 731)),),
    model="gpt-4o",
    expires_at_unix_s=3537,
    effective={
        "voice": {"name": "en-US-Ava:DragonHDLatestNeural", "type": "azure-standard"},
        "turn_detection": DETECTION,
    },
)
SESSION = SessionSnapshot("k", "k", SessionState.CONNECTED, connected_s=0.0, view=VIEW)
STATE = [("AGENT SPEAKS", "agent"), (" 2.5 s", "")]


def row(width: int, session: SessionSnapshot = SESSION, **more: Any) -> str:
    profile, prices, link = (more.get(name) for name in ("profile", "prices", "link"))
    left, right = status_groups(STATE, session, profile, 0.0, width, prices, link=link)
    assert cells(left) + cells(right) <= width
    return text_of(left) + " " * (width - cells(left) - cells(right)) + text_of(right)


def test_a_wide_screen_shows_everything_spelled_out() -> None:
    assert row(180).startswith(
        " AGENT SPEAKS 2.5 s     gpt-4o  en-US-Ava  azure_semantic_vad 0.5 / 500 / 300 ms  "
    )
    assert row(180).endswith(
        "turn 5  heard after p50 742 p95 1 920 ms  tokens 1 204 in 731 out  expires 58:57 "
    )


def test_a_wide_screen_shows_the_worst_latency_that_p95_does_not_reach() -> None:
    heard = Percentiles(30, 742, 742.9, 1920, 2310, 7)
    totals = TurnTotals(latencies=LatencyStats(heard=heard))
    session = replace(SESSION, view=replace(VIEW, totals=totals))
    assert "heard after p50 742 p95 1 920 worst 2 310 ms" in row(200, session)
    assert "worst" not in row(140, session)


def test_a_greeting_is_no_turn() -> None:
    greeting = Turn(1, 0.0, asked_s=0.0, greeting=True)
    alone = replace(SESSION, view=replace(VIEW, turns=(greeting,)))
    assert "turn" not in row(180, alone).partition("300 ms")[2]
    then = replace(SESSION, view=replace(VIEW, turns=(greeting, Turn(2, 1.0, asked_s=2.0))))
    assert "turn 1 " in row(180, then)
    ended = replace(then, state=SessionState.ENDED)
    assert "1 turn " in row(180, ended)


def test_a_latency_over_the_limit_is_marked() -> None:
    _, right = status_groups(STATE, SESSION, None, 0.0, 140, limits=Limits(heard_ms=1500))
    assert ("! 1 920", "warn") in right
    assert ("742", "") in right


def test_what_matters_least_is_lost_first_and_state_median_and_time_left_never() -> None:
    kept = ("500/300", "turn 5", "p95", "tok", "semantic_vad", "Ava", "gpt-4o")
    lost_at = []
    for sign in kept:
        widths = [width for width in range(40, 120) if sign in row(width)]
        lost_at.append(min(widths, default=120))
    assert lost_at == sorted(lost_at, reverse=True)
    assert lost_at[-1] > 40
    for width in range(40, 220):
        shown = row(width)
        assert shown.startswith(" AGENT SPEAKS 2.5 s")
        assert "p50 742" in shown
        assert shown.endswith("58:57 ")


def test_the_link_to_the_sound_devices_is_named_with_its_round_trip() -> None:
    link = SoundLink("laptop", "ssh", 23.9)
    assert "ms  sound: laptop (ssh, 23 ms)  " in row(180, link=link)
    assert "  gpt-4o  Ava  laptop 23 ms  " in row(80, link=link)
    assert "laptop" not in row(56, link=link) and "gpt-4o" in row(56, link=link)


@pytest.mark.parametrize("link", [SoundLink("laptop"), SoundLink("laptop", "ssh", 23, 1, 5.0)])
def test_a_round_trip_that_is_not_known_or_past_is_not_shown(link: SoundLink) -> None:
    assert "  sound: laptop (ssh)  " in row(180, link=link)
    assert "  Ava  laptop  " in row(80, link=link)


@given(st.integers(40, 220), st.text(max_size=80))
def test_a_link_to_any_machine_fits_at_every_width(width: int, machine: str) -> None:
    shown = row(width, link=SoundLink(machine, "socket", 123_456.0))
    assert shown.startswith(" AGENT SPEAKS 2.5 s") and shown.endswith("58:57 ")


def test_the_cost_of_the_session_is_an_estimate_by_the_user_s_prices() -> None:
    usage = TokenUsage(1204, 731, input_text=1204, output_audio=731)
    used = replace(SESSION, view=replace(VIEW, usage=(("gpt-4o", usage),)))
    prices = PriceTable("2026-11-01", "$", {"gpt-4o": ModelPrices(4, output_audio=80)})
    assert "731 out  $0.06 est  expires 58:57 " in row(180, used, prices=prices)
    assert "est" not in row(180, used)
    assert "est" not in row(180, prices=prices)
    lost_at = [
        min(width for width in range(40, 220) if sign in row(width, used, prices=prices))
        for sign in ("semantic_vad", "est", "Ava")
    ]
    assert lost_at == sorted(lost_at, reverse=True)


def test_the_model_stays_in_its_place_whatever_the_state() -> None:
    for width in (80, 100, 140):
        places = set()
        for word in ("OFF", "THINKING 3.5 s", "AGENT SPEAKS 2.5 s"):
            left, _ = status_groups([(word, "")], SESSION, None, 0.0, width)
            places.add(text_of(left).index("gpt-4o"))
        assert len(places) == 1


@pytest.mark.parametrize("expires", [0, -100, 10**9])
def test_an_expiry_by_another_clock_is_not_shown(expires: int) -> None:
    session = replace(SESSION, view=replace(VIEW, expires_at_unix_s=expires))
    assert "expires" not in row(180, session)
    assert "00:00" not in row(180, session)


def test_before_a_session_the_profile_says_what_will_be_asked_for() -> None:
    profile = Profile("k", session={"voice": "alloy", "turn_detection": "none"})
    off = SessionSnapshot("k", "k")
    shown = row(100, off, profile=profile)
    assert "gpt-4o  alloy  manual turns" in shown
    assert shown.endswith("no session yet ")


def test_a_wait_says_the_try_and_its_cause() -> None:
    waits = replace(SESSION, state=SessionState.RECONNECTING, tries=2, http_status=503)
    assert "try 2  HTTP 503" in row(60, waits)
    assert "HTTP 503" not in row(40, waits)
    assert "gpt-4o" not in row(100, waits)
    assert "58:57" not in row(100, waits)


@pytest.mark.parametrize(
    ("voice", "short", "spelled"),
    [
        ("alloy", "alloy", "alloy"),
        ({"name": "en-US-Ava:DragonHDLatestNeural"}, "Ava", "en-US-Ava"),
        ({"name": "de-DE-FlorianMultilingualNeural"}, "Florian", "de-DE-Florian"),
        ({"name": 5}, "", ""),
        (None, "", ""),
        ("none", "", ""),
    ],
    ids=str,
)
def test_a_voice_is_named_without_its_kind(voice: object, short: str, spelled: str) -> None:
    assert voice_name(voice, spelled=False) == short
    assert voice_name(voice, spelled=True) == spelled


@pytest.mark.parametrize(
    ("detection", "words"),
    [
        (DETECTION, "semantic_vad 0.5/500"),
        ({"type": "server_vad"}, "server_vad"),
        ({"type": "server_vad", "threshold": True, "silence_duration_ms": 200}, "server_vad 200"),
        (None, "manual turns"),
        ({"type": 7}, ""),
    ],
    ids=str,
)
def test_turn_detection_is_named_with_its_figures(detection: object, words: str) -> None:
    settings = {"turn_detection": detection}
    assert turn_detection(settings, spelled=False, wide=False, prefix=False) == words
    assert turn_detection({}, spelled=False, wide=False, prefix=False) == ""
