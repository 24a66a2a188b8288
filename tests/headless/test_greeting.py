"""`run` with a profile whose agent speaks first: the greeting comes first, and is no turn."""

from typing import Any

from voicelive_common.exit_codes import ExitCode
from voicelive_tui.engine.audio.port_opening import HELLO_WAV

from tests.headless.support.runs import events_and_summary, text_profile
from tests.support.program import Program

HELLO = '\n[greeting]\ntext = "Good evening, Harbour Hotel."\n'


def test_a_file_speaks_after_the_greeting(program: Program) -> None:
    profile = text_profile(program, more=HELLO)
    done = program.run("run", profile, "--mic", str(HELLO_WAV), "--turns", "1", "--json")
    events, summary = events_and_summary(done.stdout)
    assert (done.returncode, summary["turns_held"]) == (ExitCode.OK, 1), done.stderr
    first = summary["transcript"][0]
    assert (first["who"], first["text"]) == ("agent", "Good evening, Harbour Hotel.")
    assert [turn["greeting"] for turn in summary["turns"]] == [True, False]
    types = [each["event"]["type"] for each in events]
    assert types.index("response.done") < types.index("input_audio_buffer.speech_started")


def test_a_typed_turn_follows_the_words_that_a_prompt_asks_for(program: Program) -> None:
    prompt = '\n[greeting]\nprompt = "Greet the guest."\n'
    profile = text_profile(program, more=f'instructions = "Be brief."\n{prompt}')
    done = program.run("run", profile, "--mic", "none", "--text", "A room, please.", "--json")
    events, summary = events_and_summary(done.stdout)
    assert (done.returncode, summary["turns_held"]) == (ExitCode.OK, 1), done.stderr
    assert _sent(events) == [
        ("response.create", "Be brief.\n\nGreet the guest."),
        ("conversation.item.create", None),
        ("response.create", None),
    ]


def _sent(events: list[dict[str, Any]]) -> list[tuple[str, str | None]]:
    return [
        (event["type"], event.get("response", {}).get("instructions"))
        for event in (each["event"] for each in events if each["dir"] == "sent")
        if event["type"].endswith(".create")
    ]
