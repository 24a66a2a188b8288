"""The simulator as a program: its ready line, its endings, its refusals."""

import asyncio
import hashlib
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import aiohttp
import pytest
from voicelive_simulator.arguments import KEY_VARIABLE, TOKEN_VARIABLE, Parser
from voicelive_simulator.faults.catalogue import KINDS
from voicelive_simulator.scenario.load import load_scenario, scenario_names
from websockets.exceptions import InvalidStatus

from tests.simulator.support.websocket_frames import TARGET, upgrade_request
from tests.simulator.support.wire_peer import wire_peer
from tests.support.control_requests import TOKEN, ask
from tests.support.deadlines import DEADLINE_S, RUN_S
from tests.support.simulator_process import environment, ready_line
from tests.support.voice_live_peer import dial, peer

COMMAND = [sys.executable, "-W", "error", "-m", "voicelive_simulator"]


@contextmanager
def running(
    *arguments: str, extra: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[str]]:
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [*COMMAND, *arguments],
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
        text=True,
        env=environment(extra),
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def refused(
    *arguments: str, extra: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        capture_output=True,
        text=True,
        timeout=RUN_S,
        check=False,
        env=environment(extra),
    )


def ended(process: subprocess.Popen[str]) -> str:
    """End a program that was started with --parent; return its stderr."""
    assert process.stdin is not None and process.stderr is not None
    process.stdin.close()
    assert process.wait(DEADLINE_S) == 0
    return process.stderr.read()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_the_first_line_says_where_it_listens_and_a_signal_ends_it(
    number: signal.Signals,
) -> None:
    with running() as process:
        line = ready_line(process)
        assert line["pid"] == process.pid and line["url"] == f"ws://127.0.0.1:{line['port']}"
        assert line["voice"] in ("espeak-ng", "tone")
        async with peer(str(line["url"])) as client:
            assert client.types() == ["session.created"]
        process.send_signal(number)
        assert process.wait(DEADLINE_S) == 0
        assert process.stderr is not None and process.stderr.read() == ""


def test_with_parent_the_end_of_stdin_ends_it() -> None:
    with running("--parent") as process:
        ready_line(process)
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(DEADLINE_S) == 0
        assert process.stderr is not None and process.stderr.read() == ""


def test_a_taken_port_is_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = refused("--port", str(port))
    assert answer.returncode == 1
    assert (
        answer.stderr
        == f"The simulator cannot listen on 127.0.0.1 port {port}: address already in use.\n"
    )


@pytest.mark.parametrize("host", ["::1", "[::1]", "localhost"])
async def test_every_spelling_of_loopback_is_taken(host: str) -> None:
    if "::1" in host:
        try:
            with socket.socket(socket.AF_INET6) as six:
                six.bind(("::1", 0))
        except OSError:
            pytest.skip("this machine has no IPv6 loopback")
    with running("--host", host, "--parent") as process:
        line = ready_line(process)
        expected = "127.0.0.1" if host == "localhost" else "[::1]"
        assert line["url"] == f"ws://{expected}:{line['port']}"
        async with peer(str(line["url"])) as client:
            assert client.types() == ["session.created"]


async def test_it_ends_while_a_client_talks_and_another_hangs() -> None:
    with running("--parent") as process:
        url = str(ready_line(process)["url"])
        hanging = socket.create_connection(("127.0.0.1", int(url.rsplit(":", 1)[1])), DEADLINE_S)
        with hanging:
            hanging.sendall(upgrade_request())
            assert hanging.recv(12) == b"HTTP/1.1 101"
            async with peer(url) as client:
                await client.send("response.create")
                await client.until("response.audio.delta")
                assert process.stdin is not None
                process.stdin.close()
                await asyncio.wait_for(client.socket.wait_closed(), DEADLINE_S)
            assert process.wait(DEADLINE_S) == 0
            assert process.stderr is not None and process.stderr.read() == ""


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.1", "::", "fe80::1%lo"])
def test_other_machines_must_be_let_in_twice_and_with_a_key(host: str) -> None:
    once = refused("--host", host, extra={KEY_VARIABLE: "k"})
    assert once.returncode == 2 and once.stdout == ""
    assert host in once.stderr and "--allow-remote" in once.stderr and once.stderr.count("\n") == 1
    open_to_all = refused("--host", host, "--allow-remote")
    assert open_to_all.returncode == 2 and open_to_all.stdout == ""
    assert KEY_VARIABLE in open_to_all.stderr and open_to_all.stderr.count("\n") == 1


@pytest.mark.parametrize("more", [[], ["--tls"]])
async def test_let_in_other_machines_are_warned_of_in_one_line(more: list[str]) -> None:
    with running(
        "--host", "0.0.0.0", "--allow-remote", "--parent", *more, extra={KEY_VARIABLE: "hush"}
    ) as process:
        line = ready_line(process)
        assert (
            line["url"] == f"{'wss' if more else 'ws'}://127.0.0.1:{line['port']}"
            and line["key"] is True
        )
        said = ended(process)
    assert (
        said.startswith("Warning: other machines can reach this simulator")
        and said.count("\n") == 1
    )
    assert ("clear text" in said) is not bool(more)
    assert "hush" not in said + json.dumps(line)


async def test_hosts_and_origins_are_allowed_by_options() -> None:
    page, host = "HTTP://LocalHost:3000/", "Box.example:9000"
    with running(
        "--parent",
        "--allow-origin",
        page,
        "--allow-origin",
        "https://b.example",
        "--allow-host",
        host,
    ) as process:
        target = f"http://127.0.0.1:{ready_line(process)['port']}/voice-live/realtime?api-version=2026-07-15&model=m&api-key=k"
        async with aiohttp.ClientSession() as browser:
            for origin in ("http://localhost:3000", "https://b.example:443"):
                async with browser.ws_connect(
                    target, origin=origin, headers={"Host": "box.example:9000"}
                ):
                    pass
            for sent in ({"Origin": "http://localhost:3001"}, {"Host": "box.example:9001"}):
                with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
                    await browser.ws_connect(target, headers=sent)
        assert ended(process) == ""


@pytest.mark.parametrize("host", ["example.com", "", "127.0.0.1:80", "localhost.", "300.1.1.1"])
def test_a_name_is_not_looked_up(host: str) -> None:
    answer = refused("--host", host, "--allow-remote", extra={KEY_VARIABLE: "k"})
    assert answer.returncode == 2 and answer.stdout == ""
    assert "no address" in answer.stderr and answer.stderr.count("\n") == 1


def test_an_address_that_this_machine_does_not_have_is_one_sentence() -> None:
    answer = refused("--host", "192.0.2.1", "--allow-remote", extra={KEY_VARIABLE: "k"})
    assert answer.returncode == 1
    assert (
        answer.stderr.startswith("The simulator cannot listen on 192.0.2.1 port 0: ")
        and answer.stderr.count("\n") == 1
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--port", "65536"], "no port 65536"),
        (["--allow-host", "http://box"], "--allow-host http://box: this is no host"),
        (["--allow-origin", "null"], "--allow-origin null: this is no origin"),
        (["--allow-origin", "http://localhost:3000/page"], "as in http://localhost:3000"),
        (["--allow-origin", "*"], "this is no origin"),
        (["--port", "-1"], "no port -1"),
        (["--port", "http"], "http"),
        (["--session-minutes", "0"], "--session-minutes"),
        (["--session-minutes", "nan"], "--session-minutes"),
        (["--session-minutes", "inf"], "--session-minutes"),
        (["--factor", "2"], "--replay"),
        (["--replay", "somewhere", "--scenario", "weather-tool"], "exclude"),
        (["--replay", "somewhere", "--factor", "-1"], "--factor"),
        (["--replay", "somewhere", "--factor", "nan"], "--factor"),
        (["--replay", "nowhere-at-all"], "nowhere-at-all"),
        (["--scenario", "nothing-like-that"], "nothing-like-that"),
        (["--fault", "dorp"], "drop"),
        (["--fault", "drop:how=gently"], "rst"),
        (["--fault", "drop", "--fault", ""], "fault"),
        (["--tls-cert", "a.pem"], "--tls-key"),
        (["--tls-key", "a.pem"], "--tls-cert"),
        (["--tls-cert", "none.pem", "--tls-key", "none.pem"], "none.pem cannot be read"),
        (["--tls-cert-out", "a.pem"], "--tls"),
        (["--tls", "--tls-cert-out", "no/such/folder/a.pem"], "cannot be written"),
        (["--tls-cert-o", "a.pem"], "--help"),
        (["surplus"], "--help"),
    ],
)
def test_a_bad_value_is_one_sentence(arguments: list[str], says: str) -> None:
    answer = refused(*arguments)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert says in answer.stderr and answer.stderr.endswith((".\n", "?\n"))
    assert answer.stderr.count("\n") == 1


@pytest.mark.parametrize("name", [KEY_VARIABLE, TOKEN_VARIABLE])
def test_a_secret_that_no_header_can_carry_is_refused_and_not_shown(name: str) -> None:
    for secret in ("hush\u00e9", "hush\nhush"):
        answer = refused(extra={name: secret})
        assert answer.returncode == 2 and name in answer.stderr and "hush" not in answer.stderr


@pytest.mark.parametrize("columns", [80, 120])
def test_the_help_names_every_option_fault_scenario_and_variable(columns: int) -> None:
    answer = refused("--help", extra={"COLUMNS": str(columns)})
    assert answer.returncode == 0
    lines = answer.stdout.splitlines()
    for word in (*KINDS, *scenario_names()):
        assert sum(line.startswith(f"  {word} ") for line in lines) == 1, word
    for option in (KEY_VARIABLE, TOKEN_VARIABLE, *Parser().options):
        assert option in answer.stdout
    assert max(map(len, lines)) <= columns


async def test_the_key_of_the_environment_is_the_only_one_taken() -> None:
    with running("--parent", extra={KEY_VARIABLE: "hush"}) as process:
        line = ready_line(process)
        for wrong in ({"api-key": "else"}, {"Authorization": "Bearer else"}, {}):
            with pytest.raises(InvalidStatus, match="401"):
                async with dial(line["url"] + TARGET, headers=wrong):
                    pass
        for right in ({"api-key": "hush"}, {"Authorization": "Bearer hush"}):
            async with dial(line["url"] + TARGET, headers=right) as client:
                assert "session.created" in str(await asyncio.wait_for(client.recv(), DEADLINE_S))
        assert "hush" not in json.dumps(line) + ended(process)


async def test_the_token_of_the_environment_opens_the_control_path() -> None:
    with running("--parent", "--log", extra={TOKEN_VARIABLE: TOKEN}) as process:
        line = ready_line(process)
        assert line["control"] is True
        assert (await ask(line["port"], "GET /simulator/state")).json["sessions"] == []
        assert (await ask(line["port"], "GET /simulator/state", "wrong")).status == 401
        assert TOKEN not in json.dumps(line) + ended(process)
    with running("--parent") as process:
        line = ready_line(process)
        assert line["control"] is False
        assert (await ask(line["port"], "GET /simulator/state")).status == 404


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_tls_with_a_certificate_that_clients_can_be_given(host: str, tmp_path: Path) -> None:
    file = tmp_path / "simulator.pem"
    with running("--host", host, "--tls", "--tls-cert-out", str(file), "--parent") as process:
        line = ready_line(process)
        assert line["url"].startswith("wss://")
        assert "PRIVATE" not in file.read_text()
        context = ssl.create_default_context(cafile=str(file))
        async with wire_peer(line["url"], context) as client:
            assert (await client.frame()).kind == "session.created"
            der = client.writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        assert (
            line["certificate_sha256"].replace(":", "").lower() == hashlib.sha256(der).hexdigest()
        )
        assert ended(process) == ""


async def test_faults_of_the_command_line_strike_and_are_then_over() -> None:
    faults = (
        "--fault",
        "refuse:status=429,retry_after_s=7",
        "--fault",
        "close:code=4000,reason=busy,on=session.updated",
    )
    with running("--parent", *faults) as process:
        line = ready_line(process)
        assert line["faults"] == ["refuse", "close"]
        with pytest.raises(InvalidStatus) as refusal:
            async with peer(line["url"]):
                pass
        assert refusal.value.response.status_code == 429
        assert refusal.value.response.headers["Retry-After"] == "7"
        async with peer(line["url"]) as client:
            await client.send("session.update", session={})
            await asyncio.wait_for(client.socket.wait_closed(), DEADLINE_S)
            assert (client.socket.close_code, client.socket.close_reason) == (4000, "busy")
        async with peer(line["url"]) as client:
            await client.ask("session.update", "session.updated", session={})
        assert ended(process) == ""


@pytest.mark.parametrize("name", scenario_names())
def test_a_shipped_scenario_is_served_by_its_name(name: str) -> None:
    with running("--parent", "--scenario", name) as process:
        assert ready_line(process)["scenario"] == load_scenario(name).name
        ended(process)


async def test_a_reset_begins_a_seeded_scenario_again() -> None:
    with running(
        "--parent", "--scenario", "weather-tool", extra={TOKEN_VARIABLE: TOKEN}
    ) as process:
        line = ready_line(process)
        ids = []
        for _ in range(2):
            for _ in range(2):
                async with peer(line["url"]) as client:
                    ids.append(client.session_id)
            await ask(line["port"], "POST /simulator/reset")
        assert ids[:2] == ids[2:] and ids[0] != ids[1]
        ended(process)


def test_who_started_it_and_went_is_no_traceback() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as pipe:
        done = subprocess.run(
            COMMAND, stdout=pipe, stderr=subprocess.PIPE, timeout=RUN_S, check=False
        )
    assert (done.returncode, done.stderr) == (141, b"")


def test_a_full_disk_is_one_sentence() -> None:
    if not os.path.exists("/dev/full"):
        pytest.skip("no /dev/full here")
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            COMMAND, stdout=full, stderr=subprocess.PIPE, timeout=RUN_S, check=False
        )
    assert done.returncode == 74
    assert done.stderr == b"The simulator cannot say where it listens: no space left on device.\n"


async def test_the_log_names_events_and_no_secrets() -> None:
    with running("--log", "--key", "very-secret", "--parent") as process:
        url = str(ready_line(process)["url"])
        with pytest.raises(Exception, match="401"):
            async with peer(url, query="&api-key=also-secret"):
                pass
        async with peer(url, query="&Authorization=Bearer%20very-secret") as client:
            await client.send("session.update", session={"instructions": "whisper"})
            await client.until("session.updated")
            await client.ask("session.update", "error", session={"voice": "a secret voice"})
            await client.ask("session.update", "warning", session={"colour": "secret red"})
        async with peer(
            url, api_version="2025-10-01", query="&Authorization=Bearer%20very-secret"
        ) as client:
            await client.ask("session.update", "session.updated", session={"shape": "secret round"})
        log = ended(process)
    assert "< session.update\n" in log and "> session.updated\n" in log
    assert "> error  invalid_value session.voice\n" in log
    assert "> warning  unknown_parameter session.colour\n" in log
    assert "! unknown_parameter session.shape\n" in log
    assert "secret" not in log and "whisper" not in log


def test_importing_the_command_loads_nothing_heavy() -> None:
    code = (
        "import sys, voicelive_simulator.command\n"
        "print([m for m in ('numpy', 'websockets', 'cryptography', 'soxr', 'espeakng_loader', "
        "'textual') if m in sys.modules])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=RUN_S, check=True
    )
    assert answer.stdout == "[]\n"
