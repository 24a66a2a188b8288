"""Which tabs were open is written beside nothing that somebody else has put there."""

import os
from pathlib import Path

import pytest
from voicelive_tui.tui.last_tabs import last_tabs, remember_tabs


def test_what_was_remembered_comes_back(tmp_path: Path) -> None:
    remember_tabs(tmp_path / "state", ["/a.toml", "/b.toml"])
    assert last_tabs(tmp_path / "state") == ("/a.toml", "/b.toml")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs links and named pipes")
@pytest.mark.parametrize("name", ["console-tabs.json", "console-tabs.json.new"])
@pytest.mark.parametrize("kind", ["link", "pipe"])
def test_no_link_is_followed_and_no_pipe_is_waited_for(tmp_path: Path, name: str, kind: str) -> None:
    victim = tmp_path / "start-up file"
    victim.write_text("mine")
    if kind == "link":
        (tmp_path / name).symlink_to(victim)
    else:
        os.mkfifo(tmp_path / name)
    remember_tabs(tmp_path, ["/a.toml"])
    assert victim.read_text() == "mine"
    assert last_tabs(tmp_path) == ("/a.toml",)
