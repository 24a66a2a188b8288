"""`doctor`: a line for every check, the cure where something is wrong, and never a secret."""

import pytest
from voicelive_common.exit_codes import ExitCode

from tests.support.program import Program

KEY = "a1b2c3d4e5f60718293a4b5c6d7e8f90"


def findings(stdout: str) -> dict[str, tuple[str, str]]:
    """The verdict and text of each topic."""
    lines = [line.split(maxsplit=2) for line in stdout.splitlines()]
    return {topic: (verdict, text) for verdict, topic, text in lines}


def test_a_fresh_machine_works_with_the_simulator(program: Program) -> None:
    done = program.run("doctor")
    assert done.returncode == ExitCode.OK, done.stdout
    found = findings(done.stdout)
    assert found["endpoint"][0] == "warning" and "AZURE_VOICELIVE_ENDPOINT" in found["endpoint"][1]
    assert found["versions"][0] == found["profiles"][0] == found["recordings"][0] == "ok"
    assert found["simulator"][0] in ("ok", "warning") and found["simulator"][1].startswith(
        "it starts"
    )
    assert found["terminal"][0] == "warning"


def test_an_endpoint_with_a_key_is_named_without_the_key(program: Program) -> None:
    environment = {
        "AZURE_VOICE_LIVE_ENDPOINT": "https://mine.services.ai.azure.com/",
        "AZURE_VOICE_LIVE_API_KEY": KEY,
    }
    done = program.run("doctor", environment=environment)
    found = findings(done.stdout)
    assert found["endpoint"] == (
        "ok",
        "mine.services.ai.azure.com (from AZURE_VOICE_LIVE_ENDPOINT)",
    )
    assert found["credentials"][0] == "ok" and "AZURE_VOICE_LIVE_API_KEY" in found["credentials"][1]
    assert KEY not in done.stdout + done.stderr


def test_settings_of_the_env_file_name_it_as_their_source(program: Program) -> None:
    (program.home / ".env").write_text(
        f"AZURE_VOICELIVE_ENDPOINT=https://mine.services.ai.azure.com\nAZURE_VOICELIVE_API_KEY={KEY}\n"
    )
    found = findings(program.run("doctor").stdout)
    assert found["endpoint"] == ("ok", "mine.services.ai.azure.com (from .env)")
    assert found["credentials"][0] == "ok"


@pytest.mark.parametrize(
    ("endpoint", "key", "topic"),
    [
        ("mine.services.ai.azure.com", KEY, "endpoint"),
        ("http://mine.services.ai.azure.com", KEY, "endpoint"),
        ("https://mine.services.ai.azure.com/api/projects/desk", KEY, "endpoint"),
        ("https://mine.openai.azure.com", KEY, "endpoint"),
        ("https://mine.services.ai.azure.com", f"{KEY} {KEY}", "credentials"),
        ("https://mine.services.ai.azure.com", f'"{KEY}"', "credentials"),
    ],
)
def test_a_configuration_that_cannot_work_is_an_error(
    program: Program, endpoint: str, key: str, topic: str
) -> None:
    done = program.run(
        "doctor", environment={"AZURE_VOICELIVE_ENDPOINT": endpoint, "AZURE_VOICELIVE_API_KEY": key}
    )
    assert done.returncode == ExitCode.FOUND
    assert findings(done.stdout)[topic][0] == "error"
    assert KEY not in done.stdout + done.stderr


def test_a_state_folder_that_cannot_be_written_is_an_error_with_the_cure(program: Program) -> None:
    (program.home / "file").write_text("in the way")
    done = program.run(
        "doctor", environment={"VOICELIVE_TUI_STATE_DIR": str(program.home / "file" / "state")}
    )
    assert done.returncode == ExitCode.FOUND
    assert findings(done.stdout)["recordings"][0] == "error"


def test_broken_profiles_are_named(program: Program) -> None:
    program.profile("broken", "[session\n")
    found = findings(program.run("doctor").stdout)
    assert found["profiles"] == ("error", "broken cannot be used; 'voicelive-tui check' says why")


def test_the_values_that_are_hidden_are_named_and_counted(program: Program) -> None:
    (program.home / ".env").write_text("A_KEY=response.done\nB_KEY=some-other-value\n")
    environment = {
        "AZURE_VOICELIVE_ENDPOINT": "http://127.0.0.1:9/?code=of-the-door",
        "AZURE_VOICELIVE_API_KEY": KEY,
    }
    done = program.run("doctor", environment=environment)
    hidden = (
        "2 hidden in all output: the query in AZURE_VOICELIVE_ENDPOINT, AZURE_VOICELIVE_API_KEY"
    )
    assert findings(done.stdout)["secrets"] == ("ok", hidden)
    done = program.run("doctor", environment={"SHORT_TOKEN": "abc"})
    text = "0 hidden in all output; not hidden: SHORT_TOKEN (shorter than 8 characters)"
    assert findings(done.stdout)["secrets"] == ("warning", text)


def test_every_mistake_of_the_config_file_is_a_line_with_its_place(program: Program) -> None:
    folder = program.home / ".config" / "voicelive-tui"
    environment = {"XDG_CONFIG_HOME": str(folder.parent)}
    done = program.run("doctor", environment=environment)
    assert findings(done.stdout)["config"][0] == "ok"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text(
        'theme = "nope"\n[keys]\nsession.mut = "x"\nsession.mute = 5\n'
    )
    done = program.run("doctor", environment=environment)
    assert done.returncode == ExitCode.OK
    lines = [line for line in done.stdout.splitlines() if line.startswith("warning  config ")]
    assert [line.partition("config.toml, ")[2].partition(":")[0] for line in lines] == [
        "line 1",
        "line 3",
        "line 4",
    ]
    assert all(".config/voicelive-tui/config.toml" in line for line in lines)
