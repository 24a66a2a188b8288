"""Reading a recording in which lines are missing or have a wrong number."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from voicelive_tui.journal.lines import LineError
from voicelive_tui.journal.reader import MAX_MISSING, Recorded, read_folder
from voicelive_tui.model.events.record import MALFORMED, NOT_RECORDED

from tests.journal.support.journals import journal_in, put


def prepared(folder: Path, count: int) -> list[bytes]:
    journal = journal_in(folder)
    for n in range(count):
        put(
            journal,
            "received",
            {"type": "response.text.delta", "item_id": "a1", "delta": f"<{n}>"},
            n,
        )
    journal.close()
    return (Path(journal.folder) / "events.jsonl").read_bytes().splitlines(keepends=True)


def read_lines(lines: list[bytes]) -> Recorded:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "events.jsonl").write_bytes(b"".join(lines))
        Path(folder, "profile.toml").touch()
        Path(folder, "meta.toml").touch()
        return read_folder(folder)


@pytest.fixture(scope="module")
def twelve(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    return prepared(tmp_path_factory.mktemp("twelve"), 12)


@given(kept=st.sets(st.integers(0, 11), min_size=1))
@settings(deadline=None)
def test_any_lines_may_be_missing_and_the_others_keep_their_numbers(
    twelve: list[bytes], kept: set[int]
) -> None:
    recorded = read_lines([twelve[n] for n in sorted(kept)])
    index, last = recorded.index, max(kept)
    assert index.count == last + 1
    missing = last + 1 - len(kept)
    assert [n for n in range(index.count) if index.type_name(n) == NOT_RECORDED] == sorted(
        set(range(last)) - kept
    )
    for n in range(index.count):
        assert index.record(n).n == n
        assert ("lost" in index.record(n).event) == (n not in kept)
        if n in kept:
            assert index.record(n).event["delta"] == f"<{n}>"
        else:
            with pytest.raises(LineError):
                index.frame(n)
    assert list(index.find(b"delta", 0, index.count)) == sorted(kept)
    assert [int(problem.split()[0]) for problem in recorded.problems] == (
        [missing] if missing else []
    )
    assert recorded.view.transcript[0].text == "".join(f"<{n}>" for n in sorted(kept))
    index.close()


@given(position=st.integers(0, 10), number=st.integers(12, 10**12), garbage=st.integers(0, 2))
@settings(deadline=None)
def test_a_damaged_number_costs_its_own_line_only(
    twelve: list[bytes], position: int, number: int, garbage: int
) -> None:
    damaged = twelve[position].replace(f'"n":{position},'.encode(), f'"n":{number},'.encode())
    recorded = read_lines(
        [*twelve[:position], damaged, *[b"garbage\n"] * garbage, *twelve[position + 1 :]]
    )
    index = recorded.index
    assert index.count == 12
    assert [n for n in range(12) if index.type_name(n) == MALFORMED] == [position]
    assert "was skipped: it" in recorded.problems[0] and "number" in recorded.problems[0]
    index.close()


def test_a_number_beyond_every_session_is_no_gap(twelve: list[bytes]) -> None:
    far = twelve[11].replace(b'"n":11,', b'"n":%d,' % (MAX_MISSING + 12))
    recorded = read_lines([*twelve[:11], far])
    assert recorded.index.count == 11
    recorded.index.close()
