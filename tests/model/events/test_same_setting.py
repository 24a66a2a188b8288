"""Which settings in force count as those that were asked for: rows and details say the same."""

from typing import Any

import pytest
from voicelive_tui.model.events.changed_settings import changed_settings
from voicelive_tui.model.events.gists.setting_changes import describe_differences

TOOL = {"type": "mcp", "server_label": "sim", "server_url": "https://x"}


@pytest.mark.parametrize(
    ("asked", "in_force", "same"),
    [
        ({"voice": "ava"}, {"voice": {"type": "azure-standard", "name": "ava"}}, True),
        ({"voice": "ava"}, {"voice": {"type": "azure-standard", "name": "andrew"}}, False),
        ({"tools": [{**TOOL, "authorization": "t"}]}, {"tools": [{**TOOL, "id": "1"}]}, True),
        ({"tools": [TOOL]}, {"tools": [{**TOOL, "server_label": "other"}]}, False),
        ({"tools": [TOOL]}, {"tools": []}, False),
        ({"modalities": ["text", "audio"]}, {"modalities": ["audio", "text"]}, True),
        ({"modalities": ["text"]}, {"modalities": ["audio"]}, False),
        ({"input_audio_noise_reduction": None}, {}, True),
        ({"input_audio_noise_reduction": {}}, {"input_audio_noise_reduction": None}, True),
        ({"turn_detection": {"threshold": 0.3}}, {"turn_detection": {"threshold": 0.3}}, True),
        ({"turn_detection": {"threshold": 0.3}}, {"turn_detection": {"threshold": 0.5}}, False),
        ({"temperature": 0.3}, {}, False),
    ],
)
def test_rows_and_details_agree(
    asked: dict[str, Any], in_force: dict[str, Any], same: bool
) -> None:
    assert (changed_settings(asked, in_force) == ()) is same
    assert (describe_differences(asked, in_force) == []) is same
