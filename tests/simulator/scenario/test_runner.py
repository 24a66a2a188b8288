"""What a session's scenario hears and replies, turn by turn."""

import pytest
from voicelive_simulator.dialogue.state.script import Earlier, Heard, Reply, Script, Situation
from voicelive_simulator.scenario import runner
from voicelive_simulator.scenario.read_scenario import read_scenario
from voicelive_simulator.scenario.scenario import Scenario
from voicelive_simulator.sound.measurement import Measurement


def speech(duration_ms: int) -> Measurement:
    return Measurement(duration_ms + 500, duration_ms, -20.0, -60.0, 0)


def read(text: str) -> Scenario:
    return read_scenario(text, "file.toml", "file")


def begin(text: str, number: int = 1, model: str = "gpt-4o") -> Script:
    return runner.begin(read(text), number, model)


def said(
    script: Script, turn: int, text: str = "", tool: str | None = None, output: str | None = None
) -> str | None:
    reply = script.replies(Situation(turn, text, tool, output))
    return reply.text if reply else None


def test_the_first_match_wins() -> None:
    script = begin(
        '[[turn]]\ntext = "weather"\nsays = "a"\n[[turn]]\ntext = ["bill", "WEATHER"]\nsays = "b"'
    )
    assert said(script, 1, "the Weather?") == "a"
    assert said(script, 2, "my Bill") == "b"
    assert said(script, 3, "else") is None


@pytest.mark.parametrize(
    ("turn", "matches"),
    [
        ("2", {2}),
        ('"2-3"', {2, 3}),
        ('"4-"', {4, 5}),
        ('[0, "3-3", 5]', {0, 3, 5}),
        ("", {1, 2, 3, 4, 5}),
    ],
)
def test_turns_are_matched_by_number(turn: str, matches: set[int]) -> None:
    script = begin(f'[[turn]]\n{"turn = " + turn if turn else ""}\nsays = "x"')
    assert {n for n in range(6) if said(script, n) == "x"} == matches


def test_a_pattern_reads_the_beginning_of_an_endless_text() -> None:
    # On all of the text this pattern, which is harmless, would take hours.
    script = begin(
        '[[turn]]\ntext_regex = \'x.*weather\'\nsays = "a"\n[[turn]]\ntext = "weather"\nsays = "b"'
    )
    assert said(script, 1, "x" * 10**6 + "weather") == "b"
    assert said(script, 2, "x weather") == "a"


def test_sessions_and_models() -> None:
    text = (
        '[[turn]]\nsession = "2-"\nsays = "again"\n[[turn]]\nmodel = "gpt-realtime"\nsays = '
        '"native"'
    )
    assert said(begin(text), 1) is None
    assert said(begin(text, 2), 1) == "again"
    assert said(begin(text, 1, "gpt-realtime"), 1) == "native"


def test_times_count_in_each_session_for_itself() -> None:
    scenario = read('[[turn]]\ntimes = 2\nsays = "a"\n[[turn]]\nsays = "b"')
    for number in (1, 2):
        script = runner.begin(scenario, number)
        assert [said(script, n) for n in (1, 2, 3)] == ["a", "a", "b"]


def test_a_list_is_said_in_order_and_again() -> None:
    script = begin('[[turn]]\nsays = ["a", "b {turn}"]')
    assert [said(script, n) for n in (1, 2, 3, 4)] == ["a", "b 2", "a", "b 4"]


def test_only_who_asks_for_an_output_answers_one() -> None:
    script = begin(
        """
        [[turn]]
        turn = 1
        calls = [{name = "f"}]
        [[turn]]
        output = "error"
        says = "failed: {output.error}"
        [[turn]]
        tool = ["g", "f"]
        output_regex = '(?P<n>\\d+)'
        says = "{tool} gave {n}"
        [[turn]]
        output = ""
        says = "any"
        """
    )
    reply = script.replies(Situation(1, "go"))
    assert reply and [call.name for call in reply.calls] == ["f"]
    assert said(script, 1, "go", "f", '{"error": "late"}') == "failed: late"
    assert said(script, 1, "go", "f", "17 degrees") == "f gave 17"
    assert said(script, 1, "go", "h", "17 degrees") == "any"
    assert said(script, 2, "error") is None


def test_an_output_may_be_matched_with_the_words_before_it() -> None:
    script = begin(
        '[[turn]]\ntext = "oslo"\ntool = "f"\nsays = "Norway"\n[[turn]]\ntool = "f"\nsays = '
        '"elsewhere"'
    )
    assert said(script, 1, "Oslo", "f", "x") == "Norway"
    assert said(script, 1, "Rome", "f", "x") == "elsewhere"


def test_a_spoken_turn_is_heard_and_then_matched_like_a_typed_one() -> None:
    script = begin(
        """
        [[turn]]
        text = "bill"
        says = "Your bill."
        [[turn]]
        max_speech_ms = 400
        hears = "yes"
        [[turn]]
        spoken = true
        hears = ["My bill?", "Bye"]
        """
    )
    assert script.hears(1, speech(900)) == Heard("My bill?")
    assert said(script, 1, "My bill?") == "Your bill."
    assert script.hears(2, speech(300)) == Heard("yes")
    assert script.hears(3, speech(900)) == Heard("Bye")
    assert script.hears(4, speech(900)) == Heard("My bill?")


def test_a_script_is_walked_down_by_times() -> None:
    """Hearing a turn and answering it count as one use; a turn that was not answered counts too."""
    script = begin(
        """
        [[turn]]
        times = 1
        hears = "one"
        says = "1"
        [[turn]]
        times = 1
        hears = "two"
        says = "2"
        [[turn]]
        hears = "more"
        says = "3"
        """
    )
    assert script.hears(1, speech(500)) == Heard("one")
    assert said(script, 1, "one") == "1"
    assert script.hears(2, speech(500)) == Heard("two")
    assert script.hears(3, speech(500)) == Heard("more")
    assert said(script, 3, "more") == "3"
    assert said(script, 3, "more") == "3"
    assert script.hears(4, speech(500)) == Heard("more")


def test_a_use_answers_once() -> None:
    script = begin('[[turn]]\ntimes = 1\nhears = "one"\nsays = "1"\n[[turn]]\nsays = "2"')
    script.hears(1, speech(500))
    assert [said(script, 1, "one") for _ in range(3)] == ["1", "2", "2"]


def test_what_can_be_heard() -> None:
    script = begin(
        '[[turn]]\nturn = 1\nunfinished = true\nhears = "I want"\n[[turn]]\nturn = '
        '2\ntranscription_error = "noise"\n'
        "[[turn]]\nturn = 3\nunfinished = true"
    )
    assert script.hears(1, speech(500)) == Heard("I want", finished=False)
    assert script.hears(2, speech(500)) == Heard(None, failed="noise")
    assert script.hears(3, speech(500)) == Heard(None, finished=False)
    assert script.hears(4, speech(500)) is None


def test_spoken_and_typed_turns_are_told_apart() -> None:
    script = begin(
        '[[turn]]\nmin_speech_ms = 1000\nsays = "long"\n[[turn]]\nspoken = true\nsays = "spoken"\n'
        '[[turn]]\nspoken = false\nsays = "typed"'
    )
    assert script.hears(1, speech(2000)) is None
    assert said(script, 1) == "long"
    script.hears(2, speech(500))
    assert said(script, 2) == "spoken"
    assert said(script, 3) == "typed"


def test_a_seed_makes_ids_and_jitter_the_same_and_different_in_each_session() -> None:
    def drawn(scenario: Scenario, number: int) -> list[object]:
        script = runner.begin(scenario, number)
        replies = [script.replies(Situation(n, "")) for n in (1, 2)]
        return [
            scenario.ids(number).new("sess"),
            *(reply and reply.pacing.seed for reply in replies),
        ]

    text = '[[turn]]\nsays = "x"'
    one, two, other = (
        drawn(read(f"seed = {seed}\n{text}"), n) for seed, n in ((1, 1), (1, 2), (2, 1))
    )
    assert one == drawn(read(f"seed = 1\n{text}"), 1)
    assert len({*map(str, one + two + other)}) == 9
    assert drawn(read(text), 1) != drawn(read(text), 1)


def test_the_honest_answer_stays_when_only_its_pace_is_given() -> None:
    reply = begin('[[turn]]\ntext = "slow"\npace = 1.0').replies(Situation(1, "slow"))
    assert isinstance(reply, Reply) and reply.text is None and reply.pacing.pace == 1.0


EARLIER = (
    Earlier("system", "The user's name is Ada."),
    Earlier("user", "My name is Grace."),
    Earlier("assistant", "Hello Grace."),
    Earlier("tool", "21 C"),
    Earlier("user", "My name is Joan."),
)


@pytest.mark.parametrize(
    ("role", "pattern", "expected"),
    [
        ("", r"name is (?P<found>\w+)", "Joan"),
        ("user", r"name is (?P<found>\w+)", "Joan"),
        ("system", r"name is (?P<found>\w+)", "Ada"),
        ("assistant", "(?P<found>.+)", "Hello Grace."),
        ("tool", "(?P<found>.+)", "21 C"),
        ("assistant", r"name is (?P<found>\w+)", None),
    ],
)
def test_an_earlier_item_is_quoted_and_the_latest_one_counts(
    role: str, pattern: str, expected: str | None
) -> None:
    in_role = f'earlier_role = "{role}"\n' if role else ""
    script = begin(f"[[turn]]\n{in_role}earlier_regex = '{pattern}'\nsays = \"{{found}}\"")
    reply = script.replies(Situation(3, "What is my name?", earlier=EARLIER))
    assert (reply and reply.text) == expected


def test_what_was_said_last_names_a_group_before_an_earlier_item_does() -> None:
    both = "text_regex = 'is (?P<x>\\w+)'\nearlier_regex = 'is (?P<x>\\w+)'"
    script = begin(f'[[turn]]\n{both}\nsays = "{{x}}"')
    reply = script.replies(Situation(3, "It is me", earlier=EARLIER))
    assert reply is not None and reply.text == "me"
