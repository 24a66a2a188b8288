"""Transcript lines on a stream: each once, in the order of speaking, when it is final."""

from dataclasses import replace

from voicelive_tui.headless.transcript_printer import TranscriptPrinter, format_line
from voicelive_tui.model.events.cut_cause import CutByCommand
from voicelive_tui.model.transcript.line import LineState, TranscriptLine, Who


def line(item_id: str, who: Who, text: str, state: LineState = "final") -> TranscriptLine:
    return TranscriptLine(item_id, who, 1.0, text, state, 0, 0)


def printed(
    printer: TranscriptPrinter, *lines: TranscriptLine, speaking: bool = False, ended: bool = False
) -> list[str]:
    return [
        text.split("1.0  ", 1)[1]
        for text in printer.ready(lines, assistant_speaking=speaking, ended=ended)
    ]


def test_a_growing_answer_is_printed_once_when_it_has_been_spoken() -> None:
    printer = TranscriptPrinter()
    you = line("a", "you", "hello")
    assert printed(printer, you, line("b", "agent", "It", "partial")) == ["you    hello"]
    assert printed(printer, you, line("b", "agent", "It is", "partial")) == []
    assert printed(printer, you, line("b", "agent", "It is sunny."), speaking=True) == []
    assert printed(printer, you, line("b", "agent", "It is sunny.")) == ["agent  It is sunny."]
    assert printed(printer, you, line("b", "agent", "It is sunny."), ended=True) == []


def test_a_question_that_is_transcribed_during_its_answer_is_printed_before_it() -> None:
    printer = TranscriptPrinter()
    agent = line("b", "agent", "Yes.")
    assert printed(printer, line("a", "you", "", "partial"), agent, speaking=True) == []
    assert printed(printer, line("a", "you", "can you hear me"), agent) == [
        "you    can you hear me",
        "agent  Yes.",
    ]


def test_a_transcription_that_never_comes_holds_up_no_answer_and_leaves_no_line() -> None:
    printer = TranscriptPrinter()
    lines = [line("a", "you", "", "partial"), line("b", "agent", "One.")]
    assert printed(printer, *lines) == ["agent  One."]
    assert printed(printer, *lines, ended=True) == []


def test_an_interruption_says_what_was_heard() -> None:
    cut = replace(
        line("b", "agent", "It is sunny.", "interrupted"),
        spoken_chars=5,
        heard_ms=2100,
        received_ms=3400,
        cause=CutByCommand(),
    )
    assert "It is / sunny.  [heard 2.1 of 3.4 s: you interrupted it]" in format_line(cut)


def test_an_interruption_that_comes_after_the_line_is_noted_and_the_text_not_repeated() -> None:
    printer = TranscriptPrinter()
    assert printed(printer, line("b", "agent", "It is sunny.")) == ["agent  It is sunny."]
    cut = replace(
        line("b", "agent", "It is sunny.", "interrupted"),
        spoken_chars=5,
        heard_ms=2100,
        received_ms=3400,
        cause=CutByCommand(),
    )
    assert printed(printer, cut) == ["agent   [heard 2.1 of 3.4 s: you interrupted it]"]
    assert printed(printer, cut) == []


def test_what_is_unfinished_at_the_end_is_said_to_be() -> None:
    assert printed(TranscriptPrinter(), line("b", "agent", "It is", "partial"), ended=True) == [
        "agent  It is  [unfinished]"
    ]


def test_control_codes_from_the_wire_do_not_reach_the_terminal() -> None:
    shown = format_line(line("a", "you", "red \x1b[31m\nnext\u2028line"))
    assert shown.isprintable()


def test_a_lost_connection_is_printed_when_it_is_lost_and_when_it_is_back() -> None:
    printer = TranscriptPrinter()
    lost = replace(line("n", "note", "It broke.", "failed"), divides=True)
    assert printed(printer, lost) == ["note   It broke.  [failed]"]
    back = replace(lost, text="It broke, back after 0.2 s", state="final")
    assert printed(printer, back) == ["note   It broke, back after 0.2 s"]
    assert printed(printer, replace(back, last_n=5)) == []
    assert printed(printer, lost) == ["note   It broke.  [failed]"]
