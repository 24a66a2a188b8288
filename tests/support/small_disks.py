"""Real, very small file systems, which a test can fill or freeze."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_LONGEST_FREEZE_S = 60.0


class SmallDisk:
    """A file system, and a file that fills it until it is removed."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._ballast = root / "ballast"

    def fill(self) -> None:
        """Fill the file system completely."""
        with open(self._ballast, "ab", buffering=0) as file:
            for size in (65536, 4096, 1):
                try:
                    while file.write(bytes(size)) == size:
                        pass
                except OSError:
                    continue

    def make_room(self) -> None:
        """Free the room that `fill` took."""
        self._ballast.unlink()


@contextmanager
def mounted_disk(folder: Path, size: str) -> Iterator[SmallDisk]:
    """A tmpfs of this size (as `mount` takes it). Skips the test if it cannot be mounted."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "tmpfs", str(folder)]
    if (
        not sys.platform.startswith("linux")
        or os.geteuid() != 0
        or subprocess.run(command, capture_output=True).returncode
    ):
        pytest.skip("only root may mount a small file system here")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


class FreezingDisk:
    """A file system whose changing calls can be made to hang, as on a server that is gone."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Make changing calls hang until the block ends. A block that waits for one fails after a
        while."""
        if subprocess.run(["fsfreeze", "--freeze", str(self.root)], capture_output=True).returncode:
            pytest.skip("a file system cannot be frozen here")
        unfreeze = ["fsfreeze", "--unfreeze", str(self.root)]
        watchdog = threading.Timer(_LONGEST_FREEZE_S, subprocess.run, [unfreeze])
        watchdog.start()
        try:
            yield
        finally:
            watchdog.cancel()
            watchdog.join()
            hung = subprocess.run(unfreeze, capture_output=True).returncode != 0
        assert not hung, "the block waited for the disk"


@contextmanager
def freezing_disk(folder: Path) -> Iterator[FreezingDisk]:
    """An ext4, mounted on a new folder. Skips the test if it cannot be mounted."""
    folder.mkdir()
    image = folder.with_name(f"{folder.name}.img")
    image.touch()
    os.truncate(image, 16 * 2**20)
    commands = (["mkfs.ext4", "-q", str(image)], ["mount", "-o", "loop", str(image), str(folder)])
    needed = all(shutil.which(name) for name in ("mkfs.ext4", "mount", "fsfreeze"))
    if (
        not needed
        or os.geteuid() != 0
        or any(subprocess.run(command, capture_output=True).returncode for command in commands)
    ):
        pytest.skip("only root may mount a file system of a file here")
    try:
        yield FreezingDisk(folder)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
