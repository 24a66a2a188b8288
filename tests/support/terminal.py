"""The installed program in a real terminal: a tmux server with its screen as text, its keys and its
waits."""

import os
import shlex
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

from tests.support.deadlines import DEADLINE_S


class Terminal:
    """A tmux session of a given size that runs one command. Closing it ends its own tmux server
    only."""

    def __init__(
        self,
        folder: Path,
        command: Sequence[str],
        *,
        width: int,
        height: int,
        env: Mapping[str, str] | None = None,
    ) -> None:
        self._socket = folder / "tmux.sock"
        self._width, self._height = width, height
        exports = " ".join(f"{name}={shlex.quote(value)}" for name, value in (env or {}).items())
        # Not the current folder: the program must not find or write files of the project.
        where, done = shlex.quote(str(folder)), shlex.quote(str(folder / "ended"))
        line = f"cd {where}; env {exports} {shlex.join(command)}; printf %s $? > {done}; sleep 600"
        self._ended = folder / "ended"
        clean = {
            key: value
            for key, value in os.environ.items()
            if key not in ("TMUX", "TMUX_PANE", "NO_COLOR")
        }
        clean["TERM"] = "xterm-256color"
        clean.setdefault("LANG", "C.UTF-8")
        self._env = clean
        self._tmux(
            "-f", "/dev/null", "new-session", "-d", "-x", str(width), "-y", str(height), line
        )
        self._tmux("set-option", "-g", "status", "off")

    @staticmethod
    def available() -> bool:
        """Whether tmux is installed."""
        return shutil.which("tmux") is not None

    def _tmux(self, *arguments: str) -> str:
        done = subprocess.run(
            ["tmux", "-u", "-S", str(self._socket), *arguments],
            check=True,
            capture_output=True,
            text=True,
            env=self._env,
            timeout=DEADLINE_S,
        )
        return done.stdout

    @property
    def screen(self) -> str:
        """The screen's text, line by line, without colours."""
        return self._tmux("capture-pane", "-p")

    @property
    def coloured(self) -> str:
        """The screen's text with its escape sequences."""
        return self._tmux("capture-pane", "-p", "-e")

    def press(self, *keys: str) -> None:
        """Press keys by tmux's names (`Enter`, `C-p`, `s`)."""
        self._tmux("send-keys", *keys)

    def write(self, text: str) -> None:
        """Type this text literally."""
        self._tmux("send-keys", "-l", text)

    def resize(self, width: int, height: int) -> None:
        """Change the terminal's size."""
        self._tmux("resize-window", "-x", str(width), "-y", str(height))

    def wait_for(
        self, condition: str | Callable[[str], object], *, deadline_s: float = DEADLINE_S
    ) -> str:
        """Wait until this text is on the screen, or this condition holds for it; returns the
        screen.

        Raises TimeoutError with the screen, and AssertionError at once if the program has ended
        without showing it.
        """
        end_s = time.monotonic() + deadline_s
        while True:
            over = self.over  # read before the screen, so that the last drawing still counts
            screen = self.screen
            if condition in screen if isinstance(condition, str) else condition(screen):
                return screen
            assert not over, (
                f"the program ended with {self._ended.read_text()} and never showed {condition!r}; "
                f"at last:\n{screen}"
            )
            if time.monotonic() > end_s:
                raise TimeoutError(f"not within {deadline_s} s: {condition}\n{screen}")
            time.sleep(0.05)

    def exit_code(self, *, deadline_s: float = DEADLINE_S) -> int:
        """Wait until the program has ended; returns its exit code."""
        self.wait_for(lambda _: self.over, deadline_s=deadline_s)
        return int(self._ended.read_text())

    @property
    def over(self) -> bool:
        """Whether the program has ended."""
        return self._ended.exists() and self._ended.read_text() != ""

    def close(self) -> None:
        """End the terminal and everything that runs in it."""
        subprocess.run(
            ["tmux", "-S", str(self._socket), "kill-server"],
            check=False,
            capture_output=True,
            timeout=DEADLINE_S,
        )

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
