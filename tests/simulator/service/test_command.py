"""The simulator as a program: its ready line, its endings, its refusals."""

import asyncio
import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.support.voice_live_peer import DEADLINE_S, peer

COMMAND = [sys.executable, "-W", "error", "-m", "voicelive_tui.simulator"]


@contextmanager
def running(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    pipe = subprocess.PIPE
    with subprocess.Popen([*COMMAND, *arguments], stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def ready(process: subprocess.Popen[str]) -> dict[str, object]:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, process.stderr and process.stderr.read()
    answer: dict[str, object] = json.loads(line)
    return answer


def refused(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=DEADLINE_S, check=False)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_the_first_line_says_where_it_listens_and_a_signal_ends_it(number: signal.Signals) -> None:
    with running() as process:
        line = ready(process)
        assert line["pid"] == process.pid and line["url"] == f"ws://127.0.0.1:{line['port']}"
        assert line["voice"] in ("espeak-ng", "tone")
        async with peer(str(line["url"])) as client:
            assert client.types() == ["session.created"]
        process.send_signal(number)
        assert process.wait(DEADLINE_S) == 0
        assert process.stderr is not None and process.stderr.read() == ""


def test_with_parent_the_end_of_stdin_ends_it() -> None:
    with running("--parent") as process:
        ready(process)
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
    assert answer.stderr == f"The simulator cannot listen on 127.0.0.1 port {port}: address already in use.\n"


@pytest.mark.parametrize("host", ["::1", "[::1]", "localhost"])
async def test_every_spelling_of_loopback_is_taken(host: str) -> None:
    if "::1" in host:
        try:
            with socket.socket(socket.AF_INET6) as six:
                six.bind(("::1", 0))
        except OSError:
            pytest.skip("this machine has no IPv6 loopback")
    with running("--host", host, "--parent") as process:
        line = ready(process)
        expected = "127.0.0.1" if host == "localhost" else "[::1]"
        assert line["url"] == f"ws://{expected}:{line['port']}"
        async with peer(str(line["url"])) as client:
            assert client.types() == ["session.created"]


async def test_it_ends_while_a_client_talks_and_another_hangs() -> None:
    with running("--parent") as process:
        url = str(ready(process)["url"])
        hanging = socket.create_connection(("127.0.0.1", int(url.rsplit(":", 1)[1])))
        with hanging:
            key = "dGhlIHNhbXBsZSBub25jZQ=="
            hanging.sendall(
                f"GET /voice-live/realtime?api-version=2026-07-15&model=m HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
                f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\napi-key: k\r\n\r\n".encode()
            )
            assert hanging.recv(12) == b"HTTP/1.1 101"
            async with peer(url) as client:
                await client.send("response.create")
                await client.until("response.audio.delta")
                assert process.stdin is not None
                process.stdin.close()
                await asyncio.wait_for(client.socket.wait_closed(), DEADLINE_S)
            assert process.wait(DEADLINE_S) == 0
            assert process.stderr is not None and process.stderr.read() == ""


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.1", "example.com", "::"])
def test_only_loopback_is_listened_on(host: str) -> None:
    answer = refused("--host", host)
    assert answer.returncode == 2
    assert host in answer.stderr and answer.stderr.count("\n") == 1
    assert answer.stdout == ""


async def test_the_log_names_events_and_no_secrets() -> None:
    with running("--log", "--key", "very-secret", "--parent") as process:
        url = str(ready(process)["url"])
        with pytest.raises(Exception, match="401"):
            async with peer(url, query="&api-key=also-secret"):
                pass
        async with peer(url, query="&Authorization=Bearer%20very-secret") as client:
            await client.send("session.update", session={"instructions": "whisper"})
            await client.until("session.updated")
            await client.ask("session.update", "error", session={"voice": "a secret voice"})
        assert process.stdin is not None and process.stderr is not None
        process.stdin.close()
        assert process.wait(DEADLINE_S) == 0
        log = process.stderr.read()
    assert "< session.update\n" in log and "> session.updated\n" in log
    assert "> error  invalid_value session.voice\n" in log
    assert "secret" not in log and "whisper" not in log


def test_importing_the_command_loads_nothing_heavy() -> None:
    code = (
        "import sys, voicelive_tui.simulator.command\n"
        "print([m for m in ('numpy', 'websockets', 'soxr', 'espeakng_loader', 'textual') if m in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=DEADLINE_S, check=True)
    assert answer.stdout == "[]\n"
