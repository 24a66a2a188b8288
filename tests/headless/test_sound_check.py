"""The bare command without a terminal holds one turn, on a slow machine and with or without a
voice."""

from pathlib import Path

import pytest
from voicelive_common.exit_codes import ExitCode
from voicelive_tui.engine.config.settings import Settings
from voicelive_tui.headless import sound_check as module
from voicelive_tui.headless.sound_check import sound_check

from tests.support.engine_harness import profile
from tests.support.left_over import nothing_left


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """End the wait for a voice at once, as on a machine so slow that the wait ends before anything
    starts."""
    monkeypatch.setattr(module, "WAIT_FOR_VOICE_S", 0.0)


def speakers(capsys: pytest.CaptureFixture[str]) -> tuple[list[str], str]:
    """The speaker of each transcript line, and the text on standard error."""
    out, err = capsys.readouterr()
    return [line.split()[1] for line in out.splitlines()], err


def hold(tmp_path: Path, **ports: str) -> ExitCode:
    with nothing_left():
        return sound_check(profile(modalities=["text"]), Settings(state_dir=tmp_path, **ports))  # type: ignore[arg-type]


def test_a_file_that_stands_in_for_a_missing_microphone_is_not_hurried(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import ctypes.util\nctypes.util.find_library = lambda name: None\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert hold(tmp_path) == ExitCode.OK
    who, err = speakers(capsys)
    assert who == ["you", "agent"]
    assert "Nobody was heard" not in err


def test_a_silent_microphone_gives_way_to_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hold(tmp_path, input="null", output="none") == ExitCode.OK
    who, err = speakers(capsys)
    assert who == ["you", "agent"]
    assert err.count("Nobody was heard at the microphone") == 1


def test_without_a_microphone_the_file_speaks_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hold(tmp_path, input="none", output="none") == ExitCode.OK
    who, err = speakers(capsys)
    assert who == ["you", "agent"]
    assert "Nobody was heard" not in err
