"""Every class of fault in every phase of a conversation: what heals goes on over another
connection with the conversation so far, and what does not heal stops with its cure."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from voicelive_tui.engine import intents
from voicelive_tui.model.events.record import Local
from voicelive_tui.model.session.snapshot import SessionState

from tests.support.conversation_phases import PHASES, Phase, first_turn, while_the_user_speaks
from tests.support.engine_harness import EngineHarness, engine_harness, key_settings, profile
from tests.support.item_server import ItemServer

pytestmark = pytest.mark.engine

CANARY = "canary-4f1c9b7e2d"


@contextmanager
def session(tmp_path: Path) -> Iterator[tuple[EngineHarness, ItemServer]]:
    """A connected session with a silent microphone and a speaker that only keeps time."""
    with (
        ItemServer() as service,
        engine_harness(
            tmp_path, **key_settings(service.url, CANARY), input="null", output="null"
        ) as harness,
    ):
        harness.start(of=profile(service={"target": "azure"}))
        harness.until(lambda: harness.session().ready, "settings")
        yield harness, service
        harness.stop_if_running()
        records = _records(harness)
        assert [record["n"] for record in records] == list(range(len(records)))
        assert CANARY not in json.dumps(records)
        assert not any(CANARY in text for text in harness.texts())


def _records(harness: EngineHarness) -> list[dict[str, object]]:
    folder = Path(harness.session().folder)
    assert len(list(folder.parent.iterdir())) == 1
    harness.until(lambda: harness.session().recording.closed, "the end of the journal")
    return [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]


def healed(harness: EngineHarness, service: ItemServer, items: list[str]) -> None:
    """The session is connected again, the server has the items, and both talk."""
    harness.until(lambda: len(harness.events(Local.CONNECTED)) == 2, "another connection")
    harness.until(lambda: harness.session().ready, "settings")
    harness.until(lambda: len(service.last.items) >= len(items), "the items")
    shown = service.last.show()
    assert [line for line in shown if not line.startswith("assistant: x")] == items
    assert service.last.refused == []
    assert service.last.types[0] == "session.update"
    assert len(service.connections) == 2
    # The answer that was lost may have been asked for again; a further message waits for its end.
    service.send({"type": "response.done", "response": {"id": "resp_lost", "status": "completed"}})
    harness.engine.post(intents.SendText("a", "Still there?"))
    harness.until(lambda: service.last.show()[-1:] == ["user: Still there?"], "a further turn")


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("code", [None, 1001, 1011, 1012, 1013], ids=str)
def test_a_connection_that_ends_is_replaced(tmp_path: Path, phase: Phase, code: int | None) -> None:
    with session(tmp_path) as (harness, service):
        items = phase(harness, service)
        service.end(code)
        healed(harness, service, items)
        closed = harness.events(Local.CLOSED)[0]
        assert closed["code"] == code


@pytest.mark.parametrize("phase", PHASES)
def test_a_busy_service_is_asked_again_and_retry_after_is_obeyed(
    tmp_path: Path, phase: Phase
) -> None:
    with session(tmp_path) as (harness, service):
        items = phase(harness, service)
        service.refusals = [(503, {}), (429, {"Retry-After": "1"})]
        service.end(1012)
        healed(harness, service, items)
        waits = [event["wait_ms"] for event in harness.events(Local.RETRY)]
        assert len(waits) == 3
        assert waits[0] <= 250 and waits[1] <= 500
        assert waits[2] >= 1_000


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_refusal_that_cannot_heal_stops_and_says_what_to_do(
    tmp_path: Path, phase: Phase, status: int
) -> None:
    with session(tmp_path) as (harness, service):
        phase(harness, service)
        service.refusals = [(status, {})]
        service.end()
        failed = harness.until_state(SessionState.FAILED)
        assert failed.http_status == status
        assert str(status) in failed.problem
        assert len(service.connections) == 1
        assert len(harness.events(Local.RETRY)) == 1
        assert failed.view.transcript == harness.session().view.transcript


@pytest.mark.parametrize("phase", PHASES)
def test_a_policy_that_is_broken_stops_the_session(tmp_path: Path, phase: Phase) -> None:
    with session(tmp_path) as (harness, service):
        phase(harness, service)
        service.end(1008)
        failed = harness.until_state(SessionState.FAILED)
        assert failed.problem
        assert harness.events(Local.RETRY) == []


def test_the_user_stops_the_tries_and_resumes_with_what_was_typed_meanwhile(
    tmp_path: Path,
) -> None:
    with session(tmp_path) as (harness, service):
        items = while_the_user_speaks(harness, service)
        service.refusals = [(503, {"Retry-After": "300"})] * 2
        service.end()
        harness.until(lambda: len(harness.events(Local.RETRY)) == 2, "the long wait")
        assert harness.session().state is SessionState.RECONNECTING
        harness.engine.post(intents.SendText("a", "typed meanwhile"))
        harness.engine.post(intents.Interrupt("a"))
        harness.until(lambda: harness.session().can_resume, "the question")
        assert harness.session().state is SessionState.ENDED
        assert len(service.connections) == 1
        service.refusals = []
        harness.engine.post(intents.Start("a", resume=True))
        harness.until_state(SessionState.CONNECTED)
        expected = [*items, "user: typed meanwhile"]
        harness.until(lambda: service.last.show() == expected, "the message")


def test_the_user_tries_now(tmp_path: Path) -> None:
    with session(tmp_path) as (harness, service):
        service.refusals = [(503, {"Retry-After": "300"})]
        service.end()
        harness.until(lambda: len(harness.events(Local.RETRY)) == 2, "the long wait")
        harness.engine.post(intents.SendText("a", "typed meanwhile"))
        harness.engine.post(intents.Start("a"))
        harness.until_state(SessionState.CONNECTED)
        harness.until(lambda: service.last.show() == ["user: typed meanwhile"], "the message")


def test_an_answer_that_was_lost_is_asked_for_again(tmp_path: Path) -> None:
    with session(tmp_path) as (harness, service):
        harness.engine.post(intents.SendText("a", "What is the time?"))
        harness.until(lambda: service.last.types[-1:] == ["response.create"], "the request")
        service.end()
        harness.until(lambda: len(service.connections) == 2, "another connection")
        harness.until(lambda: "response.create" in service.last.types, "the request, again")
        assert service.last.show() == ["user: What is the time?"]
        assert service.last.types.count("response.create") == 1


def test_a_session_that_failed_goes_on_when_the_user_wants_it(tmp_path: Path) -> None:
    with session(tmp_path) as (harness, service):
        items = while_the_user_speaks(harness, service)
        service.refusals = [(401, {})]
        service.end()
        harness.until(lambda: harness.session().can_resume, "the question")
        harness.engine.post(intents.Start("a", resume=True))
        healed(harness, service, items)


def test_a_start_that_fails_clears_nothing(tmp_path: Path) -> None:
    with session(tmp_path) as (harness, service):
        first_turn(harness, service)
        before = harness.stop().view.transcript
        service.refusals = [(401, {})]
        harness.engine.post(intents.Start("a"))
        failed = harness.until_state(SessionState.FAILED)
        assert failed.view.transcript == before
        assert harness.engine.index("a") is not None


def test_without_reconnection_the_session_ends(tmp_path: Path) -> None:
    with (
        ItemServer() as service,
        engine_harness(tmp_path, **key_settings(service.url, CANARY), reconnect=False) as harness,
    ):
        harness.start(of=profile(service={"target": "azure"}))
        service.end(1011)
        assert not harness.until_state(SessionState.FAILED).can_resume
        assert len(service.connections) == 1
