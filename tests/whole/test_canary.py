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
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

import pytest
from voicelive_common.exit_codes import ExitCode
from voicelive_common.redaction.redact import hide_held_secrets
from voicelive_simulator.faults.catalogue import KINDS
from voicelive_tui.engine.config.settings import Settings
from voicelive_tui.engine.config.settings_loader import load_settings
from voicelive_tui.engine.engine import Engine
from voicelive_tui.tui.app import ConsoleApp

from tests.support.console_pilot import FIXED_CLOCK, screen_text, shows
from tests.support.control_requests import TOKEN
from tests.support.deadlines import DEADLINE_S
from tests.support.hostile_servers import Handler, answering, close_frame, saying, serving_beside
from tests.support.program import Program
from tests.support.signals import write_wav
from tests.support.simulator_process import simulator_process
from tests.whole.support.canaries import (
    ENTRA_TOKEN,
    HELD,
    KEY,
    PROFILE,
    canaries_in,
    canaries_in_files,
    endpoint,
    environment,
    spellings,
)
from tests.whole.support.echoing_service import SOME, echo, echoing_frames, event, refusals

WRITTEN_BY_THE_USER = frozenset({".env", "profiles/caged.toml"})
REPEATED_SECRETS = "|".join(f"{value} {spellings(value)['base64']}" for value in HELD)
"""The text of the faults that take a long one."""
AT_A_DELTA = {"on": "response.text.delta"}

Fault = Mapping[str, str | int]

REFUSALS: Sequence[Fault] = (
    *(
        {"fault": "refuse", "status": status, "message": f"Not with {KEY}"}
        for status in (400, 401, 403, 404, 429, 500, 503)
    ),
    {
        "fault": "redirect",
        "location": f"https://h.example/?key={spellings(KEY)['percent-encoded']}",
    },
    {"fault": "redirect"},
)
ENDS: Sequence[Fault] = (
    *({"fault": "drop", "how": how, **AT_A_DELTA} for how in ("fin", "rst", "half-frame")),
    *(
        {"fault": "close", "code": code, "reason": f"No {KEY}", **AT_A_DELTA}
        for code in (1000, 1002, 1008, 1011, 4000)
    ),
    *({"fault": "close", "code": code, **AT_A_DELTA} for code in (1005, 1006)),
    {"fault": "expire", **AT_A_DELTA},
    {"fault": "token-expiry", "reason": f"gone: {KEY}", **AT_A_DELTA},
)
SILENCES: Sequence[Fault] = (
    {"fault": "hang"},
    {"fault": "stop-reading"},
    {"fault": "stop-pongs"},
    {"fault": "stall", "ms": 3_600_000, **AT_A_DELTA},
)
ODD_FRAMES: Sequence[Fault] = (
    *(
        {"fault": "malformed-json", "how": how}
        for how in ("cut", "comma", "nan", "two", "empty", "null")
    ),
    {"fault": "bad-utf8"},
    {"fault": "binary-frame", "how": "json"},
    {"fault": "binary-frame", "how": "random"},
    {"fault": "fragments"},
    {"fault": "giant-frame", "size_mb": 1},
    {
        "fault": "unknown-event",
        "json": json.dumps({"type": "simulator.echo", "said": REPEATED_SECRETS, KEY: 1}),
    },
    {"fault": "missing-field", "field": "delta"},
    {"fault": "surplus-field", "value": json.dumps({"said": REPEATED_SECRETS})},
    {"fault": "wrong-type", "field": "delta", "value": json.dumps([REPEATED_SECRETS])},
    {"fault": "duplicate-delta"},
    {"fault": "late-delta"},
    {"fault": "lost-delta"},
    {"fault": "reordered-delta"},
    {"fault": "truncated-base64", "field": "delta"},
)
SLOW: Sequence[Fault] = (
    {"fault": "jitter", "ms": 5},
    {"fault": "slow-drip", "bytes_per_s": 1_000_000},
)


def test_every_fault_of_the_simulator_is_among_them() -> None:
    assert {fault["fault"] for fault in (*REFUSALS, *ENDS, *SILENCES, *ODD_FRAMES, *SLOW)} == set(
        KINDS
    )


class SecretsHolder:
    """The program with every secret that it can hold, and checks of what it shows of them."""

    def __init__(self, program: Program) -> None:
        self.program = program
        program.profile("caged", PROFILE)
        self.silence = str(write_wav(program.home / "silence.wav", bytes(48_000)))
        """A sound file that makes no turn, so that a run with it waits."""
        self._numbers = count()

    def run(
        self,
        url: str,
        *more: str,
        profile: str = "caged",
        variables: Mapping[str, str] | None = None,
    ) -> ExitCode:
        """Hold a typed turn with the service at `url`, or wait for one with a --mic. Asserts that
        no canary is printed or logged."""
        log = self.program.home / f"log-{next(self._numbers)}"
        turn = (
            ()
            if "--mic" in more
            else ("--text", f"I say {KEY}" if variables is None else "I know no key")
        )
        arguments = ("run", profile, *turn, "--speaker", "none", "--log", log, *more)
        done = self.program.run(
            *arguments, environment=environment(url) if variables is None else variables
        )
        assert (canaries_in(done.stdout), canaries_in(done.stderr)) == ([], []), more
        assert log.is_file() and canaries_in(log.read_bytes()) == []
        assert "Traceback" not in done.stderr and done.returncode != ExitCode.INTERNAL, done.stderr
        return ExitCode(done.returncode)

    def leaks(self) -> Mapping[str, list[str]]:
        """The canaries in files that the program wrote."""
        return canaries_in_files(self.program.home, but=WRITTEN_BY_THE_USER)


@pytest.fixture
def holder(program: Program) -> SecretsHolder:
    return SecretsHolder(program)


def control(url: str, method: str, path: str) -> None:
    """Send a request to the simulator's control path."""
    request = urllib.request.Request(
        f"{url}/simulator/{path}", method=method, headers={"Authorization": f"Bearer {TOKEN}"}
    )
    with urllib.request.urlopen(request, timeout=DEADLINE_S) as answer:
        assert answer.status == 200


def under_faults(holder: SecretsHolder, faults: Sequence[Fault], *more: str) -> list[ExitCode]:
    """The exit codes of one run under each of these faults, with a simulator that accepts only the
    canary as key."""
    codes = []
    with simulator_process(
        "--port", "0", extra={"VOICELIVE_SIMULATOR_KEY": KEY, "VOICELIVE_SIMULATOR_TOKEN": TOKEN}
    ) as ready:
        url = f"http://127.0.0.1:{ready['port']}"
        for fault in faults:
            control(url, "POST", f"faults?{urlencode(fault)}")
            codes.append(holder.run(url, "--json", *more))
            control(url, "DELETE", "faults")
        assert holder.run(url) is ExitCode.OK  # the key is really sent
    return codes


def test_sessions_that_fail_in_every_way_of_the_simulator_show_no_secret(
    holder: SecretsHolder,
) -> None:
    with ThreadPoolExecutor(4) as pool:
        refused = pool.submit(under_faults, holder, REFUSALS)
        ended = [pool.submit(under_faults, holder, faults) for faults in (ENDS[::2], ENDS[1::2])]
        silent = pool.submit(under_faults, holder, SILENCES, "--timeout", "1")
        assert ExitCode.OK not in refused.result()
        assert {code for each in ended for code in each.result()} == {ExitCode.CLOSED}
        assert ExitCode.REFUSED not in silent.result()
    assert holder.leaks() == {}


def test_odd_and_slow_frames_show_no_secret(holder: SecretsHolder) -> None:
    scenario = holder.program.home / "long.toml"
    scenario.write_text(
        f'name = "Long"\n[[turn]]\nturn = 1\nsays = {json.dumps("and so on " * 100)}\n'
    )
    odd = [
        text
        for n, fault in enumerate(ODD_FRAMES)
        for text in ("--fault", fault_option({**fault, **AT_A_DELTA, "after": 2 * n}))
    ]
    slow = [text for fault in SLOW for text in ("--fault", fault_option(fault))]
    with simulator_process("--port", "0", "--scenario", str(scenario), *odd, *slow) as ready:
        holder.run(f"http://127.0.0.1:{ready['port']}", "--json", "--timeout", "5")
    recorded = "".join(path.read_text() for path in holder.program.home.rglob("events.jsonl"))
    assert "simulator.echo" in recorded and "surplus_field" in recorded
    assert holder.leaks() == {}


def fault_option(fault: Fault) -> str:
    """The fault as a command-line option. Texts are JSON, so that their commas do not separate
    parameters."""
    name, *rest = fault.items()
    return f"{name[1]}:" + ",".join(f"{key}={value}" for key, value in rest)


def test_whatever_a_service_repeats_shows_no_secret(holder: SecretsHolder) -> None:
    created = event("session.created", session={"id": "s1"})
    goodbyes = [saying(created, close_frame(4000, spellings(KEY)[notation])) for notation in SOME]
    everything = saying(*echoing_frames(), close_frame(4001, KEY))
    with ThreadPoolExecutor(4) as pool:
        as_events = pool.submit(run_with, holder, everything, "--json", "--mic", holder.silence)
        refused = pool.map(lambda handler: run_with(holder, handler), refusals())
        ended = pool.map(lambda handler: run_with(holder, handler), [*goodbyes, everything])
        assert as_events.result() in (ExitCode.OK, ExitCode.CLOSED)
        assert set(refused) == {ExitCode.REFUSED, ExitCode.UNREACHABLE}
        assert set(ended) <= {ExitCode.OK, ExitCode.CLOSED, ExitCode.TURNS}
    assert holder.leaks() == {}


def run_with(holder: SecretsHolder, handler: Handler, *more: str) -> ExitCode:
    """Hold a run with this service; returns its exit code."""
    with serving_beside(handler) as server:
        code = holder.run(server.url, *more)
        assert f"api-key: {KEY}" in server.requests[0]
    return code


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
    for handler in (saying(event("session.created", session={"id": "s1"}), *frames), refusal):
        with serving_beside(handler) as server:
            variables = {**path, "AZURE_VOICELIVE_ENDPOINT": server.url}
            code = holder.run(server.url, "--json", profile="entra", variables=variables)
            assert f"Authorization: Bearer {ENTRA_TOKEN}" in server.requests[0]
        assert code in (ExitCode.CLOSED, ExitCode.REFUSED)
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
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in map(int, (task / "children").read_text().split()):
            with suppress(OSError):  # it has ended meanwhile
                # The command line first: while it equals the parent's, the child has not begun its
                # own program.
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
    run_with(
        holder,
        saying(*echoing_frames(), close_frame(4001, KEY), stay=True),
        "--mic",
        holder.silence,
    )
    (folder,) = (home / "state/sessions").iterdir()
    assert (
        hide_held_secrets(KEY) == KEY
    )  # this process hides nothing; what is hidden was hidden when it was recorded
    await inspect_console(Settings(state_dir=home / "state", profile_dirs=()), str(folder))
    with serving_beside(saying(*echoing_frames(), stay=True)) as server:
        variables = {**environment(server.url), "VOICELIVE_TUI_STATE_DIR": str(home / "state")}
        await inspect_console(load_settings(variables, folder=home, no_audio=True), "caged", "s")
    assert len(list((home / "state/exports").iterdir())) == 2
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
