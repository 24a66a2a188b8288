"""Settings that are changed in a real terminal, as a person changes them."""

import re
from pathlib import Path

import pytest

from tests.support.terminal import Terminal
from tests.tmux.test_terminal import start

pytestmark = pytest.mark.skipif(not Terminal.available(), reason="tmux is not installed")


@pytest.mark.parametrize("size", [(80, 24), (200, 50)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_two_keys_put_another_silence_into_force(tmp_path: Path, size: tuple[int, int]) -> None:
    with start(tmp_path, "--start", "support", size=size) as terminal:
        terminal.wait_for(re.compile("LISTENING|PAUSE|YOU SPEAK|THINKING|AGENT SPEAKS").search)
        terminal.press(",")
        terminal.wait_for("Left Right change")
        terminal.press("/")
        terminal.write("silence ms")
        terminal.press("Enter")
        terminal.wait_for("▸  silence ms")
        terminal.press(",")
        terminal.wait_for(lambda screen: "Left Right change" not in screen)
        terminal.press(",", "Right")
        terminal.wait_for(re.compile("silence ms +550").search)
        terminal.press(",")
        terminal.wait_for("silence 500 to 550, in force after")
