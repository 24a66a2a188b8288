"""Runs a command while other processes keep every core busy: `python -m tests.support.busy COMMAND
[ARGUMENT...]`.

There is one process per core that only counts. They end with this one, however it ends. The exit
code is the command's.
"""

import os
import subprocess
import sys

SPIN = "import os\nparent = os.getppid()\nwhile os.getppid() == parent: sum(range(100_000))"


def main(command: list[str]) -> int:
    """Run the command beside the busy processes."""
    cores = (
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )
    print(f"busy: {cores} of {cores} cores are kept busy by other processes", flush=True)
    spinning = [subprocess.Popen([sys.executable, "-c", SPIN]) for _ in range(cores)]
    try:
        return subprocess.run(command, check=False).returncode
    finally:
        for process in spinning:
            process.kill()
            process.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
