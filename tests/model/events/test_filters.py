"""The grammar of event filters."""

import json

import pytest
from voicelive_tui.model.events.filters import (
    CursorIds,
    Filter,
    FilterError,
    TurnSpan,
    parse_filter,
)
from voicelive_tui.model.events.record import Direction


def filtered(expression: str) -> Filter:
    found = parse_filter(expression)
    assert isinstance(found, Filter), found
    return found


@pytest.mark.parametrize(
    ("expression", "direction", "type_name", "error", "shown"),
    [
        ("", "sent", "anything", False, True),
        ("append", "sent", "input_audio_buffer.append", False, True),
        ("APPEND", "sent", "input_audio_buffer.append", False, True),
        ("append", "received", "response.done", False, False),
        ("-append", "sent", "input_audio_buffer.append", False, False),
        ("type:append", "sent", "input_audio_buffer.append", False, True),
        ("type:append|delta", "received", "response.audio.delta", False, True),
        ("dir:>", "sent", "x", False, True),
        ("dir:local", "sent", "x", False, False),
        ("append or delta", "received", "response.audio.delta", False, True),
        ("append or delta", "received", "response.done", False, False),
        ("response and (done or failed)", "received", "response.done", False, True),
        ("response -(done or failed)", "received", "response.done", False, False),
        ("err", "received", "response.done", False, False),
        ("-err", "received", "response.done", True, False),
        ("-append -delta", "received", "response.done", False, True),
        ("-append -delta", "received", "response.audio.delta", False, False),
        ("response done", "received", "response.audio.delta", False, False),
        ("append|delta", "received", "response.audio.delta", False, True),
        ("-append|delta", "received", "response.audio.delta", False, False),
        (">", "sent", "x", False, True),
        (">", "received", "x", False, False),
        ("> =", "local", "x", False, True),
        ("> =", "received", "x", False, False),
        ("-<", "received", "x", False, False),
        ("-<", "local", "x", False, True),
        ("error", "received", "response.done", True, True),
        ("error", "received", "error.like", False, False),
        ("-error", "received", "response.done", True, False),
        ("< error response", "received", "response.done", True, True),
    ],
)
def test_kinds(
    expression: str, direction: Direction, type_name: str, error: bool, shown: bool
) -> None:
    assert filtered(expression).matches(direction, type_name, error=error) is shown


def test_what_kinds_decide_needs_no_text() -> None:
    assert not filtered("-append -response.done err dir:< type:delta").needs_text
    assert filtered("delta").matches_kind("received", "response.audio.delta", False) is True
    assert filtered("delta").matches_kind("received", "response.done", False) is None


@pytest.mark.parametrize("expression", ["type:done", "nothing", ">", '"nothing"', "t>9:00"])
def test_a_failure_is_shown_whatever_is_asked_for(expression: str) -> None:
    assert filtered(expression).matches("received", "error", error=True)


@pytest.mark.parametrize("expression", ["-err", "-type:error", "-<", '-"no"', "done -(err or x)"])
def test_a_minus_hides_failures_too(expression: str) -> None:
    line = '{"event":{"type":"error","message":"no"}}'
    assert not filtered(expression).matches("received", "error", error=True, line=line)


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        ("oslo", True),
        ("OSLO|bergen", True),
        ("city", False),
        ("4471", True),
        ("17", True),
        ("received", False),
        ("-oslo", True),
        ("code:invalid_value", True),
        ("code:invalid*", True),
        ("code:*value", True),
        ("code:value", False),
        ("call:get_parcel", True),
        ("call:call_7", True),
        ("call:item_1", False),
        ("item:item_1", True),
        ("item:item*", True),
        ("item:tem*", False),
        ("resp:resp_1", True),
        ("/call_[0-9]/", True),
        ("/GET_.*l/", True),
        ("/call_[x-z]/", False),
        ("-/call_/", False),
        ("size>1k", True),
        ("size<1k", False),
        ("t>0:50", True),
        ("t>0:50 t<0:55.5", False),
        ("t>50s t<1:00", True),
        ("oslo and (size<1k or t>0:50)", True),
    ],
)
def test_what_stands_in_an_event(expression: str, shown: bool) -> None:
    event = {
        "type": "response.x",
        "response_id": "resp_1",
        "item_id": "item_1",
        "call_id": "call_7",
        "name": "get_parcel",
        "city": "Oslo",
        "error": {"code": "invalid_value"},
        "arguments": '{"id": "4471"}',
        "number": 17,
    }
    line = json.dumps({"n": 3, "t": 55.7, "dir": "received", "event": event}, separators=(",", ":"))
    found = filtered(expression)
    assert found.matches("received", "response.x", line=line, size_bytes=1200, t_s=55.7) is shown


def test_turns_and_the_cursor_are_resolved() -> None:
    turns = [TurnSpan(1, 0.0, 5.0), TurnSpan(2, 5.0, 9.0)]
    cursor = CursorIds(item="item_1", resp="resp_1", turn=1)

    def at(expression: str, t_s: float, line: str = "") -> bool:
        found = filtered(expression).resolved(turns, cursor)
        return found.matches("received", "x", t_s=t_s, line=line)

    assert [at("turn:2", t_s) for t_s in (4.9, 5.0, 8.9, 9.0)] == [False, True, True, False]
    assert at("turn:.", 4.9)
    assert not at("turn:7", 4.9)
    assert at("-turn:2", 4.9)
    assert at("item:.", 0.0, '{"item_id":"item_1"}')
    assert not at("resp:.", 0.0, '{"item_id":"item_1"}')
    nothing = filtered("item:.").resolved(turns, CursorIds())
    assert not nothing.matches("received", "x", line='""')
    assert filtered("turn:2").needs_turns
    assert not filtered("item:.").needs_turns


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("parcel -append", ("parcel",)),
        ('"two words" type:a|b', ("two words", "a", "b")),
        ("item:item_1 or done", ("item_1", "done")),
        ("> err gap>1s", ()),
    ],
)
def test_the_texts_that_are_marked(expression: str, words: tuple[str, ...]) -> None:
    assert filtered(expression).words == words


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        ('"Two Words"', True),
        ('"two words"', True),
        ('"other words"', False),
        ('-"two words"', False),
        ("item:item_1", True),
        ("item:item_", False),
        ("-item:item_1", False),
        ('x "grüße"', True),
        ('x "say \\ so"', False),
        ('y "two words"', False),
    ],
)
@pytest.mark.parametrize("escaped", [True, False])
def test_text(expression: str, shown: bool, escaped: bool) -> None:
    event = {"type": "x", "item_id": "item_1", "text": "Two words, grüße"}
    line = json.dumps(event, ensure_ascii=escaped)
    assert filtered(expression).matches("received", "x", line=line) is shown
    assert filtered(expression).needs_text


@pytest.mark.parametrize("expression", ['"open', "a -", "item:", "|", "-> -< -=", '"a"b', 'b"a"'])
def test_what_cannot_be_read_is_said_in_one_sentence(expression: str) -> None:
    found = parse_filter(expression)
    assert isinstance(found, FilterError)
    assert str(found).startswith("The filter ")
    assert str(found).endswith(".")


@pytest.mark.parametrize(
    ("expression", "marked", "brief"),
    [
        ("turn:5 gap>20x type:done", "20x", "20x is no time: 200ms, 1.5s"),
        ("a size>4q", "4q", "4q is no size: 300, 4k, 2M"),
        ("a t>noon", "noon", "noon is no moment: 0:50, 0:56.2, 50s"),
        ("turn:x", "x", "x is no turn: turn:4, or turn:. for the cursor's"),
        ("dir:up", "up", "up is no direction: > < ="),
        ("done code:", "code:", "code: has no value: code:invalid*"),
        ("done foo:bar", "foo:", "no field foo: here are"),
        ("done a>3", "a>", "no limit a>: there are size> gap> t> t<"),
        ("a (b", "(", "a ( without its )"),
        ("a b)", ")", "a ) without its ("),
        ("a ()", "(", "nothing between ( and )"),
        ("a or", "or", "an or without terms beside it"),
        ('a "b', '"b', "text without a closing quote"),
        ("a /b", "/b", "a / without the one that ends its regular expression"),
        ("a /b(c/", "(", "a regular expression with a mistake"),
        ("a or gap>1s", "1s", "gap> and gap< stand alone"),
        ("a -|", "|", "a | without a word beside it"),
    ],
)
def test_a_mistake_has_its_place(expression: str, marked: str, brief: str) -> None:
    found = parse_filter(expression)
    assert isinstance(found, FilterError)
    assert expression[found.start : found.end] == marked
    assert found.brief.startswith(brief)
    assert str(found).startswith("The filter ")
    assert str(found).endswith(".")


def test_deep_parentheses_are_a_mistake_and_no_crash() -> None:
    found = parse_filter("(" * 2000)
    assert isinstance(found, FilterError)
    assert "too many" in found.message


@pytest.mark.parametrize(
    "pasted",
    ["gap>1s " * 15_000, "code:" + "*" * 100_000, "t>" + "9" * 5_000 + ":1", "(a) or " * 15_000],
)
def test_a_filter_that_is_too_long_is_not_read(pasted: str) -> None:
    found = parse_filter(pasted)
    assert isinstance(found, FilterError)
    assert found.brief == "is too long: it has room for 2000 characters"


@pytest.mark.parametrize("pattern", ["a{1,99999999999}", "(" * 990 + "a" + ")" * 990])
def test_a_regular_expression_that_cannot_be_compiled_is_a_mistake(pattern: str) -> None:
    found = parse_filter(f"/{pattern}/")
    assert isinstance(found, FilterError)
    assert "regular expression with a mistake" in found.message


def test_a_regular_expression_that_may_not_end_is_a_mistake() -> None:
    found = parse_filter("-x /a(b+)+c/")
    assert isinstance(found, FilterError)
    assert "-x /a(b+)+c/"[found.start : found.end] == "(b+)+"
    assert found.brief == (
        "a repetition of a part that repeats or varies itself: this may take forever"
    )


def test_many_stars_are_tried_once() -> None:
    found = filtered("code:" + "a*" * 40 + "b")
    assert not found.matches("received", "x", line='{"code": "' + "a" * 200_000 + '"}')
    assert filtered("code:a*b**c*").matches("received", "x", line='{"code": "axxbbxcx"}')
    assert filtered("code:*c").matches("received", "x", line='{"code": "cxc"}')
