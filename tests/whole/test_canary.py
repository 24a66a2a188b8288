"""No secret leaves the program, whether a session succeeds or fails and whatever the service
repeats.

The program holds unusual secrets (tests/whole/support/canaries.py) wherever it can take one.
Afterwards none of them, in any notation, is in a file that the user did not write, in the program's
output, in its log, on the screen, in an export, or in the environment or command line of a process
that it started.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from zipfile import ZipFile

import pytest
from voicelive_common.exit_codes import ExitCode
from voicelive_common.redaction.redact import hide_held_secrets
from voicelive_tui.engine.config.settings import Settings
from voicelive_tui.engine.config.settings_loader import load_settings
from voicelive_tui.engine.engine import Engine
from voicelive_tui.tui.app import ConsoleApp

from tests.support.audio_hosts import children_of
from tests.support.console_pilot import FIXED_CLOCK, screen_text, shows
from tests.support.deadlines import DEADLINE_S
from tests.support.hostile_servers import answering, close_frame, saying, serving_beside
from tests.support.program import Program
from tests.whole.support.canaries import (
    ENTRA_TOKEN,
    KEY,
    PROFILE,
    canaries_in,
    endpoint,
    environment,
    spellings,
)
from tests.whole.support.echoing_service import SOME, echo, echoing_frames, event, refusals
from tests.whole.support.secrets_holder import SecretsHolder, is_recorded_whole, run_with


def test_whatever_a_service_repeats_shows_no_secret(holder: SecretsHolder) -> None:
    created = event("session.created", session={"id": "s1"})
    goodbyes = [saying(created, close_frame(4000, spellings(KEY)[notation])) for notation in SOME]
    everything = saying(*echoing_frames(), close_frame(4001, KEY))
    with ThreadPoolExecutor(4) as pool:
        as_events = pool.submit(run_with, holder, everything, "--json", "--mic", holder.silence)
        refused = pool.map(lambda handler: run_with(holder, handler, "--no-reconnect"), refusals())
        ended = pool.map(lambda handler: run_with(holder, handler), [*goodbyes, everything])
        # A run waits some seconds for its disk, in which a busy machine may not write everything.
        held = {ExitCode.OK, ExitCode.CLOSED, ExitCode.UNRECORDED}
        assert as_events.result() in held | {ExitCode.TURNS}
        assert set(refused) == {ExitCode.REFUSED, ExitCode.UNREACHABLE}
        assert set(ended) <= held | {ExitCode.TURNS}
    assert holder.leaks() == {}


def test_no_token_of_a_sign_in_is_shown(holder: SecretsHolder) -> None:
    """A script plays the Azure command line; the rest of the sign-in is Azure's library."""
    home = holder.program.home
    (home / "token").write_text(
        json.dumps({"accessToken": ENTRA_TOKEN, "expires_on": 2_082_758_400})
    )
    (home / "az").write_text('#!/bin/sh\ncat "$HOME/token"\n')
    (home / "az").chmod(0o700)
    holder.program.profile("entra", '[service]\nauth = "entra"\n[session]\nmodalities = ["text"]\n')
    path = {
        "PATH": f"{home}{os.pathsep}{os.environ['PATH']}",
        "AZURE_TOKEN_CREDENTIALS": "AzureCliCredential",
    }
    frames = [*echo(ENTRA_TOKEN), close_frame(4001, ENTRA_TOKEN)]
    refusal = answering(
        "401 No",
        f"X-Echo: {ENTRA_TOKEN}",
        body=json.dumps({"error": {"message": f"No {ENTRA_TOKEN}"}}),
    )
    echoing = saying(event("session.created", session={"id": "s1"}), *frames)
    # An error that comes after the turn was typed ends that turn, and a run with all its turns ends
    # before the close frame is read.
    for handler, codes in (
        (echoing, {ExitCode.CLOSED, ExitCode.TURNS}),
        (refusal, {ExitCode.REFUSED}),
    ):
        with serving_beside(handler) as server:
            variables = {**path, "AZURE_VOICELIVE_ENDPOINT": server.url}
            code = holder.run(server.url, "--json", profile="entra", variables=variables)
            assert f"Authorization: Bearer {ENTRA_TOKEN}" in server.requests[0]
        assert code in codes
    assert holder.leaks() == {"token": ["the Entra token, JSON"]}  # the file that this test wrote


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_no_process_that_is_started_gets_a_secret(holder: SecretsHolder) -> None:
    with held_open(
        holder.program,
        "run",
        "caged",
        "--simulator",
        "--mic",
        holder.silence,
        "--speaker",
        "null",
    ) as run:
        children: dict[int, tuple[bytes, bytes]] = {}
        until(
            lambda: children.update(started_by(run.pid)) or len(children) >= 2,
            "the sound's process and the simulator's",
        )
        ours = (b"voicelive_tui.", b"voicelive_simulator")
        assert {
            module
            for _, line in children.values()
            for module in line.split(b"\0")
            if module.startswith(ours)
        } == {
            b"voicelive_tui.audio.host.server",
            b"voicelive_simulator",
        }
        for environ, command_line in children.values():
            assert b"HOME=" in environ
            assert (canaries_in(environ), canaries_in(command_line)) == ([], [])


@contextmanager
def held_open(program: Program, *arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A run that is killed at the end of the block."""
    pipe = subprocess.PIPE
    variables = program.environment(environment("http://127.0.0.1:9"))
    with subprocess.Popen(
        [program.command, *arguments],
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
        env=variables,
        cwd=program.home,
    ) as run:
        try:
            yield run
        finally:
            run.kill()


def started_by(pid: int) -> dict[int, tuple[bytes, bytes]]:
    """Environment and command line, by process id, of all descendants of this process."""
    own = Path(f"/proc/{pid}/cmdline").read_bytes()
    found: dict[int, tuple[bytes, bytes]] = {}
    for child in children_of(pid):
        with suppress(OSError):  # it has ended meanwhile
            # The command line first: while it equals the parent's, the child has not begun its own
            # program.
            line = Path(f"/proc/{child}/cmdline").read_bytes()
            environ = Path(f"/proc/{child}/environ").read_bytes()
            found |= {child: (environ, line)} if line and environ and line != own else {}
            found |= started_by(child)
    return found


def until(condition: Callable[[], object], what: str) -> None:
    """Poll until the condition holds. Raises AssertionError naming `what`."""
    deadline_s = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < deadline_s, f"never came: {what}"
        time.sleep(0.01)


async def test_the_console_shows_and_exports_no_secret_live_and_opened_again(
    holder: SecretsHolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = holder.program.home
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "config"))
    # The service reads until its close frame is answered: closing with unread data would discard
    # what it sent.
    handler = saying(*echoing_frames(), close_frame(4001, KEY), stay=True)
    assert is_recorded_whole(lambda: run_with(holder, handler, "--mic", holder.silence))
    folder = max((home / "state/sessions").iterdir())
    assert (
        hide_held_secrets(KEY) == KEY
    )  # this process hides nothing; what is hidden was hidden when it was recorded
    await inspect_console(Settings(state_dir=home / "state", profile_dirs=()), str(folder))
    with serving_beside(saying(*echoing_frames(), stay=True)) as server:
        variables = {**environment(server.url), "VOICELIVE_TUI_STATE_DIR": str(home / "state")}
        await inspect_console(load_settings(variables, folder=home, no_audio=True), "caged", "s")
    archives = list((home / "state/exports").glob("*.zip"))
    assert len(archives) == 2
    for archive in archives:
        with ZipFile(archive) as files:
            files.extractall(archive.with_suffix(""))
    assert holder.leaks() == {}


async def inspect_console(settings: Settings, tab: str, *first_keys: str) -> None:
    """Look at everything that a tab shows, copy it and export it. Asserts that screen and clipboard
    hold no canary."""
    engine = Engine(settings)
    engine.start()
    try:
        app = ConsoleApp(engine, tabs=[tab], clock=FIXED_CLOCK)
        async with app.run_test(size=(160, 50)) as pilot:
            await pilot.pause()
            assert canaries_in(screen_text(app)) == []
            await pilot.press(*first_keys)
            await shows(pilot, "[hidden], did you?")
            for keys in ("e", "enter", "escape", "Y", "g", *["pagedown"] * 8, "y", "p", "escape"):
                await pilot.press(keys)
                await pilot.pause()
                assert canaries_in(screen_text(app)) == [], keys
                assert canaries_in(app.clipboard) == [], keys
            assert app.clipboard
            await pilot.press("w")
            await shows(pilot, "Wrote ")
    finally:
        assert engine.close(timeout_s=DEADLINE_S)


@pytest.mark.parametrize("command", ["check", "doctor"])
@pytest.mark.parametrize(
    "spoilt", ["", "x =", '[service]\nmodel = "twice"', "[session.turn_detection]\ntype = 5"]
)
def test_no_check_shows_a_secret(program: Program, command: str, spoilt: str) -> None:
    program.profile("caged", PROFILE + spoilt)
    (program.home / ".env").write_text(
        f"AZURE_VOICELIVE_ENDPOINT='{endpoint('http://127.0.0.1:9')}'\nMY_KEY={json.dumps(KEY)}\n"
    )
    done = program.run(command, *(["caged"] if command == "check" else []))
    assert done.stdout and (canaries_in(done.stdout), canaries_in(done.stderr)) == ([], [])
