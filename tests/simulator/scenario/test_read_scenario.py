"""The settings of a scenario's file, and the problems that are reported for a wrong one."""

import pytest
from voicelive_simulator.dialogue.state.script import (
    McpServer,
    McpTool,
    Outcome,
    Pacing,
    Reply,
    Situation,
)
from voicelive_simulator.faults.catalogue import parse_fault_text
from voicelive_simulator.scenario.problems import ScenarioError
from voicelive_simulator.scenario.read_scenario import read_scenario
from voicelive_simulator.scenario.runner import begin
from voicelive_simulator.scenario.scenario import Scenario


def read(text: str) -> Scenario:
    return read_scenario(text, "file.toml", "file")


def problems(text: str) -> list[str]:
    with pytest.raises(ScenarioError) as raised:
        read(text)
    assert str(raised.value) == "\n".join(raised.value.problems)
    return list(raised.value.problems)


def reply(text: str, turn: int = 1, said: str = "hello") -> Reply | None:
    return begin(read(text), 1).replies(Situation(turn, said))


def test_an_empty_file_is_the_simulator_by_itself() -> None:
    scenario = read("")
    assert (scenario.name, scenario.seed, scenario.clock, scenario.voice, scenario.faults) == (
        "file",
        None,
        None,
        "",
        (),
    )
    assert begin(scenario, 1).replies(Situation(1, "hello")) is None
    assert begin(scenario, 1).mcp_servers == {}


@pytest.mark.parametrize(
    "clock", ["2026-01-01T09:00:00Z", '"2026-01-01T10:00:00+01:00"', '"2026-01-01T09:00:00.9Z"']
)
def test_the_settings(clock: str) -> None:
    scenario = read(f'name = "n"\ndescription = "d"\nseed = 3\nvoice = "tone"\nclock = {clock}')
    assert (scenario.name, scenario.description, scenario.seed, scenario.voice) == (
        "n",
        "d",
        3,
        "tone",
    )
    assert scenario.clock == 1_767_258_000


def test_a_turn_has_its_own_pacing_or_the_scenarios() -> None:
    settings = "seed = 1\nfirst_delta_ms = 100\npace = 2\ndelta_ms = 40\njitter_ms = 30\n"
    paced = reply(f'{settings}[[turn]]\nsays = "x"\njitter_ms = 0\npace = 1.5')
    assert paced and paced.pacing == Pacing(100, 1.5, 40, 0, paced.pacing.seed)
    unmatched = reply(settings)
    assert (
        unmatched
        and unmatched.text is None
        and unmatched.pacing == Pacing(100, 2.0, 40, 30, unmatched.pacing.seed)
    )
    plain = reply('[[turn]]\nsays = "x"')
    assert plain and plain.pacing == Pacing(seed=plain.pacing.seed)


@pytest.mark.parametrize(
    ("entry", "text", "outcome"),
    [
        (
            'status = "failed"',
            "",
            Outcome("failed", None, "server_error", "The scenario makes this response fail."),
        ),
        ('error = {code = "c", message = "m"}\nsays = "x"', "x", Outcome("failed", None, "c", "m")),
        ('reason = "content_filter"', None, Outcome("incomplete", "content_filter")),
        ('status = "incomplete"\nsays = ""', "", Outcome("incomplete", "max_output_tokens")),
        ('status = "completed"', None, Outcome()),
    ],
)
def test_how_a_response_ends(entry: str, text: str | None, outcome: Outcome) -> None:
    answer = reply(f"[[turn]]\n{entry}")
    assert answer and (answer.text, answer.outcome) == (text, outcome)


def test_calls_have_a_table_or_a_text_for_arguments() -> None:
    answer = reply(
        """
        [[turn]]
        text_regex = 'to (?P<city>\\w+)'
        [[turn.calls]]
        name = "a"
        [turn.calls.arguments]
        city = "{city}"
        list = ["{turn}", 1, true, {deep = "{text}"}]
        [[turn.calls]]
        name = "b"
        arguments = "{not json: {city}"
        server_label = "tools"
        [[turn.calls]]
        name = "c"
        """,
        4,
        "go to Ålesund",
    )
    assert answer and answer.text == ""
    table, text, none = answer.calls
    assert (
        table.arguments == '{"city": "Ålesund", "list": ["4", 1, true, {"deep": "go to Ålesund"}]}'
    )
    assert (text.name, text.arguments, text.server_label) == ("b", "{not json: {city}", "tools")
    assert (none.arguments, none.server_label) == ("{}", "")


def test_faults_are_texts_or_tables_one_or_more() -> None:
    drop, stall = parse_fault_text("drop:how=rst,after=3"), parse_fault_text("stall:ms=10")
    answer = reply(
        '[[turn]]\nfault = "drop:how=rst,after=3"\nfaults = [{fault = "stall", ms = 10}, '
        '"drop:how=rst,after=3"]'
    )
    assert answer and answer.text is None and answer.faults == (drop, stall, drop)
    scenario = read(
        'faults = ["refuse:status=401"]\n[[fault]]\nname = "drop"\nhow = "rst"\nafter = 3'
    )
    assert scenario.faults == (drop, parse_fault_text("refuse:status=401"))


def test_mcp_servers_and_their_tools() -> None:
    servers = read(
        """
        [[mcp_server]]
        label = "orders"
        [[mcp_server.tool]]
        name = "find"
        description = "d"
        input_schema = {type = "object", properties = {id = {type = "string"}}}
        output = {state = "sent"}
        [[mcp_server.tool]]
        name = "cancel"
        error = "too late"
        [[mcp_server]]
        label = "broken"
        error = "unreachable"
        """
    ).mcp_servers
    find = McpTool(
        "find",
        "d",
        {"type": "object", "properties": {"id": {"type": "string"}}},
        '{"state": "sent"}',
    )
    assert servers["orders"] == McpServer("orders", (find, McpTool("cancel", error="too late")))
    assert servers["broken"] == McpServer("broken", (), "unreachable")


WRONG = [
    ("sed = 3", 'sed: there is no such key; did you mean "seed"?'),
    ("zzz = 3", "zzz: there is no such key; known here are clock, delta_ms, description, "),
    ("seed = -1", "seed: expected a whole number from 0 to 4294967295, not -1."),
    ("seed = true", "seed: expected a whole number from 0 to 4294967295, not true."),
    (
        "clock = 2026-01-01T09:00:00",
        "clock: expected a date and time with its offset from UTC, such as 2026-01-01T09:00:00Z.",
    ),
    ('clock = "soon"', "clock: expected a date and time with its offset"),
    ('voice = "espaek"', 'voice: "espaek" is not one of "tone", "espeak"; did you mean "espeak"?'),
    ("pace = 0", "pace: expected a number from 0.01 to 1000, not 0."),
    ("pace = nan", "pace: expected a number from 0.01 to 1000, not nan."),
    ("name = 3", "name: expected a string, not 3."),
    ("turn = 3", "turn: expected tables, each under its own [[turn]], not 3."),
    ("[turn]", "turn: expected tables, each under its own [[turn]], not a table."),
    ("[[fault]]\nfault = 'drpo'", "fault 1: There is no fault 'drpo'. Did you mean drop?"),
    ("fault = 3", 'fault: expected a table or a text such as "drop:after=3".'),
    ("[[mcp_server]]", 'mcp_server 1: it needs the key "label".'),
    ("[[mcp_server]]\nlabel=''", "mcp_server 1, label: it must not be empty."),
    ("[[mcp_server]]\nlabel='a'\n[[mcp_server]]\nlabel='a'", 'there is another server "a" above'),
    (
        "[[mcp_server]]\nlabel='a'\ntool=[{name='t'},{name='t'}]",
        'tool 2, name: there is another tool "t" above',
    ),
    (
        "[[mcp_server]]\nlabel='a'\ntool=[{name='t',output='o',error='e'}]",
        "a tool that fails has no output",
    ),
    (
        "[[mcp_server]]\nlabel='a'\ntool=[{name='t',output={d=2026-01-01}}]",
        "it holds a date or time, which JSON does not have",
    ),
]
WRONG_TURNS = [
    ("", "turn 1: it has conditions but no effect: add says, calls, hears or a fault."),
    ("sayz = 'x'", 'sayz: there is no such key; did you mean "says"?'),
    ("says = []", "says: expected a string or a list of strings, not a list."),
    ("says = ['a', 3]", "says: expected a string or a list of strings, not a list."),
    ("says = '{city}'", "says: {city} is not a placeholder"),
    (f"says = '{'x' * 4001}'", "says: a text of 4001 characters is too long: 4000 at most."),
    (
        "says = 'x'\ntext_regex = '('",
        "text_regex: '(' is no regular expression: missing ), unterminated subpattern at position "
        "0.",
    ),
    (
        "says = 'x'\nturn = -1",
        'turn: expected a number from 0, a range such as "2-4" or "3-", or a list of these.',
    ),
    ("says = 'x'\nturn = '4-2'", "turn: expected a number from 0"),
    ("says = 'x'\nturn = [1, 'two']", "turn: expected a number from 0"),
    ("says = 'x'\nturn = []", "turn: expected a number from 0"),
    ("says = 'x'\nsession = 0", "session: expected a number from 1"),
    ("says = 'x'\ntimes = 0", "times: expected a whole number from 1"),
    ("says = 'x'\nspoken = 'yes'", 'spoken: expected true or false, not "yes".'),
    (
        "says = 'x'\nmin_speech_ms = 3\nmax_speech_ms = 2",
        "min_speech_ms: it is more than max_speech_ms",
    ),
    (
        "says = 'x'\nspoken = false\nmax_speech_ms = 2",
        "spoken: a typed turn has no speech to measure",
    ),
    (
        "hears = 'x'\ntext = 'y'",
        "text: no words are known before hears gives them: match by turn, spoken or min_speech_ms.",
    ),
    ("unfinished = true\ntool = 'y'", "tool: no words are known before unfinished gives them"),
    ("hears = 'x'\nspoken = false", "spoken: a typed turn is not heard: leave out hears."),
    ("transcription_error = ''", "transcription_error: it needs the message that the error shows."),
    (
        "earlier_role = 'user'",
        "earlier_role: it needs earlier_regex, which is searched in its items.",
    ),
    (
        "transcription_error = 'e'\nhears = 'x'",
        "transcription_error: a transcription that fails has no transcript",
    ),
    ("calls = [{nam = 'x'}]", 'calls 1: it needs the key "name".'),
    ("calls = [{name = 'x', arguments = 3}]", "calls 1, arguments: expected a table, not 3."),
    (
        "calls = [{name = 'x', arguments = {a = inf}}]",
        "calls 1, arguments: it holds inf, which JSON does not have",
    ),
    (
        "calls = [{name = 'x', arguments = {a = '{b}'}}]",
        "calls 1, arguments: {b} is not a placeholder",
    ),
    (
        "status = 'cancelled'",
        'status: "cancelled" is not one of "completed", "incomplete", "failed".',
    ),
    (
        "status = 'failed'\nreason = 'content_filter'",
        'reason: only an incomplete response has a reason, and this one is "failed".',
    ),
    (
        "status = 'completed'\nerror = {}",
        'error: only a failed response has an error, and this one is "completed".',
    ),
    ("error = {cod = 'x'}", 'error, cod: there is no such key; did you mean "code"?'),
    (
        "fault = 'refuse'",
        "fault: refuse strikes before there is a turn: give it to the whole scenario, under "
        "[[fault]].",
    ),
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [*WRONG, *((f"[[turn]]\n{entry}", expected) for entry, expected in WRONG_TURNS)],
)
def test_what_is_wrong_is_told(text: str, expected: str) -> None:
    assert any(expected in problem for problem in problems(text)), problems(text)


def test_all_problems_are_told_at_once_in_the_order_of_the_file() -> None:
    found = problems(
        'sed = 1\n\n[[turn]]\nsays = 3\nhears = ["a"]\njitter = 1\n[[turn]]\n# nothing happens\n'
    )
    assert [problem.split(": ")[0] for problem in found] == [
        "file.toml, line 1",
        "file.toml, line 4",
        "file.toml, line 6",
        "file.toml, line 7",
    ]
    assert all(problem.endswith((".", "?")) for problem in found)


def test_what_is_no_toml_is_told_with_its_line() -> None:
    assert problems("a = \n") == [
        "file.toml, line 1, column 5: this is not TOML: invalid value; correct this line."
    ]
    assert problems("a = 1\na = 2") == [
        "file.toml, line 2, column 6: this is not TOML: cannot overwrite a value; correct this "
        "line."
    ]
    assert problems(f"a = {'[' * 5000}")[0].startswith(
        "file.toml, line 1, column 69: the tables are nested too deeply"
    )
