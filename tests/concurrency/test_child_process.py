"""A child process is reaped and its pipes are closed when `start` or `end` returns, whatever
cancels it."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest
from voicelive_tui.concurrency.child_process import ChildProcess

from tests.support.deadlines import DEADLINE_S
from tests.support.left_over import child_processes, nothing_left

ECHO = (
    "import sys\nfor line in sys.stdin: print(line.upper(), end='', flush=True)\nprint('bye', "
    "file=sys.stderr)"
)
PAUSE = "import signal\nprint('ready', flush=True)\nwhile True: signal.pause()"
DETACHED = """
import subprocess, sys
subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=0)
print("my child has my pipes", flush=True)
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Returns a function that writes a program and returns the name under which `python -m` finds
    it."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    def write(source: str) -> str:
        (tmp_path / "some_child.py").write_text(source)
        return "some_child"

    return write


async def test_its_lines_and_its_exit_reason(module: Any) -> None:
    lines: list[str] = []
    with nothing_left():
        child = await ChildProcess.start(
            module(ECHO), stdin=PIPE, stdout=PIPE, on_line=lines.append
        )
        child.write(b"one\ntwo\n")
        async with asyncio.timeout(DEADLINE_S):
            assert await child.first_line == "ONE"
        child.close_stdin()
        await child.end(DEADLINE_S)
    assert set(lines) == set(child.lines) == {"TWO", "bye"}
    assert (child.returncode, child.exit_reason() in lines) == (0, True)


async def test_a_line_without_an_end_is_not_kept_whole(module: Any) -> None:
    child = await ChildProcess.start(
        module("import sys\nsys.stderr.write('x' * 1_000_000 + '\\nlast\\n')")
    )
    await child.end(DEADLINE_S)
    assert [len(line) for line in child.lines] == [300, 4]


async def test_a_secret_in_a_line_is_not_kept(module: Any) -> None:
    child = await ChildProcess.start(
        module("raise SystemExit('x' * 280 + ' api-key: a1b2c3d4e5f60718293a4b5c6d7e8f90')")
    )
    await child.end(DEADLINE_S)
    assert "a1b2" not in child.exit_reason()


async def test_no_output_is_an_empty_first_line(module: Any) -> None:
    child = await ChildProcess.start(module("raise SystemExit(3)"), stdout=PIPE)
    await child.end(DEADLINE_S)
    assert (child.first_line.result(), child.exit_reason()) == ("", "status 3")


async def test_one_that_does_not_end_is_killed(module: Any) -> None:
    with nothing_left():
        child = await ChildProcess.start(module(PAUSE), stdout=PIPE)
        await child.end(0)
        assert child.exit_reason() == "SIGKILL"


async def test_a_grandchild_that_keeps_the_pipes_delays_nothing(module: Any) -> None:
    with nothing_left():
        child = await ChildProcess.start(module(DETACHED), stdin=PIPE, stdout=PIPE)
        async with asyncio.timeout(DEADLINE_S):
            assert await child.first_line == "my child has my pipes"
        await child.end(0.1)


async def test_one_that_cannot_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with nothing_left(), pytest.raises(OSError, match="No such file"):
        await ChildProcess.start("voicelive_tui")


def cancelled_after(steps: int, work: Coroutine[Any, Any, object], *, times: int) -> bool:
    """Run the work in its own loop and cancel it after this many rounds of the loop. Returns
    whether it was cancelled before its end."""

    async def main() -> bool:
        task = asyncio.create_task(work)
        for _ in range(steps):
            await asyncio.sleep(0)
        early = not task.done()
        for _ in range(times):
            task.cancel()
            await asyncio.sleep(0)
        await asyncio.wait([task])
        return early

    return asyncio.run(main())


@pytest.mark.parametrize("times", [1, 3])
def test_a_start_that_is_cancelled_leaves_nothing_at_whatever_moment(
    module: Any, times: int
) -> None:
    name, steps = module(PAUSE), 0

    async def start_and_end() -> None:
        child = await ChildProcess.start(name, stdin=PIPE, stdout=PIPE)
        await child.end(DEADLINE_S)

    with nothing_left():
        while steps < 12:
            assert cancelled_after(steps, start_and_end(), times=times)
            steps += 1


def test_an_end_that_is_cancelled_kills(module: Any) -> None:
    name = module(PAUSE)

    async def wait_for_ever() -> None:
        child = await ChildProcess.start(name, stdout=PIPE)
        await child.first_line
        ending = asyncio.create_task(child.end(DEADLINE_S))
        await asyncio.sleep(0)
        for _ in range(3):
            ending.cancel()
            await asyncio.sleep(0)
        with pytest.raises(asyncio.CancelledError):
            await ending
        assert child.returncode is not None
        assert child.pid not in child_processes()

    with nothing_left():
        asyncio.run(wait_for_ever())


async def test_it_gets_no_secrets_and_finds_our_modules(
    module: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_VOICELIVE_API_KEY", "a1b2c3d4e5f60718293a4b5c6d7e8f90")
    source = (
        "import os, voicelive_tui\nprint(voicelive_tui.__file__, [v for v in "
        "os.environ.values() if 'a1b2' in v])"
    )
    child = await ChildProcess.start(module(source), stdout=PIPE)
    await child.end(DEADLINE_S)
    path, _, secrets = child.first_line.result().partition(" ")
    assert (Path(path).parts[-2], secrets) == ("voicelive_tui", "[]")
    assert os.environ["AZURE_VOICELIVE_API_KEY"]
