"""Words, rows and lines: pure functions of values."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from voicelive_tui.model.latency import LatencyStats, Percentiles, TurnTotals
from voicelive_tui.model.meter import SILENT, Level
from voicelive_tui.model.snapshot import AudioStatus, SessionSnapshot, SessionState, SessionView
from voicelive_tui.model.transcript import TranscriptLine
from voicelive_tui.model.turns import Turn
from voicelive_tui.tui.commands import COMMANDS, check_keymap, keys_of
from voicelive_tui.tui.next_step import first_words
from voicelive_tui.tui.screens.console import ConsoleScreen
from voicelive_tui.tui.theme import theme_name
from voicelive_tui.tui.widgets.abridge import LONGEST_TEXT, MOST_BREAKS, abridged
from voicelive_tui.tui.widgets.event_row import RowFacts, row_spans
from voicelive_tui.tui.widgets.json_lines import LONGEST_STRING, MOST_CHARACTERS, MOST_LINES, json_lines
from voicelive_tui.tui.widgets.meters import bar_spans, echo_word, scale
from voicelive_tui.tui.widgets.paint import Spans, cells, fit, fit_middle, wrap
from voicelive_tui.tui.widgets.status_line import choose, status_fields
from voicelive_tui.tui.widgets.transcript_lines import body_spans, estimated_height, transcript_spans, word_end
from voicelive_tui.tui.words import amount, clock, countdown, dbfs, gap, minutes, tab_word


def text_of(spans: Spans) -> str:
    return "".join(text for text, _ in spans)


@pytest.mark.parametrize(
    ("t_s", "shown"),
    [(0, "00:00.000"), (43.117, "00:43.117"), (59.9996, "01:00.000"), (3843.117, "1:04:03.117"), (-0.25, "-00:00.250")],
)
def test_minutes(t_s: float, shown: str) -> None:
    assert minutes(t_s) == shown


def test_times_and_amounts_are_worded_like_instruments() -> None:
    assert clock(192.9) == "00:03:12"
    assert countdown(3408) == "56:48"
    assert countdown(3723) == "1:02:03"
    assert countdown(-5) == "00:00"
    assert amount(5031) == "5 031"
    assert dbfs(-60.0) == " -inf"
    assert dbfs(-18.24) == "-18.2"


@given(st.floats(-10, 400_000))
def test_a_gap_never_needs_more_than_its_column(delta_s: float) -> None:
    assert len(gap(delta_s)) <= 7


@given(st.text(), st.integers(1, 60))
def test_fit_keeps_to_the_width(text: str, width: int) -> None:
    assert cell_len(fit(text, width)) <= max(1, width)


def test_fit_middle_keeps_what_a_type_ends_with() -> None:
    assert fit_middle("conversation.item.input_audio_transcription.completed", 25) == "conversation…on.completed"
    assert fit_middle("response.done", 25) == "response.done"


@given(
    st.lists(st.tuples(st.text(st.characters(exclude_categories=("C", "Z")) | st.just(" ")), st.sampled_from("abc"))),
    st.integers(4, 40),
)
def test_wrapped_lines_fit_and_lose_no_letter(spans: list[tuple[str, str]], width: int) -> None:
    lines = wrap(spans, width)
    assert all(cells(line) <= width for line in lines)
    letters = [(char, name) for text, name in spans for char in text if char != " "]
    assert [(char, name) for line in lines for text, name in line for char in text if char != " "] == letters


@pytest.mark.parametrize("width", range(20, 140, 7))
def test_an_event_row_fits_any_width(width: int) -> None:
    facts = RowFacts(
        43.117, 0.012, "received", "conversation.item.input_audio_transcription.completed", "what's the weather", error=True
    )
    assert cells(row_spans(facts, width)) <= width


def test_an_event_row_says_when_which_way_what_and_how_much() -> None:
    facts = RowFacts(43.117, 0.012, "received", "response.audio.delta", "", count=41, span_s=2.05, audio_ms=3280)
    row = text_of(row_spans(facts, 80))
    assert "00:43.117  +0.012 < response.audio.delta x41" in row
    assert row.rstrip().endswith("3.28 s  1.6x rt")


def test_an_error_is_told_by_its_look_and_an_event_of_this_machine_by_its_glyph() -> None:
    assert ("error", "bad") in row_spans(RowFacts(0, None, "received", "error", "", error=True), 80)
    assert ("=", "local") in row_spans(RowFacts(0, None, "local", "console.closed", ""), 80)


def line(**changes: Any) -> TranscriptLine:
    values: dict[str, Any] = {
        "item_id": "i",
        "who": "agent",
        "t_s": 43.1,
        "text": "hello",
        "state": "final",
        "first_n": 0,
        "last_n": 1,
    }
    return TranscriptLine(**{**values, **changes})


def test_an_interrupted_answer_tells_what_was_heard_from_what_was_not() -> None:
    cut = line(text="It is sunny with a light breeze", state="interrupted", spoken_chars=13, heard_ms=2100)
    assert body_spans(cut) == [("It is sunny ", ""), ("/ interrupted at 2.1 s", "warn"), (" / with a light breeze", "unspoken")]
    unheard = body_spans(line(text="It is", state="interrupted", spoken_chars=0, heard_ms=0))
    assert text_of(unheard) == "/ interrupted at 0.0 s / It is"


@given(st.text(), st.integers(0, 50))
def test_the_cut_is_never_inside_a_word(text: str, position: int) -> None:
    end = word_end(text, position)
    assert end <= max(position, 0) or end == len(text)
    assert end in (0, len(text)) or text[end].isspace()


@pytest.mark.parametrize("state", ["partial", "final", "interrupted", "failed"])
@pytest.mark.parametrize("text", [".\n" * 10**6, "some words " * 10**5, "line\n" * 10**5], ids=["breaks", "words", "lines"])
def test_of_a_very_long_text_beginning_and_end_are_laid_out_and_a_note_between(text: str, state: str) -> None:
    long = line(text=f"first {text} last", state=state, spoken_chars=len(text) // 2)
    shown = [text_of(spans) for spans in transcript_spans(long, 80)]
    assert len(shown) < 2 * (LONGEST_TEXT // 60 + MOST_BREAKS)
    assert estimated_height(long, 80) < 2 * (LONGEST_TEXT // 60 + MOST_BREAKS)
    assert "first" in "".join(shown)
    assert "last" in "".join(shown)
    assert "left out here; w writes all" in " ".join(" ".join(shown).split())
    assert "left out" not in text_of(body_spans(long))


@given(st.text(st.sampled_from("a \n"), max_size=50), st.integers(0, 8_000), st.integers(0, 2_000))
def test_an_abridged_text_is_the_text_in_three_parts(words: str, times: int, breaks: int) -> None:
    text = words * times + "\n" * breaks
    head, middle, tail = abridged(text)
    assert head + middle + tail == text
    assert bool(middle) == (len(text) > LONGEST_TEXT or text.count("\n") > MOST_BREAKS)
    assert len(head) + len(tail) <= LONGEST_TEXT
    assert head.count("\n") + tail.count("\n") <= MOST_BREAKS


def test_control_codes_and_markup_in_a_transcript_are_only_text() -> None:
    shown = "\n".join(text_of(spans) for spans in transcript_spans(line(text="\x1b[2J[bold]x[/bold]\x07"), 80))
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "[bold]x[/bold]" in shown


@pytest.mark.parametrize("width", [30, 44, 80])
def test_transcript_lines_fit_wide_characters_too(width: int) -> None:
    spans = transcript_spans(line(text="明日の天気はどうですか教えてください " * 4), width)
    assert all(cells(row) <= width for row in spans)


def test_a_meter_fills_by_zone_and_marks_the_held_peak() -> None:
    spans = bar_spans(Level(shown_dbfs=-30, hold_dbfs=-12), 60)
    assert spans[0] == ("■" * 30, "meter-low")
    assert [name for _, name in spans] == ["meter-low", "meter-off", "meter-hold", "meter-off"]
    assert cells(spans) == 60
    assert bar_spans(SILENT, 20) == [("─" * 20, "meter-off")]
    assert [name for _, name in bar_spans(Level(0, 0, 0), 60)] == ["meter-low", "meter-mid", "meter-high"]


@pytest.mark.parametrize("bar", range(1, 90))
def test_the_scale_never_outgrows_its_bar_and_keeps_labels_apart(bar: int) -> None:
    shown = scale(bar)
    assert len(shown) <= bar
    if bar >= 12:
        assert shown.split()[0] == "-60"
        assert shown.split()[-1] == "0"


def test_echo_cancellation_is_named_as_the_service_confirmed_it() -> None:
    def session(effective: dict[str, object]) -> SessionSnapshot:
        return SessionSnapshot("k", "k", view=SessionView(effective=effective))

    assert echo_word(session({"input_audio_echo_cancellation": {"type": "server_echo_cancellation"}})) == "server"
    assert echo_word(session({"input_audio_echo_cancellation": None})) == "off"
    assert echo_word(session({})) == "-"


def test_the_tab_words_the_state() -> None:
    def word(**changes: Any) -> str:
        return tab_word(SessionSnapshot("k", "k", **changes))[0]

    assert word() == "off"
    assert word(state=SessionState.CONNECTED, on_air=True, agent_speaking=True) == "ON AIR"
    assert word(state=SessionState.CONNECTED, agent_speaking=True) == "talking"
    assert word(state=SessionState.FAILED) == "failed"


def test_the_status_line_leaves_out_the_least_important_first() -> None:
    view = SessionView(
        turns=(Turn(7, 1.0, asked_s=2.0, heard_s=2.612),),
        totals=TurnTotals(latencies=LatencyStats(heard=Percentiles(1, 612, 612, 612))),
        input_tokens=1203,
        output_tokens=884,
        model="gpt-4o",
        expires_at_unix_s=3408,
    )
    session = SessionSnapshot("k", "k", SessionState.CONNECTED, connected_s=0.0, view=view)
    fields = status_fields(session, AudioStatus(host="studio"), 192.0, 0.0)
    whole = text_of(choose(fields, 200))
    assert whole.strip() == (
        "connected  gpt-4o  00:03:12  expires 56:48  turn 7  heard 612 ms  p50 612 p95 612  tok 1 203 in 884 out  sound of studio"
    )
    narrow = text_of(choose(fields, 60))
    assert len(narrow) <= 60
    assert "heard 612 ms" in narrow
    assert "expires" not in narrow


def test_the_first_words_name_the_key_as_it_is_mapped() -> None:
    words = "\n".join(
        text_of(spans) for spans in first_words(SessionSnapshot("k", "k"), None, AudioStatus(), {"session.toggle": "f5"})
    )
    assert "Press f5 to start talking to the local simulator" in words


def test_json_shows_every_kind_of_value_and_is_json() -> None:
    event = {"type": "x", "list": [1, 2.5, {"a": None}], "empty": {}, "none": [], "yes": True, "text": 'q"\n', "umlaut": "ü"}
    shown = "\n".join(text_of(spans) for spans in json_lines(event))
    assert json.loads(shown) == event
    assert '"umlaut": "ü"' in shown


def test_sound_is_shown_as_where_it_is_kept() -> None:
    event = {"type": "response.audio.delta", "delta": {"$wav": "agent.wav", "offset": 96000, "bytes": 9600}}
    assert '"delta": (9 600 bytes of sound in agent.wav at byte 96 000)' in text_of(
        [s for spans in json_lines(event) for s in spans]
    )
    lost = {"type": "response.audio.delta", "delta": {"$wav": None, "bytes": 9600}}
    assert "(9 600 bytes of sound, not recorded)" in text_of([s for spans in json_lines(lost) for s in spans])


def test_json_of_any_size_stays_short_and_carries_no_control_codes() -> None:
    assert len(json_lines({"many": [0] * 3 * MOST_LINES})) == MOST_LINES + 1
    huge = text_of([s for spans in json_lines({"text": "x" * (LONGEST_STRING + 1234), "esc": "\x1b[31m\x9b"}) for s in spans])
    assert "1 234 more characters" in huge
    assert "\x1b" not in huge
    assert "\x9b" not in huge


@pytest.mark.parametrize(
    "event",
    [{"many": ["x" * LONGEST_STRING] * 1_000}, {"x" * 10**6: 1}, {"delta": {"$wav": "x" * 10**6, "bytes": 1}}],
    ids=["long strings", "a long key", "a long file name"],
)
def test_of_an_event_no_more_is_laid_out_than_can_be_read(event: dict[str, Any]) -> None:
    lines = json_lines(event)
    assert sum(len(text_of(spans)) for spans in lines) < 2 * MOST_CHARACTERS


def test_every_command_exists_and_has_a_key_of_its_own() -> None:
    assert check_keymap({}) == ({}, ())
    keys = [key for command in COMMANDS for key in command.keys.split(",")]
    assert len(keys) == len(set(keys))
    for command in COMMANDS:
        if not command.action.startswith("app."):
            assert hasattr(ConsoleScreen, f"action_{command.action.split('(')[0]}"), command.id


def test_a_keymap_is_taken_as_far_as_it_makes_sense() -> None:
    keymap, problems = check_keymap(
        {"session": {"toggle": "f5"}, "events": {"folow": "x"}, "talk.interrupt": 5, "session.mute": "t"}
    )
    assert keymap == {"session.toggle": "f5", "session.mute": "t"}
    assert len(problems) == 3
    assert any("events.folow" in problem for problem in problems)
    assert any("talk.interrupt" in problem for problem in problems)
    assert any("share the key" in problem for problem in problems)
    assert keys_of("session.toggle", keymap) == ("f5",)
    assert check_keymap("no")[1]


def test_a_terminal_of_sixteen_colours_gets_colours_it_has() -> None:
    assert theme_name("", (), "standard") == "voicelive-16-colours"
    assert theme_name("", (), "truecolor") == "voicelive-dark"
    assert theme_name("nord", ("nord",), "standard") == "nord"
    assert theme_name("no-such-theme", ("nord",), None) == "voicelive-dark"
