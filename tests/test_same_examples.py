"""Without TEST_RANDOM, generated inputs are the same in every run, whatever modules a worker has
loaded."""

import importlib
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st


def _examples() -> list[str]:
    drawn: list[str] = []

    @settings(max_examples=300, database=None)
    @given(st.text())
    def draw(text: str) -> None:
        drawn.append(text)

    draw()
    return drawn


@pytest.mark.skipif(bool(os.environ.get("TEST_RANDOM")), reason="asked for new examples")
def test_a_module_that_is_loaded_meanwhile_changes_no_example(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _examples()
    monkeypatch.syspath_prepend(tmp_path)
    words = [f"constant {number}" for number in range(200)]
    (tmp_path / "module_of_constants.py").write_text(f"WORDS = {words}\n")
    importlib.import_module("module_of_constants")
    after = _examples()
    assert len(before) > 100
    assert after == before
