"""A session that goes on from a recording: what the service is given, and what the new recording
says of it."""

import json
import shutil
import tomllib
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from voicelive_tui.engine import intents
from voicelive_tui.journal.reader import read_folder
from voicelive_tui.journal.recorded_sessions import cut_off_sessions
from voicelive_tui.model.events.record import Local
from voicelive_tui.model.session.snapshot import SessionState
from voicelive_tui.paths import DEMO, recording_folder

from tests.support.engine_harness import EngineHarness, engine_harness, key_settings, profile
from tests.support.item_server import ItemServer

pytestmark = pytest.mark.engine


def has_answers(harness: EngineHarness, key: str, count: int) -> bool:
    """Whether the agent has given so many answers."""
    return len(harness.lines("agent", key)) == count


def record_a_session(harness: EngineHarness, *texts: str, key: str = "a") -> str:
    """Have a conversation in writing; returns its folder."""
    harness.start(key, profile(service={"target": "simulator"}, modalities=["text"]))
    for count, text in enumerate(texts, 1):
        harness.engine.post(intents.SendText(key, text))
        harness.until(partial(has_answers, harness, key, count), "an answer")
    folder = harness.session(key).folder
    harness.stop(key)
    harness.until(lambda: harness.session(key).recording.closed, "the end of the journal")
    return folder


def items(harness: EngineHarness, key: str) -> list[str]:
    """What the service was given with `conversation.item.create`, in order."""
    sent = harness.events("conversation.item.create", key, "sent")
    return [_item_text(event["item"]) for event in sent]


def _item_text(item: dict[str, object]) -> str:
    content = item.get("content") or []
    assert isinstance(content, list)
    return f"{item.get('role')}: {' '.join(part['text'] for part in content)}"


def test_the_service_is_given_what_the_recording_holds_and_the_new_one_says_so(
    tmp_path: Path,
) -> None:
    with engine_harness(tmp_path) as harness:
        folder = record_a_session(harness, "one two", "three four")
        before = {path.name: path.read_bytes() for path in Path(folder).iterdir()}
        answers = harness.lines("agent")
        harness.engine.post(intents.GoOn("b", folder))
        harness.until_state(SessionState.CONNECTED, "b")
        harness.until(lambda: harness.events(Local.CARRIED_OVER, "b"), "the items")
        expected = [
            "user: one two",
            f"assistant: {answers[0]}",
            "user: three four",
            f"assistant: {answers[1]}",
        ]
        harness.until(lambda: items(harness, "b") == expected, f"{expected}")
        harness.until(
            lambda: len(harness.events("conversation.item.created", "b")) == 4, "confirmations"
        )
        first = harness.session("b").view.transcript[0]
        assert first.rule is not None and first.rule.head.startswith("goes on from the session of ")
        assert first.rule.head.endswith("; 4 items carried over")
        assert first.rule.details == (folder,)
        harness.engine.post(intents.SendText("b", "five six"))
        harness.until(lambda: len(harness.lines("agent", "b")) == 1, "an answer")
        assert harness.lines("you", "b") == ["five six"]
        assert [turn.number for turn in harness.session("b").view.turns] == [1]
        new = harness.session("b").folder
        harness.stop("b")
        harness.until(lambda: harness.session("b").recording.closed, "the end of the journal")
        assert new != folder
        meta = tomllib.loads((Path(new) / "meta.toml").read_text())
        assert meta["goes_on_from"] == folder
        assert {path.name: path.read_bytes() for path in Path(folder).iterdir()} == before
        # The new recording holds everything that a third session needs.
        shutil.rmtree(folder)
        harness.engine.post(intents.GoOn("c", new))
        harness.until(lambda: harness.events(Local.CARRIED_OVER, "c"), "the items")
        third = [*expected, "user: five six", f"assistant: {harness.lines('agent', 'b')[0]}"]
        harness.until(lambda: items(harness, "c") == third, f"{third}")


def test_a_connection_that_is_lost_later_carries_the_earlier_session_over_once_more(
    tmp_path: Path,
) -> None:
    demo = str(recording_folder(DEMO))
    with (
        ItemServer() as service,
        engine_harness(tmp_path, **key_settings(service.url, "k" * 20)) as harness,
    ):
        copy = shutil.copytree(demo, tmp_path / "2026-11-29T12-00-00_demo")
        text = (copy / "profile.toml").read_text()
        (copy / "profile.toml").write_text(text.replace('"simulator"', '"azure"'))
        harness.engine.post(intents.GoOn("a", str(copy)))
        harness.until_state(SessionState.CONNECTED)
        harness.until(lambda: service.last.items, "the items")
        harness.until(lambda: harness.session().ready, "settings")
        told = len(harness.until_event(Local.CARRIED_OVER)["items"])
        harness.until(lambda: len(service.last.items) == told, "all items")
        given = service.last.show()
        service.end(1011)
        harness.until(lambda: len(harness.events(Local.CARRIED_OVER)) == 2, "another connection")
        harness.until(lambda: len(service.last.items) >= len(given), "the items again")
        assert service.last.show() == given
        assert not any(each.refused for each in service.connections)
        harness.stop_if_running()


def test_only_what_was_heard_is_told(tmp_path: Path) -> None:
    """The demo holds an answer that was cut."""
    recorded = read_folder(recording_folder(DEMO))
    cut = [line for line in recorded.view.transcript if line.is_cut]
    assert cut and all(line.spoken_chars is not None for line in cut)
    with (
        ItemServer() as service,
        engine_harness(tmp_path, **key_settings(service.url, "k" * 20)) as harness,
    ):
        copy = shutil.copytree(recording_folder(DEMO), tmp_path / "2026-11-29T12-00-00_demo")
        text = (copy / "profile.toml").read_text()
        (copy / "profile.toml").write_text(text.replace('"simulator"', '"azure"'))
        harness.engine.post(intents.GoOn("a", str(copy)))
        harness.until(lambda: service.connections and service.last.items, "the items")
        harness.until(lambda: len(harness.events(Local.CARRIED_OVER)) == 1, "the record")
        told = len(harness.events(Local.CARRIED_OVER)[0]["items"])
        harness.until(lambda: len(service.last.items) == told, "all items")
        shown = "\n".join(service.last.show())
        for line in cut:
            heard, unheard = line.text[: line.spoken_chars], line.text[line.spoken_chars :]
            assert heard.strip() in shown
            assert unheard.strip() not in shown
        harness.stop_if_running()


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("events.jsonl", "", "There is nothing to go on from"),
        ("events.jsonl", '{"n": 0}\n\0\n[[[', "There is nothing to go on from"),
        ("profile.toml", "[[[", "because it has no profile that can be read"),
    ],
)
def test_a_recording_that_does_not_serve_is_shown_with_one_sentence(
    tmp_path: Path, name: str, text: str, sentence: str
) -> None:
    copy = shutil.copytree(recording_folder(DEMO), tmp_path / "2026-11-29T12-00-00_demo")
    (copy / name).write_text(text)
    with engine_harness(tmp_path) as harness:
        harness.engine.post(intents.GoOn("a", str(copy)))
        harness.until(lambda: any(sentence in each for each in harness.texts()), sentence)
        harness.catch_up()
        assert harness.session().state is SessionState.RECORDED
        assert not (tmp_path / "state" / "sessions").exists()


def test_a_folder_that_is_no_recording_is_said(tmp_path: Path) -> None:
    with engine_harness(tmp_path) as harness:
        harness.engine.post(intents.GoOn("a", str(tmp_path / "none")))
        assert "no recorded session" in harness.until_state(SessionState.FAILED).problem


def test_a_cut_recording_goes_on_with_what_is_left(tmp_path: Path) -> None:
    with engine_harness(tmp_path) as harness:
        folder = record_a_session(harness, "one two")
        events = Path(folder) / "events.jsonl"
        events.write_bytes(events.read_bytes()[:-5])
        (Path(folder) / "meta.toml").unlink()
        harness.engine.post(intents.GoOn("b", folder))
        harness.until(lambda: harness.events(Local.CARRIED_OVER, "b"), "the items")
        harness.until(lambda: items(harness, "b")[:1] == ["user: one two"], "the first item")
        lines = [json.dumps(line.text) for line in harness.session("b").view.transcript]
        assert "goes on from the session test" in lines[0]


def test_after_a_session_that_went_on_the_next_one_begins_anew(tmp_path: Path) -> None:
    with engine_harness(tmp_path) as harness:
        folder = record_a_session(harness, "one two")
        harness.engine.post(intents.GoOn("b", folder))
        harness.until_state(SessionState.CONNECTED, "b")
        harness.until(lambda: harness.events(Local.CARRIED_OVER, "b"), "the items")
        harness.stop("b")
        harness.start("b")
        harness.until(lambda: harness.session("b").ready, "settings")
        assert harness.events(Local.CARRIED_OVER, "b") == []
        assert harness.events(Local.GOES_ON, "b") == []


def copy_of_demo(folder: Path, profile_text: str = "") -> Path:
    """A copy of the recording that comes with the program, with this profile."""
    copy = shutil.copytree(recording_folder(DEMO), folder / "2026-11-29T12-00-00_demo")
    if profile_text:
        (copy / "profile.toml").write_text(profile_text)
    return copy


def test_the_host_that_a_recording_names_gets_nothing_before_it_is_confirmed(
    tmp_path: Path,
) -> None:
    with (
        ItemServer() as service,
        engine_harness(tmp_path, **key_settings("https://mine.example", "k" * 20)) as harness,
    ):
        table = f'[service]\ntarget = "url"\nurl = "{service.url}"\nauth = "key"\n'
        copy = copy_of_demo(tmp_path, table)
        harness.engine.post(intents.GoOn("a", str(copy)))
        failed = harness.until_state(SessionState.FAILED)
        assert failed.asks_trust and failed.destination is not None
        assert service.connections == []
        harness.engine.post(intents.TrustHost("a", failed.destination.permission))
        harness.until_state(SessionState.CONNECTED)
        harness.until(lambda: service.last.items, "the items, after the host was confirmed")
        harness.stop_if_running()


def test_values_that_were_hidden_in_the_recording_are_named(tmp_path: Path) -> None:
    tools = (
        '[[session.tools]]\ntype = "mcp"\nserver_label = "x"\nserver_url = "https://x.example"\n'
    )
    text = f'[service]\ntarget = "simulator"\n{tools}authorization = "[hidden]"\n'
    with engine_harness(tmp_path) as harness:
        harness.engine.post(intents.GoOn("a", str(copy_of_demo(tmp_path, text))))
        harness.until(
            lambda: any("session.tools[0].authorization" in each for each in harness.texts()),
            "the notice",
        )
        harness.catch_up()
        harness.stop_if_running()


def test_a_session_that_still_runs_is_not_gone_on_with(tmp_path: Path) -> None:
    with engine_harness(tmp_path) as harness:
        harness.start("a", profile(service={"target": "simulator"}, modalities=["text"]))
        harness.engine.post(intents.SendText("a", "one two"))
        harness.until(partial(has_answers, harness, "a", 1), "an answer")
        harness.engine.post(intents.GoOn("b", harness.session("a").folder))
        harness.until(lambda: any("still runs" in each for each in harness.texts()), "a refusal")
        harness.catch_up()
        assert harness.session("b").state is SessionState.RECORDED


def is_closed(harness: EngineHarness, key: str) -> bool:
    """Whether the session's journal is complete."""
    return harness.session(key).recording.closed


def test_a_lost_terminal_is_noted_for_sessions_that_were_connected_and_offered_if_they_had_turns(
    tmp_path: Path,
) -> None:
    with engine_harness(tmp_path) as harness:
        over = record_a_session(harness, "one two")
        for key in ("b", "silent"):
            harness.start(key, profile(service={"target": "simulator"}, modalities=["text"]))
        harness.engine.post(intents.SendText("b", "one two"))
        harness.until(partial(has_answers, harness, "b", 1), "an answer")
        running = harness.session("b").folder
        harness.engine.post(intents.NoteTerminalLost())
        for key in ("b", "silent"):
            harness.stop(key)
        for key in ("b", "silent"):
            harness.until(partial(is_closed, harness, key), "the end of the journal")
    metas = [tomllib.loads((Path(each) / "meta.toml").read_text()) for each in (over, running)]
    assert [meta.get("ended_by") for meta in metas] == [None, "terminal"]
    assert metas[0]["turns"] == 1 and metas[0]["length_s"] > 0
    assert metas[0]["usage"][0]["model"] and metas[0]["usage"][0]["output_tokens"] > 0
    assert [each.folder for each in cut_off_sessions(Path(over).parent, datetime.now(UTC))] == [
        Path(running)
    ]
    assert cut_off_sessions(Path(over).parent, datetime.now(UTC) + timedelta(days=1)) == ()
