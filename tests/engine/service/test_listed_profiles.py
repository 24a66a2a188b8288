"""The list of profiles says whom each would really talk to, and what is wrong with it."""

from pathlib import Path

import pytest
from voicelive_common.redaction.secret import Secret
from voicelive_tui.engine.config.settings import Settings
from voicelive_tui.engine.service.listed_profiles import NOBODY, ListedProfile, list_profiles

ENDPOINT = "https://contoso-voice.cognitiveservices.azure.com"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "profiles"
    made.mkdir()
    return made


def listed(folder: Path, *others: Path, **settings: object) -> dict[str, ListedProfile]:
    where = {"profile_dirs": (folder,), "config_dir": folder / "config", "state_dir": folder}
    found = list_profiles(Settings(**where, **settings), others)  # type: ignore[arg-type]
    return {each.entry.slug: each for each in found}


def test_a_profile_says_service_credentials_and_what_it_asks_for(folder: Path) -> None:
    (folder / "agent.toml").write_text(
        '[service]\n[service.query]\nagent-name = "desk"\n[session]\n'
        'tools = [{type = "function", name = "get_parcel"}, {type = "mcp", server_label = "sim"}]\n'
        '[session.turn_detection]\ntype = "none"\n'
    )
    key = Secret("k" * 32)
    found = listed(folder, endpoint=ENDPOINT, key=key)
    agent, support = found["agent"], found["support"]
    assert (agent.model, agent.talks_to) == (
        "agent desk", "Azure contoso-voice.cognitiveservices.azure.com"
    )  # fmt: skip
    assert agent.tools == ("get_parcel", "sim") and agent.detection == "manual"
    assert agent.credentials.startswith("a Microsoft Entra token")
    assert support.credentials.startswith("the key") and support.detection == "semantic"
    assert support.asks.startswith("contoso-voice.cognitiveservices.azure.com  gpt-4o  20")
    assert all(key.reveal() not in str(each) for each in found.values())


def test_without_an_endpoint_everything_is_the_simulator(folder: Path) -> None:
    found = listed(folder)
    assert {each.talks_to for each in found.values()} == {
        "the simulator", "the simulator: no endpoint"
    }  # fmt: skip
    assert {each.trusted for each in found.values()} == {True}


def test_a_host_that_nobody_confirmed_and_a_key_that_is_missing_say_so(folder: Path) -> None:
    (folder / "far.toml").write_text('[service]\ntarget = "url"\nurl = "wss://far.example/x"\n')
    (folder / "key.toml").write_text(
        '[service]\ntarget = "url"\nurl = "wss://far.example/x"\nauth = "key"\n'
    )
    found = listed(folder)
    assert not found["far"].trusted and found["far"].talks_to == "far.example"
    assert "once you trust that host" in found["far"].credentials
    assert "AZURE_VOICELIVE_API_KEY is not set" in found["key"].credentials


def test_a_broken_profile_talks_to_nobody_and_has_its_line(folder: Path, tmp_path: Path) -> None:
    (folder / "broken.toml").write_text('name = "x"\n[session\n')
    (folder / "wrong.toml").write_text("[service]\nmodel = 7\n")
    (tmp_path / "elsewhere.toml").write_text("key = \n")
    found = listed(folder, tmp_path / "elsewhere.toml", folder / "broken.toml")
    for name, line, column in (("broken", "[session", 9), ("wrong", "model = 7", 1)):
        fault = found[name].entry.fault
        assert found[name].talks_to == NOBODY and fault is not None
        assert (fault.line, fault.column, fault.problem.line) == (line, column, 2)
    assert found["elsewhere"].entry.fault is not None


def test_a_profile_is_judged_with_the_model_of_the_environment(folder: Path) -> None:
    (folder / "vad.toml").write_text('[session]\nturn_detection = { type = "semantic_vad" }\n')
    elsewhere = folder.parent / "elsewhere.toml"
    elsewhere.write_text((folder / "vad.toml").read_text())
    for model, errors in (("", 1), ("gpt-realtime", 0)):
        found = listed(folder, elsewhere, model=model)
        for name in ("vad", "elsewhere"):
            problems = found[name].entry.problems
            assert sum(each.severity == "error" for each in problems) == errors, (name, model)


def test_the_wrong_line_is_shown_without_its_secret(folder: Path) -> None:
    (folder / "broken.toml").write_text('api_key = "sk-0123456789abcdef0123456789abcdef" x\n')
    fault = listed(folder)["broken"].entry.fault
    assert fault is not None and "0123456789abcdef" not in str(fault)
    assert fault.line and fault.column is None, "a column would be that of another text"


def test_a_file_that_cannot_be_read_is_listed_without_a_line(folder: Path) -> None:
    (folder / "folder.toml").mkdir()
    fault = listed(folder)["folder"].entry.fault
    assert fault is not None and (fault.line, fault.column) == ("", None)
