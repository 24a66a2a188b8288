"""The socket is reachable by its user only, deletes nothing of others, and is gone at the end."""

import os
import socket
import stat
from pathlib import Path

import pytest
from voicelive_tui.audio.listener.address import ListenAddress, ListenError
from voicelive_tui.audio.listener.server_socket import ServerSocket


def listen(path: Path) -> ServerSocket:
    """A listening socket at this path."""
    return ServerSocket(ListenAddress(path))


def test_only_the_user_reaches_it_and_it_is_gone_at_the_end(folder: Path) -> None:
    path = folder / "mine" / "sound"
    server = listen(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    server.close()
    assert list(path.parent.iterdir()) == []


def test_a_folder_of_others_is_refused(folder: Path) -> None:
    folder.chmod(0o755)
    with pytest.raises(ListenError, match="Other users can enter the folder"):
        listen(folder / "sound")
    assert list(folder.iterdir()) == []


def test_the_folder_of_another_user_is_refused(folder: Path) -> None:
    theirs = Path("/")
    if os.getuid() == 0:
        theirs = folder / "theirs"
        theirs.mkdir(0o700)
        os.chown(theirs, 1, 1)
    with pytest.raises(ListenError, match="belongs to another user"):
        listen(theirs / "sound")


def test_the_socket_of_a_dead_listener_is_replaced(folder: Path) -> None:
    path = folder / "sound"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
        dead.listen()
    server = listen(path)
    with socket.socket(socket.AF_UNIX) as peer:
        peer.connect(str(path))
    server.close()
    assert not path.exists()


def test_the_socket_of_a_living_program_is_left_alone(folder: Path) -> None:
    path = folder / "sound"
    first = listen(path)
    with pytest.raises(ListenError, match="is in use by another program"):
        listen(path)
    with socket.socket(socket.AF_UNIX) as peer:
        peer.connect(str(path))
    first.close()


def test_a_file_or_a_link_is_left_alone(folder: Path) -> None:
    path, link = folder / "notes.txt", folder / "link"
    path.write_text("mine")
    link.symlink_to(folder / "elsewhere")
    for name in (path, link):
        with pytest.raises(ListenError, match="exists and is no socket of yours"):
            listen(name)
    assert path.read_text() == "mine"
    assert link.is_symlink()


def test_what_has_the_name_by_then_is_left_alone(folder: Path) -> None:
    path = folder / "sound"
    server = listen(path)
    path.unlink()
    path.write_text("another program's")
    server.close()
    assert path.read_text() == "another program's"


def test_a_path_that_is_too_long_and_a_missing_parent_are_said(folder: Path) -> None:
    with pytest.raises(ListenError, match="too long for a socket"):
        listen(folder / ("x" * 120))
    with pytest.raises(ListenError, match=r"cannot be used \(No such file or directory\)"):
        listen(folder / "a" / "b" / "sound")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("0.0.0.0:80", "give the microphone to the network: use 127.0.0.1:80"),
        ("127.0.0.1:70000", "70000 is no port"),
        (" ", "has no name"),
    ],
)
def test_an_address_that_is_none_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ListenError, match=reason):
        ListenAddress.parse(text)


def test_an_address_is_read_as_it_is_written() -> None:
    for text in ("/run/user/1/sound", "127.0.0.1:8123", "/odd/name:80"):
        assert str(ListenAddress.parse(text)) == text
    assert ListenAddress.parse("localhost:0") == ListenAddress(port=0)
