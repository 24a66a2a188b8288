"""Starts the console with a scripted service and the virtual sound card."""

import os
from collections.abc import Sequence
from pathlib import Path

from tests.support.pty_run import PtyRun
from tests.support.scripted_service import ScriptedService
from tests.support.virtual_sound import VirtualSound

_PROFILE = """
name = "Scripted"
description = "Talks to the service that a test plays by hand"

[service]
target = "url"
url = "{url}"
model = "gpt-4o"

[session]
modalities = ["text", "audio"]

[session.turn_detection]
type = "server_vad"
"""


def start_console(
    folder: Path,
    service: ScriptedService,
    card: VirtualSound | None,
    *,
    columns: int = 200,
    rows: int = 50,
    arguments: Sequence[str] = (),
    controlling: bool = False,
) -> PtyRun:
    """Start the console and a session to `service`; its state stays in `folder`.

    The service's `client_runs` checks that this console still runs.
    """
    run = PtyRun(
        ["--profiles", str(scripted_profiles(folder, service)), "--start", "scripted", *arguments],
        columns=columns,
        rows=rows,
        environment=console_environment(folder, card),
        cwd=folder,
        controlling=controlling,
    )
    service.client_runs = run.must_run
    return run


def scripted_profiles(folder: Path, service: ScriptedService) -> Path:
    """A folder of profiles below `folder` with one profile, `scripted`, which talks to the
    service."""
    profiles = folder / "own-profiles"
    profiles.mkdir(parents=True, exist_ok=True)
    (profiles / "scripted.toml").write_text(_PROFILE.format(url=service.url))
    return profiles


def console_environment(folder: Path, card: VirtualSound | None) -> dict[str, str]:
    """The environment of a user with this card and an empty home folder."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in ("PATH", "LANG", "LC_ALL", "CI", "PYTHONPATH", "VIRTUAL_ENV")
    }
    home = {
        "HOME": str(folder),
        "VOICELIVE_TUI_STATE_DIR": str(folder / "state"),
        "AZURE_VOICELIVE_API_KEY": "not-a-real-key",
    }
    return {**kept, **home, **({} if card is None else card.environment)}
