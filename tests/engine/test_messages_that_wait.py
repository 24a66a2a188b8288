"""Messages that are typed while the service is busy: they wait, are shown, and none is lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from voicelive_tui.engine import intents
from voicelive_tui.engine.refusals import MESSAGE_TOO_LONG, MESSAGES_WAIT
from voicelive_tui.protocol.message_queue import MOST_MESSAGES

from tests.support.engine_harness import EngineHarness, engine_harness, key_settings, profile
from tests.support.item_server import ItemServer

pytestmark = pytest.mark.engine

TEXTS = ["one", "two", "three", "four"]


def type_all(harness: EngineHarness, *texts: str) -> None:
    for text in texts:
        harness.engine.post(intents.SendText("a", text))


def waiting(harness: EngineHarness) -> list[str]:
    return [message.text for message in harness.session().waiting_messages]


@pytest.fixture
def service() -> Iterator[ItemServer]:
    with ItemServer() as server:
        yield server


@pytest.fixture
def harness(tmp_path: Path, service: ItemServer) -> Iterator[EngineHarness]:
    """A connected session whose service has begun a response and not finished it."""
    with engine_harness(tmp_path, **key_settings(service.url, "a-key")) as started:
        started.start(of=profile(service={"target": "azure"}))
        started.until(lambda: started.session().ready, "settings")
        type_all(started, "zero")
        service.wait(lambda: len(service.events("response.create")) == 1)
        service.send({"type": "response.created", "response": {"id": "resp_0"}})
        yield started
        started.stop_if_running()


def finish(service: ItemServer, number: int, status: str = "completed") -> None:
    service.send({"type": "response.done", "response": {"id": f"resp_{number}", "status": status}})


def test_messages_typed_in_a_row_are_answered_one_after_the_other(tmp_path: Path) -> None:
    with engine_harness(tmp_path) as harness:
        harness.start(of=profile(modalities=["text"]))
        type_all(harness, *TEXTS)
        harness.until(lambda: len(harness.lines("agent")) == 4, "four answers")
        lines = harness.session().view.transcript
        assert [line.who for line in lines] == ["you", "agent"] * 4
        assert harness.lines("you") == TEXTS
        assert harness.events("error") == [] and waiting(harness) == []
        harness.stop()


def test_what_waits_is_shown_and_sent_when_the_response_is_done(
    harness: EngineHarness, service: ItemServer
) -> None:
    type_all(harness, *TEXTS)
    harness.until(lambda: waiting(harness) == TEXTS, "what waits")
    assert harness.session().turn_open
    assert service.last.show() == ["user: zero"]
    finish(service, 0)
    harness.until(lambda: waiting(harness) == TEXTS[1:], "one message less")
    service.wait(lambda: len(service.events("response.create")) == 2)
    assert service.last.show() == ["user: zero", "user: one"]


def test_x_sends_what_waits_and_cancels_the_answer(
    harness: EngineHarness, service: ItemServer
) -> None:
    type_all(harness, "one", "two")
    harness.until(lambda: waiting(harness) == ["one", "two"], "what waits")
    harness.engine.post(intents.Interrupt("a"))
    harness.until(lambda: waiting(harness) == [], "nothing that waits")
    service.wait(lambda: len(service.last.items) == 3)
    assert service.last.types[-3:] == ["response.cancel", *["conversation.item.create"] * 2]
    finish(service, 0, "cancelled")
    service.wait(lambda: len(service.events("response.create")) == 2)


def test_what_waits_stays_over_a_reconnection(harness: EngineHarness, service: ItemServer) -> None:
    type_all(harness, "one", "two")
    harness.until(lambda: waiting(harness) == ["one", "two"], "what waits")
    service.end()
    harness.until(lambda: len(service.connections) == 2, "another connection")
    service.wait(lambda: "response.create" in service.last.types)
    assert service.last.show() == ["user: zero"]
    assert waiting(harness) == ["one", "two"]
    finish(service, 1)
    service.wait(lambda: service.last.show() == ["user: zero", "user: one"])
    finish(service, 2)
    service.wait(lambda: service.last.show() == ["user: zero", "user: one", "user: two"])


def test_what_waits_at_the_end_is_said(harness: EngineHarness) -> None:
    type_all(harness, "one", "two")
    harness.until(lambda: waiting(harness) == ["one", "two"], "what waits")
    harness.stop()
    harness.until(lambda: "2 messages were not sent." in harness.texts(), "the notice")
    assert harness.texts().count("2 messages were not sent.") == 1
    assert waiting(harness) == []


def test_too_many_and_too_long_messages_are_refused(harness: EngineHarness) -> None:
    type_all(harness, *map(str, range(MOST_MESSAGES)))
    harness.until(lambda: harness.session().text_refusal == MESSAGES_WAIT, "a full queue")
    type_all(harness, "one too many")
    harness.until(lambda: MESSAGES_WAIT.text in harness.texts(), "the refusal")
    assert len(waiting(harness)) == MOST_MESSAGES
    type_all(harness, "x" * 1_000_000)
    harness.until(lambda: MESSAGE_TOO_LONG.text in harness.texts(), "the refusal of its length")
