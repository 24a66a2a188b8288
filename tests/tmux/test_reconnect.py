"""A lost connection in the console: what the screen says, what its keys do, and that the
conversation goes on."""

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from tests.support.console_run import console_environment, scripted_profiles
from tests.support.item_server import ItemServer
from tests.support.terminal import Terminal

SIZES = [(80, 24), (100, 30), (200, 50)]
BUSY = (503, {"Retry-After": "300"})


@pytest.fixture(autouse=True)
def _tmux() -> None:
    if not Terminal.available():
        if os.environ.get("CI"):
            pytest.fail("tmux is not installed: apt-get install tmux")
        pytest.skip("tmux is not installed")


@contextmanager
def talking_console(
    folder: Path, service: ItemServer, size: tuple[int, int] = (100, 30)
) -> Iterator[Terminal]:
    """The console with a session in which one message has been typed."""
    profiles = str(scripted_profiles(folder, service))
    options = ["--profiles", profiles, "--start", "scripted", "--no-audio"]
    with Terminal(
        folder,
        [sys.executable, "-m", "voicelive_tui", *options],
        width=size[0],
        height=size[1],
        env=console_environment(folder, None),
    ) as terminal:
        terminal.wait_for("READY")
        terminal.press("i")
        terminal.write("I am Ada.")
        terminal.press("Enter")
        service.wait(lambda: service.last.show() == ["user: I am Ada."])
        terminal.press("Escape")
        terminal.wait_for("you ")
        yield terminal


def words(screen: str) -> str:
    """The words of the left half of the screen, without rules and line breaks."""
    left = (row.partition("│")[0] for row in screen.splitlines())
    return " ".join(" ".join(left).replace("─", " ").split())


def has_connections(service: ItemServer, count: int) -> bool:
    """Whether the service has had so many connections."""
    return len(service.connections) == count


def connected_again(terminal: Terminal, service: ItemServer) -> str:
    """Wait until another connection has the conversation; returns the screen's words."""
    service.wait(lambda: service.last.show()[:1] == ["user: I am Ada."])
    return words(terminal.wait_for(lambda screen: "back after" in words(screen)))


CLASSES: dict[str, tuple[Callable[[ItemServer], None], str]] = {
    "broken": (lambda service: service.end(), "The connection broke"),
    "went away": (lambda service: service.end(1001), "The service went away"),
    "internal error": (lambda service: service.end(1011), "internal error"),
    "restart": (lambda service: service.end(1012), "The service restarts"),
    "overload": (lambda service: service.end(1013), "is overloaded"),
    "expiry": (lambda service: service.end(1001, "session_expired"), "time limit"),
    "expired token": (lambda service: service.end(1008, "The token has expired."), "expired"),
}


@pytest.mark.parametrize("name", CLASSES)
def test_a_loss_that_heals_is_told_in_one_line_and_the_conversation_goes_on(
    tmp_path: Path, name: str
) -> None:
    strike, cause = CLASSES[name]
    with ItemServer() as service, talking_console(tmp_path, service, (200, 50)) as terminal:
        strike(service)
        service.wait(lambda: len(service.connections) == 2)
        connected_again(terminal, service)
        # What was carried over is recorded after the return.
        screen = words(terminal.wait_for(lambda screen: "1 item carried over" in words(screen)))
        assert "back after" in screen
        assert cause in screen
        # The answer that was lost was asked for again; a further message waits for its end.
        service.send({"type": "response.done", "response": {"id": "resp", "status": "completed"}})
        terminal.press("i")
        terminal.write("Still there?")
        terminal.press("Enter")
        service.wait(lambda: service.last.show()[-1] == "user: Still there?")
        screen = terminal.wait_for(lambda screen: screen.count("Still there?") >= 2)
        assert screen.count("back after") == 1


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_wait_is_counted_down_and_s_tries_now(tmp_path: Path, size: tuple[int, int]) -> None:
    with ItemServer() as service, talking_console(tmp_path, service, size) as terminal:
        service.refusals = [BUSY]
        service.end(1011)
        # The footer is that of the message line until its Escape has been handled.
        said = ("try 2  HTTP 503", "RECONNECTS IN ", "s tries now", "x stops trying", "try now")
        terminal.wait_for(lambda screen: all(text in screen for text in said))
        terminal.press("s")
        connected_again(terminal, service)
        assert "RECONNECTS IN" not in terminal.wait_for("[●1")


def test_x_stops_the_tries_and_the_transcript_stays(tmp_path: Path) -> None:
    with ItemServer() as service, talking_console(tmp_path, service) as terminal:
        service.refusals = [BUSY]
        service.end(1012)
        # The footer is that of the message line until its Escape has been handled.
        terminal.wait_for(lambda screen: "try 2  HTTP 503" in screen and "x stops trying" in screen)
        terminal.press("x")
        screen = terminal.wait_for("ENDED")
        assert "I am Ada." in screen
        assert len(service.connections) == 1


@pytest.mark.parametrize("answer", ["g", "b"])
def test_after_an_end_that_does_not_heal_s_asks_how_to_go_on(tmp_path: Path, answer: str) -> None:
    with ItemServer() as service, talking_console(tmp_path, service, (200, 50)) as terminal:
        service.refusals = [(401, {})]
        service.end()
        screen = terminal.wait_for("FAILED")
        assert "I am Ada." in screen
        terminal.wait_for(lambda screen: "FAILED 401" in screen and "s go on" in screen)
        terminal.press("s")
        terminal.wait_for("go on, or begin anew?")
        terminal.press(answer)
        service.wait(lambda: len(service.connections) == 2)
        if answer == "g":
            connected_again(terminal, service)
        else:
            terminal.wait_for(lambda screen: "READY" in screen and "I am Ada." not in screen)
            assert service.last.show() == []


def test_a_service_that_hangs_up_at_once_fills_no_screen(tmp_path: Path) -> None:
    with ItemServer() as service, talking_console(tmp_path, service, (200, 50)) as terminal:
        for number in range(2, 7):
            service.end(1012)
            service.wait(partial(has_connections, service, number))
        screen = words(terminal.wait_for("(5 times)"))
        assert screen.count("The service restarts or is overloaded (1012) (5 times)") == 1
        assert not re.search(r"v \d+ notices", screen)
