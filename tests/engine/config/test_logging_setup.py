"""The program's own log harms no file that is something else."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from voicelive_tui.engine.config.logging_setup import start_log
from voicelive_tui.engine.config.settings import SettingsError


@pytest.fixture(autouse=True)
def _no_handler_stays() -> Iterator[None]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    for handler in root.handlers[:]:
        if handler not in before:
            root.removeHandler(handler)
            handler.close()
    root.setLevel(level)


def test_a_log_is_ours_alone_and_goes_on_in_the_next_run(tmp_path: Path) -> None:
    path = tmp_path / "log"
    for text in ("first", "second"):
        start_log(path)
        logging.getLogger("here").warning(text)
    lines = path.read_text().splitlines()
    assert [line.rpartition(" ")[2] for line in lines[:2]] == ["first", "second"]
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "text", ["alias ls=ls\n", '{"n":0,"t":0.0,"dir":"local","event":{}}\n', "2026-11-28\n", "\n"]
)
def test_a_file_that_is_no_log_stays_as_it_is(tmp_path: Path, text: str) -> None:
    path = tmp_path / "file"
    path.write_text(text)
    with pytest.raises(SettingsError, match=r"something else than a log.*another file"):
        start_log(path)
    assert path.read_text() == text


@pytest.mark.parametrize("there", [True, False])
def test_a_link_is_not_followed(tmp_path: Path, there: bool) -> None:
    target = tmp_path / ".profile"
    if there:
        target.touch()
    (tmp_path / "log").symlink_to(target)
    with pytest.raises(SettingsError, match="it is a link"):
        start_log(tmp_path / "log")
    assert sorted(os.listdir(tmp_path)) == sorted(["log", *([".profile"] if there else [])])
    assert not there or target.read_text() == ""


@pytest.mark.skipif(os.name != "posix", reason="only there devices are files")
def test_a_device_takes_a_log() -> None:
    start_log(Path("/dev/null"))
    logging.getLogger("here").warning("text")
