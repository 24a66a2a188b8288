"""Job control in a real shell: Ctrl+Z, fg, bg, and what a stopped console does at its end."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.console_run import scripted_profiles
from tests.support.scripted_service import ScriptedService
from tests.support.signals import write_wav
from tests.support.terminal import Terminal

SHELL = ["bash", "--norc", "--noprofile", "-i"]
PROMPT = "PROMPT>"
TONE = b"\x11\x11"
SILENT_BLOCK = bytes(960)


@pytest.fixture(autouse=True)
def _tmux() -> None:
    if not Terminal.available():
        if os.environ.get("CI"):
            pytest.fail("tmux is not installed: apt-get install tmux")
        pytest.skip("tmux is not installed")


@pytest.fixture
def service() -> Iterator[ScriptedService]:
    with ScriptedService() as running:
        yield running


@pytest.fixture
def shell(
    tmp_path: Path, service: ScriptedService, request: pytest.FixtureRequest
) -> Iterator[Terminal]:
    """A shell with job control in which a console holds a session with the service. Its parameter
    is the console's options for sound."""
    sound = getattr(request, "param", "--no-audio")
    env = {
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "VOICELIVE_TUI_STATE_DIR": str(tmp_path / "state"),
        "AZURE_VOICELIVE_API_KEY": "not-a-real-key",
        "PS1": f"{PROMPT} ",
        "VISUAL": str(tmp_path / "editor"),
    }
    profiles = scripted_profiles(tmp_path, service)
    with Terminal(tmp_path, SHELL, width=100, height=30, env=env) as terminal:
        terminal.wait_for(PROMPT)
        options = f"{sound.format(folder=tmp_path)} --profiles {profiles} --start scripted"
        write_wav(tmp_path / "tone.wav", TONE * (120 * 24_000))
        enter(terminal, f"{sys.executable} -m voicelive_tui {options}")
        service.wait(lambda: bool(service.events("session.update")))
        terminal.wait_for("session.update")
        yield terminal


def enter(terminal: Terminal, line: str) -> None:
    terminal.write(line)
    terminal.press("Enter")


def pid(terminal: Terminal) -> int:
    """The process id of the stopped console, from the shell."""
    enter(terminal, "jobs -l")
    # The shell's own line about the stopped job names no process.
    listed = re.compile(r"\[1\]\+ +(\d+) Stopped")
    found = listed.search(terminal.wait_for(listed.search))
    assert found is not None
    return int(found[1])


def drawn(screen: str) -> bool:
    """Whether the whole console is on the screen, and nothing of the shell."""
    lines = screen.splitlines()
    return "1 scripted" in lines[0] and "q quit" in lines[-1] and PROMPT not in screen


def quit_in_order(terminal: Terminal) -> None:
    terminal.press("q")
    terminal.wait_for("Quit?")
    terminal.press("q")
    terminal.wait_for(lambda screen: screen.rstrip().endswith(PROMPT))
    enter(terminal, "echo it was $?")
    terminal.wait_for("it was 0")


def test_a_suspended_console_gives_the_shell_back_and_fg_continues_it_and_its_session(
    shell: Terminal, service: ScriptedService
) -> None:
    shell.press("C-z")
    screen = shell.wait_for("Stopped")
    assert "q quit" not in screen
    enter(shell, "echo $((6 * 7))")
    shell.wait_for("\n42\n")
    service.send({"type": "something.new"})
    shell.resize(120, 34)
    enter(shell, "fg")
    shell.wait_for(lambda screen: drawn(screen) and "something.new" in screen)
    quit_in_order(shell)


@pytest.mark.parametrize(
    "shell", ["--input-device wav:{folder}/tone.wav --output-device null"], indirect=True
)
def test_what_is_said_while_the_console_is_suspended_is_never_sent(
    shell: Terminal, service: ScriptedService
) -> None:
    service.wait(lambda: TONE in service.microphone)
    shell.press("C-z")
    shell.wait_for("Stopped")
    enter(shell, "fg")
    shell.wait_for(drawn)
    # Silence from the moment of Ctrl+Z, and then the microphone again.
    spoken = service.microphone.index(TONE)
    service.wait(lambda: service.microphone.find(SILENT_BLOCK, spoken) > 0)
    silent = service.microphone.index(SILENT_BLOCK, spoken)
    service.wait(lambda: service.microphone.find(TONE, silent) > 0)
    quit_in_order(shell)


def test_a_console_that_was_stopped_by_force_draws_again_and_quits(shell: Terminal) -> None:
    shell.press("C-z")
    shell.wait_for("Stopped")
    number = pid(shell)
    enter(shell, "fg")
    shell.wait_for(drawn)
    os.kill(number, signal.SIGSTOP)
    shell.wait_for(PROMPT)
    enter(shell, "fg")
    shell.wait_for(drawn)
    quit_in_order(shell)


def test_a_console_in_the_background_waits_until_it_has_the_terminal(shell: Terminal) -> None:
    shell.press("C-z")
    shell.wait_for("Stopped")
    enter(shell, "bg; wait %1; echo stopped again with $?")
    shell.wait_for(f"stopped again with {128 + signal.SIGTTIN}")
    enter(shell, "fg")
    shell.wait_for(drawn)
    quit_in_order(shell)


def test_an_editor_that_has_the_terminal_can_be_suspended_too(
    shell: Terminal, tmp_path: Path
) -> None:
    editor = tmp_path / "editor"
    editor.write_text(f"#!{sys.executable}\nimport os, signal\nos.kill(0, signal.SIGTSTP)\n")
    editor.chmod(0o700)
    shell.press("C-e")
    shell.wait_for("Stopped")
    enter(shell, "fg")
    shell.wait_for(drawn)
    quit_in_order(shell)


def test_a_stopped_console_whose_terminal_is_closed_ends_in_order(
    shell: Terminal, tmp_path: Path, service: ScriptedService
) -> None:
    shell.press("C-z")
    shell.wait_for("Stopped")
    number = pid(shell)
    shell.close()
    subprocess.run(["tail", f"--pid={number}", "-f", "/dev/null"], check=True, timeout=60)
    events = next((tmp_path / "state/sessions").iterdir()) / "events.jsonl"
    assert '"console.closed"' in events.read_text().splitlines()[-1]
