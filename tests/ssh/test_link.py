"""What the answer of HOST means: which version is missing on which side, and how it is
installed."""

import re
from typing import Any

import pytest
from voicelive_tui.ssh.audio_link import protocol
from voicelive_tui.ssh.link import RemoteSide, find_answer, read_answer
from voicelive_tui.ssh.ssh_error import SshError

ANSWER = {
    "version": "1.2",
    "protocol": protocol(),
    "folder": "/x",
    "socket": "/x/a.sock",
    "tmux": True,
}
DEEP = b"voicelive-tui:link " + b"[" * 100_000 + b"\n"
NUMBER = int(re.sub(r"\D", "", protocol()))


def test_the_answer_is_found_behind_a_login_banner() -> None:
    output = b'Welcome!\r\n{"a": 1}\nvoicelive-tui:link {"b": 2}\n'
    assert find_answer(output) == {"b": 2}


@pytest.mark.parametrize(
    "output",
    [b"", b"Welcome!\n", b"voicelive-tui:link {\n", b"voicelive-tui:link 7\n", b"\xff\n", DEEP],
)
def test_no_answer_is_none(output: bytes) -> None:
    assert find_answer(output) is None


def test_another_version_with_the_same_protocol_is_accepted() -> None:
    assert read_answer("far", ANSWER) == RemoteSide("/x", "/x/a.sock", True)


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


@pytest.mark.parametrize(
    "changes",
    [
        {"folder": None},
        {"folder": "x"},
        {"folder": "/a\0b"},
        {"folder": "/a\ud800"},
        {"folder": "/" + "a" * 200_000},
        {"socket": 7},
        {"socket": "/x/a.sock\n"},
        {"socket": "0.0.0.0:22"},
        {"socket": "/x/${AZURE_VOICELIVE_API_KEY}.sock"},
        {"socket": "/x/%u.sock"},
        {"socket": "/x:localhost:22"},
        {"socket": "127.0.0.1:99"},
    ],
)
def test_an_answer_without_a_folder_and_a_socket_that_ssh_takes_as_they_are_is_refused(
    changes: dict[str, Any],
) -> None:
    with pytest.raises(SshError, match="no folder"):
        read_answer("far", {**ANSWER, **changes})


def test_the_address_that_host_was_told_is_all_that_it_may_answer() -> None:
    told = "127.0.0.1:4000"
    assert read_answer("far", {**ANSWER, "socket": told}, told).socket == told
    with pytest.raises(SshError, match="no folder"):
        read_answer("far", ANSWER, told)


@pytest.mark.parametrize("theirs", ["VLAUDIO" + "9" * 5000, "\x1b]0;x\x07" * 1000, None, [1]])
def test_a_version_that_is_none_is_shown_shortened_and_written_out(theirs: object) -> None:
    with pytest.raises(SshError, match="different ways") as raised:
        read_answer("far", {"version": theirs, "protocol": theirs})
    assert str(raised.value).isprintable()
    assert len(str(raised.value)) < 700
