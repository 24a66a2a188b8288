"""A recording from an untrusted source: each bad line and each bad file affects only itself, when
read and when served."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from voicelive_simulator.replay.recording import Recording, RecordingError, load_recording

from tests.simulator.support.conversation_driver import user
from tests.simulator.support.session_recorder import RecordedDriver, ReplayDriver
from tests.support.hostile_documents import DIGITS, hostile_lines, hostile_toml


def recorded() -> list[str]:
    driver = RecordedDriver()
    driver.say("session.update", session={"turn_detection": None})
    driver.append(bytes(4800))
    driver.say("conversation.item.create", item=user("hello"))
    driver.say("response.create")
    driver.wait(10)
    return driver.recorder.lines()


LINES = recorded()


def write(folder: Path, lines: list[str], profile: str = '[service]\nmodel = "gpt-4o"\n') -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "events.jsonl").write_bytes(
        "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogatepass")
    )
    (folder / "profile.toml").write_bytes(profile.encode("utf-8", "surrogatepass"))
    return folder


def of_files(recording: Recording) -> list[str]:
    """The problems, without those about audio that was not kept."""
    return [
        problem
        for problem in recording.problems
        if problem.startswith(("profile.toml", "events.jsonl"))
    ]


ODD_LINE = st.sampled_from(range(len(LINES))).flatmap(
    lambda at: st.tuples(st.just(at), hostile_lines(json.loads(LINES[at])))
)


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(ODD_LINE, min_size=1, max_size=3))
def test_a_recording_with_odd_lines_is_served(tmp_path: Path, odd: list[tuple[int, str]]) -> None:
    lines = list(LINES)
    for at, line in odd:
        lines[at] = line
    recording = load_recording(write(tmp_path / "odd", lines))
    assert isinstance(recording.model, str)
    client = ReplayDriver(recording)
    client.say("session.update", session={"turn_detection": None})
    client.append(bytes(4800))
    client.say("conversation.item.create", item=user("hello"))
    client.say("response.create")
    client.wait(20)
    assert client.events or client.effects or client.sentences


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    hostile_toml(
        ["[service]", 'model = "gpt-4o"', 'api_version = "x"', "[service.query]", 'a = "b"']
    )
)
def test_a_hostile_profile_hides_no_event(tmp_path: Path, text: str) -> None:
    recording = load_recording(write(tmp_path / "odd", LINES, text))
    assert len(recording.plan.steps) == len(
        load_recording(write(tmp_path / "whole", LINES)).plan.steps
    )
    assert isinstance(recording.model, str) and isinstance(recording.api_version, str)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a = " + DIGITS, "line 1: the number has 6,000 characters"),
        (".".join(["a"] * 20_000) + " = 1", "line 1: a key has too many parts"),
        ("[session" + ".a" * 2_000 + "]", "line 1: a key has too many parts"),
        ("#" * (2**20 + 1), "it is larger than 1 MiB"),
        ("a = 9223372036854775808", "line 1: the number has more than 64 bits"),
        ("[service\n", "line 1: this is not TOML: "),
    ],
    ids=["digits", "parts", "deep", "long", "bits", "syntax"],
)
def test_one_sentence_says_what_is_wrong_with_the_profile(
    tmp_path: Path, text: str, why: str
) -> None:
    recording = load_recording(write(tmp_path / "odd", LINES, text))
    (problem,) = of_files(recording)
    assert problem.startswith("profile.toml ") and why in problem and problem.endswith(".")


@pytest.mark.parametrize(
    "line",
    [
        '{"n":1,"t":NaN,"dir":"received","event":{"type":"x"}}',
        '{"n":1,"t":1,"dir":"received","event":' + "[" * 900_000,
        '{"n":1,"t":1,"dir":"received","event":[' + "[]," * 1_000_001 + "[]]}",
        '{"n":1,"t":1,"dir":"received","raw":"no JSON","event":{"type":"x"}}',
    ],
    ids=["nan", "deep", "wide", "raw"],
)
def test_a_line_that_cannot_be_served_is_left_out(tmp_path: Path, line: str) -> None:
    recording = load_recording(write(tmp_path / "odd", [LINES[0], line, *LINES[2:]]))
    (problem,) = of_files(recording)
    assert problem.startswith(
        "events.jsonl is damaged and served without the broken lines (line 2: "
    )


def test_a_line_of_any_length_is_passed_over(tmp_path: Path) -> None:
    folder = write(tmp_path / "odd", LINES[:1])
    with open(folder / "events.jsonl", "ab") as file:
        file.truncate(300 * 2**20)  # a sparse file, which takes no room on the disk
        file.seek(0, os.SEEK_END)
        file.write(("\n" + "".join(f"{line}\n" for line in LINES[2:])).encode())
    recording = load_recording(folder)
    (problem,) = of_files(recording)
    assert problem.endswith("(line 2: it is not JSON).")


def test_a_recording_of_which_nothing_is_left_says_so(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="nothing to serve"):
        load_recording(write(tmp_path / "odd", ["[" * 5_000, '{"n":' + DIGITS + "}"]))
