"""A recorded session whose profile.toml or meta.toml anyone may have written: no event is lost."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from voicelive_tui.engine.session.recording import read_recording
from voicelive_tui.journal.reader import read_folder

from tests.journal.support.recordings import marker, markers, written
from tests.support.hostile_documents import DIGITS, hostile_toml

HOSTILE_TOML = hostile_toml(
    [
        'title = "t"',
        'host = "h"',
        "started = 2026-01-01T00:00:00Z",
        "[microphone_to_wire]",
        "p50_ms = 1.5",
    ]
)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(HOSTILE_TOML, st.booleans())
def test_hostile_facts_beside_the_events_hide_no_event(
    tmp_path: Path, text: str, in_meta: bool
) -> None:
    lines = [marker(0), marker(1)]
    folder = written(tmp_path / "odd", lines, **({"meta": text} if in_meta else {"profile": text}))
    recording = read_recording(str(folder), lambda: False)
    assert markers(recording.recorded) == [0, 1]
    assert isinstance(recording.snapshot("k").title, str)
    assert all(len(problem) < 1_000 for problem in recording.recorded.problems)
    recording.recorded.index.close()


@pytest.mark.parametrize("name", ["meta.toml", "profile.toml"])
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a = " + DIGITS, "the number has 6,000 characters"),
        (".".join(["a"] * 20_000) + " = 1", "a key has too many parts"),
        ("[session" + ".a" * 2_000 + "]", "a key has too many parts"),
        ("a = " + "[" * 2_000, "the tables are nested too deeply"),
        ("a = ", "this is not TOML: invalid value"),
        ("#" * 2**20 + "#", "it is larger than 1 MiB"),
    ],
)
def test_one_sentence_names_the_file_and_why(
    tmp_path: Path, name: str, text: str, why: str
) -> None:
    folder = written(tmp_path / "odd", [marker(0)])
    (folder / name).write_text(text)
    recorded = read_folder(folder)
    (problem,) = recorded.problems
    assert name in problem and why in problem
    assert markers(recorded) == [0]
    recorded.index.close()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_in_place_of_a_file_holds_nobody_up(tmp_path: Path) -> None:
    folder = written(tmp_path / "odd", [marker(0)])
    for name in ("meta.toml", "profile.toml"):
        (folder / name).unlink()
        os.mkfifo(folder / name)
    recorded = read_folder(folder)
    assert sorted(recorded.problems) == [
        "meta.toml could not be read (it is no ordinary file).",
        "profile.toml could not be read (it is no ordinary file).",
    ]
    recorded.index.close()


def test_a_title_that_is_no_text_gives_way_to_the_folders_name(tmp_path: Path) -> None:
    folder = written(
        tmp_path / "odd", [marker(0)], meta="title = { a = 1 }\nhost = 3\nservice = [1]\n"
    )
    snapshot = read_recording(str(folder), lambda: False).snapshot("k")
    assert (snapshot.title, snapshot.host, snapshot.service) == ("odd", "", "url")
