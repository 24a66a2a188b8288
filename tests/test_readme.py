"""The README's pages about the console: keys, the filter, the size of a recording.
tests/simulator/test_readme.py tests the simulator's page."""

import re
from pathlib import Path

import pytest
from voicelive_tui.model.events.filters import Filter, parse_filter
from voicelive_tui.tui.commands import COMMANDS
from voicelive_tui.tui.keymap import shown_key
from voicelive_tui.tui.tab_state import DEFAULT_FILTER

from tests.journal.support.journals import append_event, journal_in, put

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
BLOCK_BYTES, BLOCKS_A_MINUTE = 960, 3_000
"""20 ms at 24 kHz in 16 bits, as the microphone's sound is sent."""


def page(title: str) -> str:
    """The text below this heading."""
    return README.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def as_typed(key: str) -> str:
    """A key as the README writes it: `slash` is `/`, `ctrl+p` stays."""
    return key if key.startswith("ctrl+") else shown_key(key)


def test_the_table_of_keys_is_the_table_of_commands() -> None:
    rows = re.findall(r"^\| (`.*`) \| .+ \| (`.*`) \|$", page("Keys"), re.MULTILINE)
    documented = {command.strip("`"): re.findall(r"`(.+?)`", keys) for keys, command in rows}
    assert documented.pop("tab.1` to `tab.9") == ["1", "9"]
    commands = [each for each in COMMANDS if not re.fullmatch(r"tab\.\d", each.id)]
    assert documented == {
        each.id: [as_typed(key) for key in each.keys.split(",")] for each in commands
    }


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        ("delta", ["response.audio.delta"]),
        ("speech|committed", ["input_audio_buffer.speech_started", "input_audio_buffer.committed"]),
        ('"Oslo"', ["conversation.item.create"]),
        ("Oslo", ["conversation.item.create"]),
        ("type:Oslo", []),
        (
            DEFAULT_FILTER,
            [
                "response.audio.delta",
                "input_audio_buffer.speech_started",
                "input_audio_buffer.committed",
                "conversation.item.create",
            ],
        ),
    ],
)
def test_bare_words_match_types_and_contents(expression: str, shown: list[str]) -> None:
    lines = {
        "response.audio.delta": "{}",
        "input_audio_buffer.speech_started": "{}",
        "input_audio_buffer.committed": "{}",
        "conversation.item.create": '{"text": "How far is Oslo?"}',
        "input_audio_buffer.append": "{}",
    }
    text = page("Keys")
    assert "Oslo" in expression or f"`{expression}`" in text
    chosen = parse_filter(expression)
    assert isinstance(chosen, Filter)
    assert [
        kind for kind, line in lines.items() if chosen.matches("sent", kind, line=line)
    ] == shown


def test_a_recording_is_as_large_as_it_says(tmp_path: Path) -> None:
    journal = journal_in(tmp_path)
    for number in range(BLOCKS_A_MINUTE):
        put(journal, "sent", append_event(bytes(BLOCK_BYTES), f"evt_0123456789_{number}"), number)
    journal.close()
    folder = Path(journal.folder)
    sound, events = ((folder / name).stat().st_size / 1e6 for name in ("mic.wav", "events.jsonl"))
    text = " ".join(page("The journal").split())
    assert f"the microphone's sound takes {sound:.1f} MB a minute" in text
    assert f"the events take about {events:.1f} MB a minute" in text
    # Of two minutes the agent speaks a fifth.
    assert (
        f"Two minutes of conversation take about {2 * (sound + events + sound / 5):.0f} MB" in text
    )
