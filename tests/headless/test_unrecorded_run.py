"""`run` on a disk that cannot take the recording: the conversation is held, and the exit code
tells."""

import json
import tomllib
from pathlib import Path

from voicelive_common.exit_codes import ExitCode
from voicelive_tui.journal.folder import META

from tests.support.program import Program
from tests.support.small_disks import mounted_disk

WRITER = '[service]\ntarget = "simulator"\n[session]\nmodalities = ["text"]\n'
TYPED_TURN = ("--mic", "none", "--speaker", "none", "--text", "hello", "--json")


def talk(
    program: Program, *more: str, state: Path | None = None
) -> tuple[int, dict[str, object], str]:
    """Hold one typed turn; returns the exit code, the summary and the text on standard error."""
    program.profile("writer", WRITER)
    environment = {"VOICELIVE_TUI_STATE_DIR": str(state)} if state else {}
    done = program.run("run", "writer", *TYPED_TURN, *more, environment=environment)
    return done.returncode, json.loads(done.stdout.splitlines()[-1])["summary"], done.stderr


def test_a_state_folder_that_is_a_file(program: Program) -> None:
    (program.home / "state").write_text("in the way")
    code, summary, stderr = talk(program)
    assert (code, summary["exit_code"], summary["turns_held"]) == (ExitCode.UNRECORDED, 9, 1)
    assert stderr.count("The session cannot be recorded yet") == 1
    assert "This conversation is not recorded, and it is gone" in stderr
    assert (program.home / "state").read_text() == "in the way"


def test_a_full_disk(program: Program, tmp_path: Path) -> None:
    with mounted_disk(tmp_path / "small", "64k") as disk:
        disk.fill()
        code, summary, stderr = talk(program, state=disk.root)
    assert (code, summary["turns_held"]) == (ExitCode.UNRECORDED, 1)
    assert "No space left on device" in stderr


def test_no_recording_wanted_is_a_success(program: Program) -> None:
    (program.home / "state").write_text("in the way")
    code, summary, stderr = talk(program, "--record", "none")
    assert (code, summary["turns_held"], stderr) == (ExitCode.OK, 1, "")


def test_a_failure_keeps_its_own_code(program: Program) -> None:
    (program.home / "state").write_text("in the way")
    code, _, stderr = talk(program, "--turns", "1", "--timeout", "0.001")
    assert code not in (ExitCode.OK, ExitCode.UNRECORDED)
    assert stderr


def test_what_is_recorded_is_there_when_the_run_ends(program: Program) -> None:
    code, summary, _ = talk(program)
    folder = Path(str(summary["folder"]))
    assert code == ExitCode.OK
    meta = tomllib.loads((folder / META).read_text())
    assert meta["records"] == len((folder / "events.jsonl").read_text().splitlines())
