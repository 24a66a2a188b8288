"""The audio process: started, found dead or hanging, ended with the console, and never left
behind."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from voicelive_tui.audio.client import spawn
from voicelive_tui.audio.client.client import AudioClient
from voicelive_tui.audio.client.device_list import list_devices
from voicelive_tui.audio.client.engine_connection import AudioUnavailable
from voicelive_tui.audio.ipc.messages import (
    DeviceNotice,
    Drained,
    Flushed,
    InputEnded,
    MicBlock,
    Opened,
    OpenRequest,
    PlaybackStarted,
    PlayedPart,
)

from tests.audio.support.audio_probe import AudioProbe
from tests.support.deadlines import DEADLINE_S, RUN_S
from tests.support.left_over import nothing_left
from tests.support.signals import counter, without_silence, write_wav


async def gone(pid: int) -> None:
    """Wait until no process with this id runs."""
    async with asyncio.timeout(DEADLINE_S):
        while _runs(pid):
            await asyncio.sleep(0.02)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (ProcessLookupError, FileNotFoundError):
        return False
    return state != "Z"


async def test_a_dead_process_is_named_started_again_and_then_given_up(probe: AudioProbe) -> None:
    probe.client.listen(True)
    await probe.open("null", "null")
    probe.play("a", 0, counter(24_000))
    await probe.one(PlaybackStarted)
    first = probe.client.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    (part,) = (await probe.one(Flushed)).parts
    assert (part.item_id, part.received_ms) == ("a", 1_000)
    notice = await probe.one(DeviceNotice)
    assert notice.level == "error"
    assert "(SIGKILL); it was started again" in notice.text
    assert (await probe.one(Opened)).output_name == "silence"
    assert probe.client.pid not in (first, None)
    before = len(probe.of(MicBlock))  # it still listens
    await probe.until(lambda: len(probe.of(MicBlock)) > before)
    probe.play("b", 0, counter(240))
    probe.client.end("b", 0)
    assert (await probe.one(Drained)).part == PlayedPart("b", 0, 10, 10)
    second = probe.client.pid
    assert second is not None
    os.kill(second, signal.SIGKILL)
    assert "goes on without sound" in (await probe.one(DeviceNotice, 2)).text
    assert probe.client.pid is None
    assert (await probe.open("null", "null")).output_name == "silence"


async def test_a_process_that_replaces_another_one_does_not_speak_the_file_again(
    probe: AudioProbe, tmp_path: Path
) -> None:
    probe.client.listen(True)
    await probe.open(f"wav:{write_wav(tmp_path / 'spoken.wav', counter(2_400))}")
    await probe.one(InputEnded)
    pid = probe.client.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    await probe.one(Opened)
    before = len(probe.of(MicBlock))
    await probe.until(lambda: len(probe.of(MicBlock)) > before + 10)
    assert without_silence(probe.heard) == counter(2_400)
    probe.client.speak_file()
    await probe.one(InputEnded, 2)


async def test_a_process_that_hangs_in_a_flush_is_replaced() -> None:
    async with AudioProbe(flush_within_s=0.05) as probe:
        await probe.open("none", "null")
        probe.play("a", 0, counter(24_000))
        await probe.one(PlaybackStarted)
        pid = probe.client.pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        # A signal takes effect some time after it is sent.
        _, status = os.waitpid(pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status)
        epoch = probe.client.flush()
        assert (await probe.one(Flushed)).epoch == epoch
        assert "started again" in (await probe.one(DeviceNotice)).text
        await gone(pid)


async def test_the_process_ends_when_the_console_dies(tmp_path: Path) -> None:
    console = (
        "import asyncio, os, signal\n"
        "from voicelive_tui.audio.client.client import AudioClient\n"
        "from voicelive_tui.audio.ipc.messages import OpenRequest\n"
        "async def main():\n"
        "    link = AudioClient(lambda message: None)\n"
        "    await link.open(OpenRequest('null', 'null'))\n"
        "    print(link.pid, flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", console],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        timeout=RUN_S,
    )
    assert done.returncode == -signal.SIGKILL
    await gone(int(done.stdout))


async def test_ctrl_c_is_none_of_the_process_business(probe: AudioProbe) -> None:
    await probe.open("none", "null")
    assert probe.client.pid is not None
    os.kill(probe.client.pid, signal.SIGINT)
    probe.play("a", 0, counter(2_400))
    probe.client.end("a", 0)
    assert (await probe.one(Drained)).part.played_ms == 100
    assert not probe.of(DeviceNotice)


@pytest.mark.skipif(
    not Path("/proc/self/environ").exists(),
    reason="the environment of a process is read from /proc",
)
async def test_the_process_has_no_keys(probe: AudioProbe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_VOICELIVE_API_KEY", "very-secret")
    await probe.open("none", "null")
    environment = Path(f"/proc/{probe.client.pid}/environ").read_bytes()
    assert b"PYTHONPATH=" in environment
    assert b"very-secret" not in environment


async def test_closing_leaves_no_process_and_opening_again_works(probe: AudioProbe) -> None:
    await probe.open("null", "null")
    pid = probe.client.pid
    assert pid is not None
    await probe.open("null", "null")
    assert not _runs(pid)
    assert probe.client.pid not in (pid, None)


async def test_a_connection_over_loopback_works_as_well(
    probe: AudioProbe, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def loopback() -> spawn.HostProcess:
        return await spawn.start_host(loopback=True)

    monkeypatch.setattr("voicelive_tui.audio.client.host_connection.start_host", loopback)
    await probe.open("null", "null")
    probe.play("a", 0, counter(240))
    probe.client.end("a", 0)
    assert (await probe.one(Drained)).part.played_ms == 10


@pytest.fixture
def no_portaudio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without the PortAudio library."""
    (tmp_path / "sitecustomize.py").write_text(
        "import ctypes.util\nctypes.util.find_library = lambda name: None\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))


@pytest.mark.usefixtures("no_portaudio")
async def test_a_missing_portaudio_is_a_sentence_with_the_cure(probe: AudioProbe) -> None:
    opened = await probe.open("device", "device:Headset")
    assert opened.input_problem == opened.output_problem
    assert opened.input_problem.startswith(
        "PortAudio is missing: `sudo apt-get install libportaudio2 libasound2-plugins`"
    )
    probe.play("a", 0, counter(240))
    probe.client.end("a", 0)
    assert (await probe.one(Drained)).part == PlayedPart("a", 0, 0, 10)


@pytest.mark.usefixtures("no_portaudio")
async def test_a_missing_portaudio_has_no_device_list() -> None:
    devices = await list_devices()
    assert devices.devices == ()
    assert "PortAudio is missing" in devices.problem


@pytest.fixture
def mute_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The process ids of audio processes that start and then do nothing."""
    (tmp_path / "sitecustomize.py").write_text("import signal\nwhile True: signal.pause()\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    started: list[int] = []

    async def start() -> spawn.HostProcess:
        host = await spawn.start_host()
        started.append(host.pid)
        return host

    monkeypatch.setattr("voicelive_tui.audio.client.host_connection.start_host", start)
    return started


async def test_a_process_that_never_answers_is_ended_with_a_sentence(
    mute_processes: list[int],
) -> None:
    with pytest.raises(AudioUnavailable, match="it does not answer"):
        await AudioClient(lambda message: None, answer_within_s=0.1).open(
            OpenRequest("null", "null")
        )
    await gone(mute_processes[0])


@pytest.mark.parametrize("times", [1, 3])
def test_an_opening_that_is_cancelled_leaves_nothing_at_whatever_moment(
    mute_processes: list[int], times: int
) -> None:
    async def open_and_cancel(rounds: int) -> None:
        opening = asyncio.create_task(
            AudioClient(lambda message: None).open(OpenRequest("null", "null"))
        )
        for _ in range(rounds):
            await asyncio.sleep(0)
        for _ in range(times):
            opening.cancel()
            await asyncio.sleep(0)
        with pytest.raises(asyncio.CancelledError):
            await opening

    with nothing_left():
        for rounds in range(1, 20):
            asyncio.run(open_and_cancel(rounds))
    assert mute_processes, "no cancellation came after the start of a process"


@pytest.mark.parametrize("times", [1, 3])
def test_a_closing_that_is_cancelled_leaves_nothing(times: int) -> None:
    async def open_and_close(rounds: int) -> None:
        link = AudioClient(lambda message: None)
        await link.open(OpenRequest("null", "null"))
        link.play("a", 0, bytes(2_000_000), 41_666)
        closing = asyncio.create_task(link.close())
        for _ in range(rounds):
            await asyncio.sleep(0)
        for _ in range(times):
            closing.cancel()
            await asyncio.sleep(0)
        await asyncio.wait([closing])

    with nothing_left():
        for rounds in range(1, 6):
            asyncio.run(open_and_close(rounds))


def test_a_process_that_died_is_not_revived_after_the_close() -> None:
    async def die_and_close(rounds: int) -> None:
        link = AudioClient(lambda message: None)
        await link.open(OpenRequest("null", "null"))
        pid = link.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        async with asyncio.timeout(DEADLINE_S):
            while link.pid is not None:
                await asyncio.sleep(0)
        for _ in range(rounds):
            await asyncio.sleep(0)
        await link.close()
        assert link.pid is None

    with nothing_left():
        for rounds in range(0, 20, 2):
            asyncio.run(die_and_close(rounds))


async def test_a_process_that_does_not_start_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import os\nos.write(2, b'no memory left, api-key=secret\\n')\nos._exit(3)\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(AudioUnavailable) as caught:
        await AudioClient(lambda message: None).open(OpenRequest("null", "null"))
    assert "no memory left" in str(caught.value)
    assert "secret" not in str(caught.value)
