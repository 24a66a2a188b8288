"""The console's own files, the config and the tabs of the last run, as anything may have left them."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from voicelive_common.json_text import JsonError, read_json
from voicelive_tui.engine.config.profile_store import ProfileError, ProfileStore
from voicelive_tui.tui.config import ConsoleConfig, read_config
from voicelive_tui.tui.last_tabs import last_tabs, remember_tabs
from voicelive_tui.tui.widgets.json_lines import json_lines

from tests.support.hostile_documents import DIGITS, ODD_JSON, hostile_lines, hostile_toml

CONFIG = ['theme = "nord"', "[keys]", 'session.toggle = "f5"', "[keys.audio]", 'mute = "m"']
FOLDERS = [HealthCheck.function_scoped_fixture]


@settings(max_examples=100, deadline=None, suppress_health_check=FOLDERS)
@given(hostile_toml(CONFIG))
def test_any_config_is_keys_and_sentences(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    config = read_config(path)
    assert all(isinstance(keys, str) for keys in config.keys.values())
    assert all("\n" not in problem for problem in config.problems)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"theme = " + DIGITS.encode(), "cannot be used (line 1: the number has 6,000 characters)"),
        (b"theme = " + b"[" * 2_000, "cannot be used (line 1: the tables are nested too deeply)"),
        (b"[keys\n", "cannot be used (line 1: this is not TOML: "),
        (b"\xff", "is not UTF-8 text"),
        (b"#" * (2**20 + 1), "cannot be read (it is larger than 1 MiB)"),
    ],
)
def test_a_config_that_cannot_be_used_costs_one_sentence(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(content)
    config = read_config(path)
    (problem,) = config.problems
    assert problem.startswith(f"{path} {why}") and problem.endswith("; the default keys are used.")
    assert config == ConsoleConfig(problems=config.problems)


@settings(max_examples=100, deadline=None, suppress_health_check=FOLDERS)
@given(st.lists(st.sampled_from(ODD_JSON), max_size=4).map(lambda values: f"[{','.join(values)}]") | st.sampled_from(ODD_JSON))
def test_any_file_of_tabs_gives_names_that_can_be_looked_for(tmp_path: Path, text: str) -> None:
    (tmp_path / "console-tabs.json").write_text(text)
    for path in last_tabs(tmp_path):
        with pytest.raises(ProfileError):
            ProfileStore([tmp_path]).load(path)


def test_tabs_that_no_system_has_are_left_out(tmp_path: Path) -> None:
    paths = ["/a/b.toml", "/a\0b.toml", "/\ud83d.toml", "/\udcff.toml"]  # the last is how Python spells a byte that is no UTF-8
    remember_tabs(tmp_path, paths)
    assert last_tabs(tmp_path) == ("/a/b.toml", "/\udcff.toml")
    (tmp_path / "console-tabs.json").write_text("[" * 100_000)
    assert last_tabs(tmp_path) == ()


REFERENCE = {"$wav": "agent.wav", "offset": 44, "bytes": 960, "ms": 20.0}
EVENT = {"type": "response.audio.delta", "delta": REFERENCE, "item": {"id": "a", "content": {"x": 1}}}


@settings(max_examples=100, deadline=None)
@given(hostile_lines(EVENT))
def test_the_details_of_any_event_that_can_be_read_are_shown(text: str) -> None:
    try:
        event = read_json(text)
    except JsonError:
        return
    assert json_lines(event)


def test_the_deepest_event_that_can_be_read_is_shown_whole() -> None:
    event = read_json('{"a":' * 200 + "1" + "}" * 200)
    shown = "".join(text for line in json_lines(event) for text, _ in line)
    assert shown.count("{") == 200 and json.loads(shown) == event
