"""The rules of `[session.turn_detection]`."""

import pytest

from tests.model.support.profiles import read


class TestEndOfUtterance:
    """The names of two fields differ between the first preview and later versions (protocol.md 6.2
    and 6.3)."""

    OLD = "threshold = 0.01\ntimeout = 2"
    NEW = 'threshold_level = "low"\ntimeout_ms = 900'

    @pytest.mark.parametrize(
        ("version", "spelling", "warnings"),
        [
            ("2025-05-01-preview", OLD, 0),
            ("2025-05-01-preview", NEW, 2),
            ("2026-07-15", NEW, 0),
            ("2026-07-15", OLD, 2),
            ("", NEW, 0),
            ("", OLD, 2),
        ],
    )
    def test_the_spelling_fits_the_version(
        self, version: str, spelling: str, warnings: int
    ) -> None:
        stated = f'[service]\napi_version = "{version}"\n' if version else ""
        text = f"{stated}[session.turn_detection]\ntype = 'azure_semantic_vad'\n"
        text += (
            "[session.turn_detection.end_of_utterance_detection]\nmodel = "
            f"'semantic_detection_v1'\n{spelling}\n"
        )
        profile, problems = read(text)
        assert profile is not None
        assert len(problems) == warnings
        assert all("spelling" in problem.message for problem in problems)
