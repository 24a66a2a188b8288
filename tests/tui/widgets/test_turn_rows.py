"""The rows of a turn, as in the picture of the design."""

from dataclasses import replace

import pytest
from rich.cells import cell_len
from voicelive_tui.model.turns.prices import ModelPrices, PriceTable
from voicelive_tui.model.turns.tool_span import ToolSpan
from voicelive_tui.model.turns.turn import Turn
from voicelive_tui.model.turns.turn_link import TurnLink
from voicelive_tui.tui.widgets.spans import cells
from voicelive_tui.tui.widgets.turn_rows import TurnFacts, turn_rows, turn_sentence

from tests.support.memory_journal import MemoryJournal
from tests.support.tool_turn import tool_turn
from tests.tui.support.spans import text_of

PRICES = PriceTable("2026-11-01", "$", {"gpt-4o": ModelPrices(4, 40, None, 2, None, 16, 80)})


@pytest.fixture
def turn() -> Turn:
    journal = MemoryJournal()
    tool_turn(journal)
    return journal.turn(1)


def rows(facts: TurnFacts, width: int = 46) -> list[str]:
    return [text_of(row).rstrip() for row in turn_rows(facts, width)]


def test_a_turn_is_a_waterfall_with_its_latencies_tokens_and_cost(turn: Turn) -> None:
    assert rows(TurnFacts(turn, "Turn 4", 56.2, 5, PRICES)) == [
        "                                0    0.8 s",
        " your voice ended        0:52.2",
        " end of turn waited     +506 ms ████",
        "   by its own clock     +500 ms ····",
        " response created         +8 ms",
        " get_parcel called      +236 ms    ██",
        " get_parcel ran         +640 ms      █████",
        " second response         +28 ms",
        " first byte             +334 ms           ██",
        " first sound heard      +168 ms             █",
        " heard after           1 920 ms ▸ slowest of 5",
        " service's own latency 1 246 ms to first byte",
        " tokens in  141: audio 44, text 97; 32 cached",
        "        out 196: audio 170, text 26",
        " cost   $0.0161 estimate, prices 2026-11-01",
        " heard  2.1 of 6.8 s; 4.7 s paid and unheard",
    ]


def test_the_number_of_turns_is_whole_or_left_out(turn: Turn) -> None:
    assert " heard after           1 920 ms ▸ slowest" in rows(TurnFacts(turn, "Turn 4", 56.2, 12))
    wide = rows(TurnFacts(turn, "Turn 4", 56.2, 12), 47)
    assert " heard after           1 920 ms ▸ slowest of 12" in wide


def test_all_ticks_of_the_axis_have_as_many_decimals(turn: Turn) -> None:
    assert rows(TurnFacts(turn, "Turn 4"), 100)[0].split() == [
        "0", "0.2", "0.4", "0.6", "0.8", "1.0", "1.2", "1.4", "1.6", "1.8", "s",
    ]  # fmt: skip


def test_one_sentence_says_what_took_the_time(turn: Turn) -> None:
    sentence = "Turn 4: 1 920 ms, of which the tool 640 and the silence 506."
    assert turn_sentence(TurnFacts(turn, "Turn 4")) == sentence
    typed = Turn(1, 1.0, "u1", asked_s=1.0, heard_s=1.5)
    assert turn_sentence(TurnFacts(typed, "Turn 1")) == "Turn 1: 500 ms."
    assert turn_sentence(TurnFacts(Turn(1, 1.0), "Turn 1")) == ""


def test_cached_tokens_stand_below_the_others_where_there_is_no_room(turn: Turn) -> None:
    shown = rows(TurnFacts(turn, "Turn 4"), 44)
    at = shown.index(" tokens in  141: audio 44, text 97")
    assert shown[at + 1 : at + 3] == [
        "      of it  32 cached",
        "        out 196: audio 170, text 26",
    ]


def test_nothing_is_said_of_what_is_not_known(turn: Turn) -> None:
    unheard = replace(turn, heard_s=None, played_ms=None, received_ms=None)
    shown = "\n".join(rows(TurnFacts(unheard, "Turn 4")))
    assert "heard" not in shown
    assert "cost" not in shown
    assert "slowest" not in shown


def test_an_answer_that_was_heard_to_its_end_says_so(turn: Turn) -> None:
    whole = replace(turn, played_ms=6800)
    assert rows(TurnFacts(whole, "Turn 4"))[-1] == " heard  6.8 s, to its end"


def test_a_cost_that_cannot_be_estimated_says_why(turn: Turn) -> None:
    other = replace(turn, model="gpt-5")
    assert " cost   unknown: prices.toml has no gpt-5" in rows(
        TurnFacts(other, "Turn 4", prices=PRICES)
    )


def test_a_long_tool_keeps_what_it_did(turn: Turn) -> None:
    (tool,) = turn.tools
    named = replace(turn, tools=(replace(tool, name="get_the_state_of_a_parcel", failed=True),))
    shown = rows(TurnFacts(named, "Turn 4"))
    assert " get_the_state… called  +236 ms    ██" in shown
    assert " get_the_state… failed  +640 ms      █████" in shown


@pytest.mark.parametrize("width", range(32, 90))
def test_no_row_is_wider_than_the_pane_at_any_width(turn: Turn, width: int) -> None:
    bars = [row for row in turn_rows(TurnFacts(turn, "Turn 4"), width)[:10] if row]
    assert all(cells(row) <= width for row in bars)


def test_a_turn_without_an_answer_says_so() -> None:
    assert rows(TurnFacts(Turn(1, 1.0), "Turn 1")) == [" This turn has no answer yet."]


@pytest.mark.parametrize("took_s", [0.1, 1.0, 12.5, 3600.0])
@pytest.mark.parametrize("name", ["find_everything_in_the_depot", "包裹在哪里包裹在哪里"])
def test_a_long_value_takes_its_cells_from_the_name(name: str, took_s: float) -> None:
    tools = (ToolSpan(name, 1.0, 1.0 + took_s),)
    turn = Turn(1, 0.5, "u1", asked_s=0.5, created_s=0.6, tools=tools)
    shown = rows(TurnFacts(turn, "Turn 1"))
    ran = next(row for row in shown if " ran " in row)
    value, bar = ran.index("ms") + 2, ran.index("█")
    assert "… ran " in ran and cell_len(ran[:value]) == 31
    assert not ran[value:bar].strip()


def linked(**stopped: int) -> Turn:
    """The same turn over a link with a round trip of 80 ms."""
    journal = MemoryJournal()
    journal.link(0.05, "up", round_trip_ms=80, clock_error_ms=12.5)
    tool_turn(journal)
    journal.stopped(56.22, "a1", 2100, 6800, "barge_in", **stopped)
    return journal.turn(1)


def test_over_a_link_its_share_is_told_apart_and_the_error_of_the_clock_is_said() -> None:
    shown = rows(TurnFacts(linked(link_ms=81, device_ms=15), "Turn 4", 56.2, 5))
    assert shown[1:3] == [" your voice ended        0:52.2", " link there est          +40 ms"]
    at = shown.index(" heard after           1 920 ms ▸ slowest of 5")
    assert shown[at + 1 : at + 3] == [
        "   of it the link         80 ms est",
        " clock of laptop        ± 13 ms",
    ]
    assert shown[-2:] == [
        " heard  2.1 of 6.8 s; 4.7 s paid and unheard",
        " silent after 96 ms: link 81, device 15",
    ]


def test_the_sentence_names_the_link_last() -> None:
    sentence = "Turn 4: 1 920 ms, of which the tool 640, the silence 466 and the link 80 est."
    assert turn_sentence(TurnFacts(linked(), "Turn 4")) == sentence


@pytest.mark.parametrize("width", range(32, 90))
def test_no_row_about_the_link_is_wider_than_the_pane(width: int) -> None:
    turn = linked(link_ms=81, device_ms=15)
    far = replace(turn, link=TurnLink("a-machine-with-a-long-name.local", 1234, 617))
    assert all(cells(row) <= max(width, 46) for row in turn_rows(TurnFacts(far, "Turn 4"), width))
