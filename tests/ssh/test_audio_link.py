"""What HOST prepares for the console: a private folder, and how the sound is reached."""

import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from voicelive_tui.cli import main
from voicelive_tui.paths import LINK_FILE
from voicelive_tui.ssh.audio_link import LinkRequestError, prepare, protocol


def request(**changes: Any) -> dict[str, Any]:
    names = {"name": "console-1", "once": "once-1"}
    return {"protocol": protocol(), **names, "token": "t0k3n", "machine": "laptop", **changes}


def test_the_folder_is_private_and_says_where_the_sound_is(tmp_path: Path) -> None:
    answer = prepare(request(), tmux=True, links=tmp_path / "links")
    folder = Path(answer["folder"])
    assert folder == tmp_path / "links" / "console-1"
    assert (folder.stat().st_mode & 0o777, os.listdir(folder)) == (0o700, [LINK_FILE])
    assert (folder / LINK_FILE).stat().st_mode & 0o777 == 0o600
    assert json.loads((folder / LINK_FILE).read_text()) == {
        "socket": answer["socket"],
        "token": "t0k3n",
        "machine": "laptop",
        "way": "ssh",
    }
    assert len(answer["socket"]) <= 100


def test_a_long_path_gets_a_socket_elsewhere(tmp_path: Path) -> None:
    links = tmp_path / ("a" * 100)
    first = Path(prepare(request(), tmux=True, links=links)["socket"])
    second = first
    try:
        assert first.parent.stat().st_mode & 0o777 == 0o700
        assert not first.is_relative_to(links)
        assert len(str(first)) <= 100
        second = Path(prepare(request(), tmux=True, links=links)["socket"])
        assert not first.parent.exists()
    finally:
        second.parent.rmdir()


def test_a_path_that_ssh_would_change_gets_a_socket_elsewhere(tmp_path: Path) -> None:
    found = Path(prepare(request(), tmux=True, links=tmp_path / "a${b}")["socket"])
    found.parent.rmdir()
    assert not found.is_relative_to(tmp_path)


def test_an_address_takes_the_place_of_the_socket(tmp_path: Path) -> None:
    answer = prepare(request(address="127.0.0.1:4711"), tmux=True, links=tmp_path)
    assert answer["socket"] == "127.0.0.1:4711"


def test_the_next_connection_replaces_what_the_last_one_left(tmp_path: Path) -> None:
    first = prepare(request(), tmux=True, links=tmp_path)
    folder = Path(first["folder"])
    for left in (Path(first["socket"]), folder / "exit", folder / "notes"):
        left.touch()
    folder.chmod(0o755)
    second = prepare(request(token="other"), tmux=True, links=tmp_path)
    assert second["socket"] != first["socket"]
    assert os.listdir(folder) == [LINK_FILE]
    assert folder.stat().st_mode & 0o777 == 0o700
    assert json.loads((folder / LINK_FILE).read_text())["token"] == "other"


@pytest.mark.parametrize(("tmux", "name"), [(False, "console-1"), (True, None)])
def test_a_console_that_nothing_keeps_has_a_folder_of_its_own(
    tmp_path: Path, tmux: bool, name: str | None
) -> None:
    answer = prepare(request(name=name), tmux=tmux, links=tmp_path)
    assert (Path(answer["folder"]).name, answer["tmux"]) == ("once-1", False)


def test_a_link_of_the_file_system_is_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "console-1").symlink_to(elsewhere)
    with pytest.raises(LinkRequestError, match="not a folder of this user"):
        prepare(request(), tmux=True, links=tmp_path)
    assert os.listdir(elsewhere) == []


@pytest.mark.parametrize(
    "changes", [{"name": "../x"}, {"name": ""}, {"name": "A b"}, {"token": None}, {"machine": 1}]
)
def test_a_broken_request_makes_nothing(tmp_path: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(LinkRequestError):
        prepare(request(**changes), tmux=True, links=tmp_path)
    assert os.listdir(tmp_path) == []


def test_another_protocol_makes_nothing(tmp_path: Path) -> None:
    assert prepare(request(protocol="VLAUDIO1"), tmux=True, links=tmp_path) == {}
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    "stdin", [b"", b"[]", b"{", b'{"protocol": "VLAUDIO1"}', b"\xff", b"[" * 60_000]
)
def test_the_command_answers_in_one_line_whatever_it_is_asked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, stdin: bytes
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
    code = main(["audio-link", "prepare"])
    (line,) = capsys.readouterr().out.split("\n")[1:-1]
    answer = json.loads(line.removeprefix("voicelive-tui:link "))
    assert answer["protocol"] == protocol()
    assert "folder" not in answer
    assert code == (3 if "problem" in answer else 0)
