"""What the answer of HOST means: which version is missing on which side, and how it is
installed."""

import re
from typing import Any

import pytest
from voicelive_tui.ssh.audio_link import protocol
from voicelive_tui.ssh.link import FarSide, find_answer, read_answer
from voicelive_tui.ssh.ssh_error import SshError

ANSWER = {
    "version": "1.2",
    "protocol": protocol(),
    "folder": "/x",
    "socket": "/x/a.sock",
    "tmux": True,
}
NUMBER = int(re.sub(r"\D", "", protocol()))


def test_the_answer_is_found_behind_a_login_banner() -> None:
    output = b'Welcome!\r\n{"a": 1}\nvoicelive-tui:link {"b": 2}\n'
    assert find_answer(output) == {"b": 2}


@pytest.mark.parametrize(
    "output", [b"", b"Welcome!\n", b"voicelive-tui:link {\n", b"voicelive-tui:link 7\n", b"\xff\n"]
)
def test_no_answer_is_none(output: bytes) -> None:
    assert find_answer(output) is None


def test_another_version_with_the_same_protocol_is_accepted() -> None:
    assert read_answer("far", ANSWER) == FarSide("/x", "/x/a.sock", True)


@pytest.mark.parametrize(
    ("theirs", "where"),
    [(NUMBER - 1, "far"), (NUMBER + 1, "this machine")],
)
def test_another_protocol_names_the_older_side(theirs: int, where: str) -> None:
    answer = {"version": "1.2", "protocol": f"VLAUDIO{theirs}"}
    with pytest.raises(
        SshError, match=rf"far has voicelive-tui 1\.2 .* newer one on {where}: pipx"
    ):
        read_answer("far", answer)


@pytest.mark.parametrize("changes", [{"folder": None}, {"folder": "x"}, {"socket": 7}])
def test_an_answer_without_a_folder_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(SshError, match="no folder"):
        read_answer("far", {**ANSWER, **changes})
