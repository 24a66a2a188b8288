"""The console's engine with a live session and no front end.

    python -m tests.bench.support.engine_only URL

Without a URL the engine idles without a session. Ends with its standard input.
"""

import os
import sys
from pathlib import Path

from voicelive_tui.engine import intents
from voicelive_tui.engine.config.settings import Secret, Settings
from voicelive_tui.engine.engine import Engine
from voicelive_tui.model.profile.profile import parse_profile

_PROFILE = """
name = "Scripted"

[service]
target = "url"
url = "{url}"
model = "gpt-4o"

[session]
modalities = ["text", "audio"]
"""


def main(url: str | None) -> None:
    state = Path(os.environ["VOICELIVE_TUI_STATE_DIR"])
    engine = Engine(
        Settings(
            input="none",
            output="none",
            key=Secret(os.environ["AZURE_VOICELIVE_API_KEY"]),
            state_dir=state,
            config_dir=state,
        )
    )
    engine.start()
    if url is not None:
        profile, problems = parse_profile(_PROFILE.format(url=url), slug="scripted", path="")
        assert profile is not None, problems
        engine.post(intents.OpenTab("scripted", profile))
        engine.post(intents.Start("scripted"))
    sys.stdin.buffer.read()
    engine.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
