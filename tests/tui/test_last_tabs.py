"""The file of the last tabs: what it holds, and that it replaces links and pipes instead of using
them."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from voicelive_tui.engine.config.profile_store import ProfileError, ProfileStore
from voicelive_tui.tui.last_tabs import last_tabs, remember_tabs

from tests.support.hostile_documents import ODD_JSON


def test_remembered_tabs_are_read_again(tmp_path: Path) -> None:
    remember_tabs(tmp_path / "state", ["/a.toml", "/b.toml"])
    assert last_tabs(tmp_path / "state") == ("/a.toml", "/b.toml")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs links and named pipes")
@pytest.mark.parametrize("name", ["console-tabs.json", "console-tabs.json.new"])
@pytest.mark.parametrize("kind", ["link", "pipe"])
def test_no_link_is_followed_and_no_pipe_is_waited_for(
    tmp_path: Path, name: str, kind: str
) -> None:
    victim = tmp_path / "start-up file"
    victim.write_text("mine")
    if kind == "link":
        (tmp_path / name).symlink_to(victim)
    else:
        os.mkfifo(tmp_path / name)
    remember_tabs(tmp_path, ["/a.toml"])
    assert victim.read_text() == "mine"
    assert last_tabs(tmp_path) == ("/a.toml",)


FOLDERS = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(max_examples=100, deadline=None, suppress_health_check=FOLDERS)
@given(
    st.lists(st.sampled_from(ODD_JSON), max_size=4).map(lambda values: f"[{','.join(values)}]")
    | st.sampled_from(ODD_JSON)
)
def test_any_file_of_tabs_gives_names_that_can_be_looked_for(tmp_path: Path, text: str) -> None:
    (tmp_path / "console-tabs.json").write_text(text)
    for path in last_tabs(tmp_path):
        with pytest.raises(ProfileError):
            ProfileStore([tmp_path]).load(path)


def test_tabs_that_no_system_has_are_left_out(tmp_path: Path) -> None:
    paths = [
        "/a/b.toml",
        "/a\0b.toml",
        "/\ud83d.toml",
        "/\udcff.toml",
    ]  # the last one is Python's spelling of a byte that is not UTF-8
    remember_tabs(tmp_path, paths)
    assert last_tabs(tmp_path) == ("/a/b.toml", "/\udcff.toml")
    (tmp_path / "console-tabs.json").write_text("[" * 100_000)
    assert last_tabs(tmp_path) == ()
