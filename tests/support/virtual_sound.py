"""A virtual sound card for tests: PulseAudio with two null sinks in its own folder, bit-exact at 24
kHz mono.

Applications play to `speaker`; audio played into `feed` comes out of the microphone. Needs no sound
hardware, systemd or D-Bus, and touches no sound server of the machine.

    python -m tests.support.virtual_sound --install      install what it needs where that is
                                                         harmless, else say how
"""

import argparse
import contextlib
import ctypes.util
import glob
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.support.deadlines import DEADLINE_S
from tests.support.speaker_recording import Recording

RATE_HZ = 24_000
PACKAGES = ("libportaudio2", "libasound2-plugins", "pulseaudio", "pulseaudio-utils")
COMMAND = f"sudo apt-get install {' '.join(PACKAGES)}"
_PULSE_PLUGIN = "/usr/lib/*/alsa-lib/libasound_module_pcm_pulse.so"

# norewinds is essential: with rewinds the monitor shows gaps of 1.9 s.
_SCRIPT = """
load-module module-native-protocol-unix socket={socket} auth-anonymous=1
load-module module-null-sink sink_name=speaker rate=24000 channels=1 \
channel_map=mono format=s16le norewinds=1
load-module module-null-sink sink_name=feed rate=24000 channels=1 \
channel_map=mono format=s16le norewinds=1
load-module module-remap-source source_name=microphone master=feed.monitor \
channels=1 channel_map=mono
set-default-sink speaker
set-default-source microphone
"""

_ALSA = """
</usr/share/alsa/alsa.conf>
pcm.!default { type pulse }
ctl.!default { type pulse }
"""


def missing() -> str:
    """Why this machine can have no virtual sound card, in one sentence; empty if it can."""
    if sys.platform != "linux":
        return "The virtual sound card runs on Linux only."
    absent = [
        name for name in ("pulseaudio", "pactl", "pacat", "parec") if shutil.which(name) is None
    ]
    absent += [] if ctypes.util.find_library("portaudio") else ["libportaudio"]
    absent += [] if glob.glob(_PULSE_PLUGIN) else ["ALSA's pulse plugin"]
    return f"The virtual sound card needs {', '.join(absent)}: {COMMAND}" if absent else ""


def sound_server() -> str:
    """The sound server in use on this machine; empty if there is none."""
    if os.environ.get("PULSE_SERVER"):
        return "PULSE_SERVER"
    if shutil.which("pipewire"):
        return "pipewire"
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}")
    return next((name for name in ("pulse/native", "pipewire-0") if (runtime / name).exists()), "")


def install() -> int:
    """Install the packages as root on Debian, unless that could disturb the user's own sound
    server. Prints what was done."""
    reason = missing()
    if not reason:
        return 0
    allowed = bool(os.environ.get("CI")) or not sound_server()
    if os.geteuid() != 0 or shutil.which("apt-get") is None or not allowed:
        print(reason)
        return 0
    print(f"Installing the virtual sound card for the tests: {' '.join(PACKAGES)}", flush=True)
    get = ["apt-get", "-q", "-y", "--no-install-recommends", "install", *PACKAGES]
    for command in (get, ["apt-get", "-q", "update"], get):
        done = subprocess.run(
            command,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            capture_output=True,
            text=True,
            check=False,
        )
        if command is get and done.returncode == 0:
            break
    else:
        print(f"{done.stdout}{done.stderr}\n{missing()}")
    return 0


class VirtualSound:
    """A running card. `environment` holds only the variables that a program needs to find it."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="virtual-sound-")
        folder = Path(self._folder.name)
        socket = folder / "native"
        (folder / "card.pa").write_text(_SCRIPT.format(socket=socket))
        (folder / "asound.conf").write_text(_ALSA)
        self.environment = {
            "PULSE_SERVER": f"unix:{socket}",
            "ALSA_CONFIG_PATH": str(folder / "asound.conf"),
            "PULSE_COOKIE": str(folder / "cookie"),
            "PULSE_RUNTIME_PATH": str(folder / "runtime"),
        }
        self._log = (folder / "log").open("w+b")
        self._recordings: list[Recording] = []
        self._helpers: list[subprocess.Popen[bytes]] = []
        self._daemon = self._start_daemon()
        self._wait_until_ready()

    def _start_daemon(self) -> "subprocess.Popen[bytes]":
        folder = Path(self._folder.name)
        return subprocess.Popen(
            [
                "pulseaudio",
                "-n",
                "-F",
                str(folder / "card.pa"),
                "--daemonize=no",
                "--exit-idle-time=-1",
                "--realtime=no",
                "--high-priority=no",
                "--use-pid-file=no",
            ],
            env={
                **self._environ(),
                "HOME": str(folder),
                "XDG_RUNTIME_DIR": str(folder),
                "PULSE_SERVER": "",
            },
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
        )

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + DEADLINE_S
        while self._pactl("get-default-source").strip() != "microphone":
            if self._daemon.poll() is not None or time.monotonic() > deadline:
                self._log.seek(0)
                log = self._log.read().decode(errors="replace")
                self.close()
                raise RuntimeError(f"The virtual sound card did not start: {log}")
            time.sleep(0.02)

    def _pactl(self, *arguments: str) -> str:
        done = subprocess.run(
            ["pactl", *arguments], env=self._environ(), capture_output=True, text=True, check=False
        )
        return done.stdout

    def _environ(self) -> dict[str, str]:
        return {**os.environ, **self.environment}

    def _helper(
        self, program: str, device: str, stdin: int, stdout: int, *, latency_ms: int = 20
    ) -> "subprocess.Popen[bytes]":
        sample_format = [
            "--raw",
            "--format=s16le",
            f"--rate={RATE_HZ}",
            "--channels=1",
            f"--latency-msec={latency_ms}",
        ]
        process = subprocess.Popen(
            [program, f"--device={device}", *sample_format],
            env=self._environ(),
            stdin=stdin,
            stdout=stdout,
            stderr=subprocess.DEVNULL,
        )
        self._helpers.append(process)
        return process

    def speak(self, audio: bytes) -> "subprocess.Popen[bytes]":
        """Play pcm16 into the microphone; the process ends when all of it was played."""
        with tempfile.TemporaryFile(
            dir=self._folder.name
        ) as file:  # from a file, so that no thread of the test can make it stutter
            file.write(audio)
            file.seek(0)
            return self._helper("pacat", "feed", file.fileno(), subprocess.DEVNULL, latency_ms=200)

    def record(self, source: str = "speaker.monitor") -> Recording:
        """Record the speaker, or the source `microphone`, from now on; returns when the first audio
        (or silence) has arrived."""
        recording = Recording(self._helper("parec", source, subprocess.DEVNULL, subprocess.PIPE))
        self._recordings.append(recording)
        recording.wait(bool)
        return recording

    @contextlib.contextmanager
    def echo(self, delay_ms: int, level_db: float) -> Iterator[None]:
        """Let the microphone hear the speaker while the block lasts, about `delay_ms` later and
        `level_db` louder."""
        module = self._pactl(
            "load-module",
            "module-loopback",
            "source=speaker.monitor",
            "sink=feed",
            f"latency_msec={delay_ms}",
        ).strip()
        inputs = self._pactl("list", "short", "sink-inputs").splitlines()
        volume = f"{level_db}dB"
        self._pactl("set-sink-input-volume", inputs[-1].split("\t")[0], volume)
        try:
            yield
        finally:
            self._pactl("unload-module", module)

    def streams(self) -> int:
        """The number of applications that play to the speaker or listen to the microphone."""
        lines = [
            line
            for kind in ("sink-inputs", "source-outputs")
            for line in self._pactl("list", "short", kind).splitlines()
        ]
        return sum(line.split("\t")[2] != "-" for line in lines)  # "-": the card's own wiring

    def until_streams(self, count: int) -> None:
        """Wait until `streams` is `count`: an application that restarts its stream, as PortAudio
        does after an underrun, has none for a moment."""
        deadline = time.monotonic() + DEADLINE_S
        while (streams := self.streams()) != count:
            assert time.monotonic() < deadline, f"{streams} streams, not {count}"
            time.sleep(0.05)

    def running_outputs(self) -> int:
        """The number of streams of applications to the speaker that are not stopped."""
        return self._pactl("list", "sink-inputs").count("Corked: no")

    def kill(self) -> None:
        """Remove the card while it is in use."""
        self._daemon.kill()
        self._daemon.wait()

    def add_device(self, name: str, card: "VirtualSound") -> None:
        """List another card as a device of this name beside this one."""
        device = f'pcm.{name} {{ type pulse server "{card.environment["PULSE_SERVER"]}" }}\n'
        config = Path(self.environment["ALSA_CONFIG_PATH"])
        config.write_text(config.read_text() + device)

    def plug_in(self) -> None:
        """Bring the card back after `kill`. Streams that it had are gone; returns when it can be
        used."""
        self._daemon = self._start_daemon()
        self._wait_until_ready()

    @contextlib.contextmanager
    def frozen(self) -> Iterator[None]:
        """Freeze the card while the block lasts."""
        self._daemon.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._daemon.send_signal(signal.SIGCONT)

    def close(self) -> None:
        """End all processes and delete the folder."""
        for process in (*self._helpers, self._daemon):
            if process.poll() is None:
                process.terminate()
        for process in (*self._helpers, self._daemon):
            try:
                process.wait(DEADLINE_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for recording in self._recordings:
            recording.stop()
        self._log.close()
        self._folder.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def main(argv: Sequence[str] | None = None) -> int:
    """Install the packages, or hold a card open until standard input is closed."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.support.virtual_sound", description="A virtual sound card for tests."
    )
    parser.add_argument(
        "--install", action="store_true", help="install the packages where that is harmless"
    )
    if parser.parse_args(argv).install:
        return install()
    if reason := missing():
        print(reason)
        return 1
    with VirtualSound() as card:
        print(
            "\n".join(f"export {name}={value}" for name, value in card.environment.items()),
            flush=True,
        )
        sys.stdin.read()
    return 0


if __name__ == "__main__":
    sys.exit(main())
