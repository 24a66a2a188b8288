"""The end of an audio process whose device hangs, each in a process of its own."""

import subprocess
import sys

HANGING_WORKER = """
import sys, threading
from voicelive_tui.audio.host.audio_engine import AudioEngine
from voicelive_tui.audio.host.engine_limits import close_engine
worker = threading.Thread(target=threading.Event().wait, daemon=True)
worker.start()
print("protocol error: no preamble", file=sys.stderr)
close_engine(AudioEngine(print), 2, worker)
"""

HANGING_DEVICE = """
import os, threading
from voicelive_tui.audio.ports.deadline import deadline
with deadline(0.01):
    os.write(2, b"ALSA lib pcm.c:2722:(snd_pcm_open_noupdate) ")
    threading.Event().wait()
"""


def ended(code: str) -> "subprocess.CompletedProcess[str]":
    """Run the code to its end in a process of its own."""
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_device_that_does_not_close_changes_nothing_of_what_was_told() -> None:
    process = ended(HANGING_WORKER)
    assert process.returncode == 2
    assert process.stderr == "protocol error: no preamble\n"


def test_a_device_that_hangs_is_told_in_a_line_of_its_own() -> None:
    process = ended(HANGING_DEVICE)
    assert process.returncode == 70
    assert process.stderr.splitlines()[-1] == "the device did not stop or start"
