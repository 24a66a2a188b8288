"""The recording that comes with the program."""

from voicelive_tui.journal.reader import Recorded, read_folder
from voicelive_tui.paths import DEMO, recording_folder


def demo() -> Recorded:
    """The recording as the console reads it."""
    return read_folder(recording_folder(DEMO))


def types(recorded: Recorded) -> set[str]:
    """The types of its events."""
    index = recorded.index
    return {index.type_name(n) for n in range(index.count)}


def test_the_demo_is_whole() -> None:
    recorded = demo()
    assert recorded.problems == ()
    assert recorded.profile is not None
    assert recorded.meta["records"] == recorded.index.count


def test_the_demo_holds_an_interruption_an_mcp_call_an_error_and_a_reconnection() -> None:
    recorded = demo()
    held = types(recorded)
    assert {"conversation.item.truncate", "response.mcp_call.completed"} <= held
    assert {"console.retry", "console.carried_over"} <= held
    states = {line.state for line in recorded.view.transcript}
    assert {"final", "interrupted", "failed"} <= states
    assert {line.who for line in recorded.view.transcript} == {"you", "agent", "tool", "note"}
    assert recorded.view.totals.latencies.heard.count >= 5


def test_the_demo_holds_an_answer_cut_by_a_voice_and_one_by_its_own_echo() -> None:
    causes = [line.cut_by for line in demo().view.transcript if line.is_cut]
    assert causes == ["voice", "connection", "echo"]


def test_the_demo_names_nothing_of_the_machine_on_which_it_was_held() -> None:
    text = "".join(
        path.read_text()
        for path in recording_folder(DEMO).iterdir()
        if path.suffix in (".toml", ".jsonl")
    )
    assert "/home/" not in text and "/root" not in text and "/tmp/" not in text
