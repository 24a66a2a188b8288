"""The first run opens the user's own profiles and a few starters, wherever these are found."""

from pathlib import Path

from voicelive_tui.engine.config.profile_store import starter_paths
from voicelive_tui.tui.app import ConsoleApp
from voicelive_tui.tui.profile_tabs import FIRST_STARTERS

from tests.support.console_pilot import running_engine, until


async def test_of_the_starters_a_few_are_opened_also_in_a_clone(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "mine.toml").write_text('[service]\ntarget = "simulator"\n')
    clone = Path(next(iter(starter_paths()))).parent
    with running_engine(tmp_path, profile_dirs=(own, clone)) as engine:
        async with ConsoleApp(engine).run_test(size=(100, 30)) as pilot:
            opened = {"mine", *FIRST_STARTERS}
            await until(pilot, lambda: set(engine.snapshot().sessions) == opened, "the tabs")
