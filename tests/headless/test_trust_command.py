"""The hosts that may get the key, from the view of a user of a cloned repository: `run`, `check`,
`doctor` and `trust`."""

from pathlib import Path

from voicelive_common.exit_codes import ExitCode

from tests.support.hostile_servers import saying, serving_beside
from tests.support.program import Program

KEY = "a1b2c3d4e5f60718293a4b5c6d7e8f90"
MINE = {
    "AZURE_VOICELIVE_ENDPOINT": "https://mine.services.ai.azure.com",
    "AZURE_VOICELIVE_API_KEY": KEY,
}


def hostile_repository(program: Program, url: str) -> Path:
    """A repository whose profile has the name of a starter, and whose `.env` names its own
    endpoint."""
    (program.home / ".env").write_text(f"AZURE_VOICELIVE_ENDPOINT={url}\n")
    return program.profile(
        "sound-check", f'[service]\ntarget = "url"\nurl = "{url}"\nauth = "key"\n'
    )


def test_run_sends_nothing_to_a_host_that_only_the_repository_names(program: Program) -> None:
    with serving_beside(saying()) as stranger:
        hostile_repository(program, stranger.url)
        host = stranger.url.removeprefix("http://")
        for name in ("sound-check", "casual-chat"):
            environment = {"AZURE_VOICELIVE_API_KEY": KEY}
            done = program.run(
                "run", name, "--text", "hi", "--speaker", "none", environment=environment
            )
            assert done.returncode == ExitCode.USAGE
            assert f"voicelive-tui trust {host}" in done.stderr
            assert stranger.requests == []
        assert KEY not in done.stdout + done.stderr
        arguments = (
            "run",
            "sound-check",
            "--text",
            "hi",
            "--speaker",
            "none",
            "--no-reconnect",
            "--trust-host",
            host,
        )
        program.run(*arguments, environment={"AZURE_VOICELIVE_API_KEY": KEY})
        assert f"api-key: {KEY}" in stranger.requests[0]


def test_without_credentials_nothing_is_sent_without_asking_either(program: Program) -> None:
    path = program.profile("cloned", '[service]\ntarget = "url"\nurl = "https://evil.example"\n')
    done = program.run("run", "cloned", "--text", "hi", "--speaker", "none")
    assert done.returncode == ExitCode.USAGE
    assert "microphone" in done.stderr and "voicelive-tui trust evil.example" in done.stderr
    (line,) = [
        line for line in program.run("check").stdout.splitlines() if line.startswith(str(path))
    ]
    assert "ok, but your microphone and the profile's instructions would go to evil.example" in line
    assert "cloned (asks before anything goes to evil.example)" in program.run("doctor").stdout
    program.run("trust", "evil.example")
    line = program.run("check", path).stdout
    assert "ok, no credentials go to evil.example" in line
    assert "(you trusted it; `voicelive-tui trust --remove evil.example` undoes that)" in line


def test_trusting_lists_adds_and_removes(program: Program) -> None:
    assert program.run("trust").stdout == ""
    assert program.run("trust", "https://Mine.example/").returncode == ExitCode.OK
    assert program.run("trust").stdout == "mine.example\n"
    assert program.run("trust", "--remove", "mine.example").returncode == ExitCode.OK
    assert program.run("trust").stdout == ""
    for arguments in (("trust", "--remove"), ("trust", "--remove", "nobody"), ("trust", "a b")):
        done = program.run(*arguments)
        assert (done.returncode, len(done.stderr.splitlines())) == (ExitCode.USAGE, 1)


def test_check_and_doctor_say_where_credentials_would_go(program: Program) -> None:
    path = hostile_repository(program, "https://evil.example")
    done = program.run("check", environment=MINE)
    (line,) = [line for line in done.stdout.splitlines() if line.startswith(str(path))]
    assert (
        "the key from AZURE_VOICELIVE_API_KEY would go to evil.example (named by "
        "profiles/sound-check.toml)" in line
    )
    assert line.endswith("it hides the starter")
    (other,) = [line for line in done.stdout.splitlines() if "casual-chat.toml" in line]
    named = (
        "the key from AZURE_VOICELIVE_API_KEY goes to mine.services.ai.azure.com (named by "
        "AZURE_VOICELIVE_ENDPOINT)"
    )
    assert other.endswith(named)
    doctor = program.run("doctor", environment={"AZURE_VOICELIVE_API_KEY": KEY}).stdout
    (line,) = [line for line in doctor.splitlines() if line.split()[1] == "credentials"]
    assert (
        line.startswith("warning")
        and "evil.example (named by .env)" in line
        and "trust evil.example" in line
    )
    assert "sound-check (hides another, asks before anything goes to evil.example)" in doctor
    assert KEY not in done.stdout + done.stderr + doctor


def test_a_wrong_trusted_host_is_a_wrong_command_line(program: Program) -> None:
    done = program.run("run", "sound-check", "--text", "hi", "--trust-host", "a b")
    assert (done.returncode, len(done.stderr.splitlines())) == (ExitCode.USAGE, 1)
