"""Faults parsed from tables and from the command line, and the sentences for mistakes."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from voicelive_simulator.faults.catalogue import KINDS, help_lines, parse_fault, parse_fault_text
from voicelive_simulator.faults.fault import Fault, FaultError


@pytest.mark.parametrize("name", KINDS)
def test_a_name_alone_is_a_whole_fault(name: str) -> None:
    kind = KINDS[name]
    fault = parse_fault_text(name)
    assert fault == parse_fault({"fault": name}) == parse_fault({"name": name})
    assert (fault.name, fault.on, fault.after, fault.times) == (name, kind.on, 0, kind.times)
    assert fault.params == {key: param.default for key, param in kind.params.items()}


@pytest.mark.parametrize("name", KINDS)
def test_defaults_are_values_that_can_be_given(name: str) -> None:
    given_back = {
        key: value
        for key, value in parse_fault_text(name).params.items()
        if value not in (None, "")
    }
    assert parse_fault({"fault": name, **given_back}).params == parse_fault_text(name).params


@pytest.mark.parametrize("name", KINDS)
def test_every_fault_has_a_line_in_the_help(name: str) -> None:
    [line] = [line for line in help_lines() if line.split()[:1] == [name]]
    assert line == f"  {name:<18}{KINDS[name].help}"


@pytest.mark.parametrize("name", KINDS)
def test_every_fault_has_a_test_on_a_socket(name: str) -> None:
    tests = Path(__file__).parents[1].joinpath("service").glob("test_faults_*.py")
    used = re.compile(rf"""["']{name}[:"']""")
    assert any(used.search(path.read_text()) for path in tests if "properties" not in path.name)


def test_the_help_says_what_holds_when_nothing_is_said() -> None:
    assert KINDS["refuse"].keys == "status=400..599 [503], retry_after_s=0..86400, message=TEXT"
    assert KINDS["giant-frame"].keys == "size_mb=0..64 [5], type=TYPE"
    assert KINDS["duplicate-delta"].keys == "copies=1..100 [1], on=TYPE [*.delta]"
    assert KINDS["stop-pongs"].keys == "for_ms=0..3600000 [0], times=N [0]"
    assert KINDS["surplus-field"].keys == "field=PATH [surplus_field], value=JSON"


def test_a_fault_of_the_command_line() -> None:
    fault = parse_fault_text("drop:how=rst,on=response.audio.delta,after=3")
    assert fault == Fault("drop", {"how": "rst"}, "response.audio.delta", 3, 1)


def test_values_may_be_json_with_commas() -> None:
    assert parse_fault_text('close:code=4000,reason="busy, come back"').params == {
        "code": 4000,
        "reason": "busy, come back",
    }
    event = '{"type": "odd",  "list": [1, 2]}'
    fault = parse_fault_text(f"unknown-event:json={event},after=2")
    assert (fault.params["json"], fault.after) == (event, 2)
    assert parse_fault_text("surplus-field:value=[1,2],field=a.b").params == {
        "field": "a.b",
        "value": [1, 2],
    }
    assert parse_fault_text("surplus-field:value=plain words").params["value"] == "plain words"


def test_a_table_of_toml_has_numbers_and_tables() -> None:
    fault = parse_fault({"fault": "giant-frame", "size_mb": 2, "times": 0, "on": "*.delta"})
    assert (fault.params["size_mb"], fault.times, fault.on) == (2.0, 0, "*.delta")
    raw = parse_fault({"fault": "unknown-event", "json": {"type": "x"}}).params["json"]
    assert json.loads(raw) == {"type": "x"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no fault ''"),
        ("dropp", "Did you mean drop?"),
        ("nothing-like-it", "There are refuse, redirect, hang, drop"),
        ("drop:how=gently", "drop: how must be fin, rst or half-frame"),
        ("drop:how", "is not key=value"),
        ("drop:how=fin,how=rst", "has 'how' twice"),
        ("drop:fault=close", "has 'fault' twice"),
        ("drop:name=close", "one name"),
        ("drop:speed=3", "has no 'speed'. It takes how (fin|rst|half-frame), on, after, times"),
        ("refuse:status=200", "status must be a whole number from 400 to 599"),
        ("refuse:status=4O4", "status must be a whole number"),
        ("refuse:on=session.created", "strikes in the handshake"),
        ("redirect:location=h\u00e9", "location must be printable ASCII text"),
        ("close:reason=" + "x" * 124, "at most 123 bytes"),
        ("close:reason=" + "\u00e9" * 62, "at most 123 bytes"),
        ("close:code=65536", "0 to 65535"),
        ("giant-frame:size_mb=nan", "size_mb must be a number from 0 to 64"),
        ("bad-utf8:hex=xyz", "hexadecimal"),
        ("unknown-event:json=[1]", "json must be a JSON object"),
        ('unknown-event:json={"a":NaN}', "json must be a JSON object"),
        ("unknown-event:json={", "begins like JSON"),
        ('close:reason="a"b', "comma is missing before"),
        ("drop:after=-1", "after must be a whole number from 0"),
        ("drop:on=a b", "on must be an event's type"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(text: str, says: str) -> None:
    with pytest.raises(FaultError) as error:
        parse_fault_text(text)
    assert says in str(error.value)
    assert str(error.value).endswith((".", "?"))


@given(st.text())
def test_any_text_is_a_fault_or_a_sentence(text: str) -> None:
    try:
        parse_fault_text(text)
    except FaultError as error:
        assert len(str(error)) < 1000
        assert str(error).isprintable()


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.datetimes(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(list(KINDS)), st.data())
def test_any_table_is_a_fault_or_a_sentence(name: str, data: st.DataObject) -> None:
    keys = [*KINDS[name].params, "on", "after", "times", "other"]
    table: dict[str, Any] = data.draw(st.dictionaries(st.sampled_from(keys), _VALUES))
    try:
        fault = parse_fault({"fault": name, **table})
    except FaultError as error:
        assert name in str(error)
    else:
        assert set(fault.params) == set(KINDS[name].params)
