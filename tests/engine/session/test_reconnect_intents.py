"""What the user asks for while a session has no connection, or has just lost one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from voicelive_tui.engine import intents
from voicelive_tui.engine.config.settings import Settings
from voicelive_tui.model.events.record import Local
from voicelive_tui.model.session.snapshot import SessionState

from tests.support.engine_harness import EngineHarness, engine_harness, key_settings, profile
from tests.support.item_server import ItemServer
from tests.support.scripted_service import SESSION

pytestmark = pytest.mark.engine


@pytest.fixture
def service() -> Iterator[ItemServer]:
    with ItemServer() as server:
        yield server


@pytest.fixture
def harness(tmp_path: Path, service: ItemServer) -> Iterator[EngineHarness]:
    """A connected session with a silent microphone and a speaker that only keeps time."""
    settings = key_settings(service.url, "a-key")
    with engine_harness(tmp_path, **settings, input="null", output="null") as started:
        started.start(of=profile(service={"target": "azure"}))
        started.until(lambda: started.session().ready, "settings")
        yield started
        started.stop_if_running()


def refuse(harness: EngineHarness, service: ItemServer) -> None:
    """Break the connection and refuse the next one for good."""
    service.refusals = [(401, {})]
    service.end()
    harness.until(lambda: harness.session().can_resume, "the question")


def test_a_session_that_is_stopped_as_it_goes_on_ends(
    harness: EngineHarness, service: ItemServer
) -> None:
    asked: list[bool] = []

    def ask() -> None:
        # In the engine's thread, so that both are carried out together.
        if harness.session().can_resume and not asked:
            asked.append(True)
            harness.engine.post(intents.Start("a", resume=True))
            harness.engine.post(intents.Stop("a"))

    harness.engine.listen(ask)
    service.refusals = [(401, {})]
    service.end()
    harness.until_state(SessionState.ENDED)
    harness.until(lambda: harness.session().recording.closed, "the end of the journal")


def test_a_session_goes_on_with_the_profile_that_was_edited_to_cure_it(
    harness: EngineHarness, service: ItemServer
) -> None:
    refuse(harness, service)
    cured = profile(service={"target": "azure"}, instructions="Be brief.")
    harness.engine.post(intents.ReplaceProfile("a", cured))
    harness.engine.post(intents.Start("a", resume=True))
    harness.until_state(SessionState.CONNECTED)
    service.wait(lambda: len(service.events("session.update")) == 2)
    _, update = service.events("session.update")[-1]
    assert update["session"]["instructions"] == "Be brief."


def test_trust_is_asked_for_the_host_of_the_edited_profile(
    harness: EngineHarness, service: ItemServer
) -> None:
    moved = profile(service={"target": "url", "url": "https://voice.invalid"})
    harness.engine.post(intents.ReplaceProfile("a", moved))
    harness.engine.post(intents.Restart("a"))
    failed = harness.until_state(SessionState.FAILED)
    assert failed.asks_trust and failed.destination is not None
    assert failed.destination.host == "voice.invalid"
    harness.engine.post(intents.TrustHost("a", failed.destination.permission))
    # Nothing says that this host will ever be known, though the session was connected to another.
    harness.until(lambda: "not known" in harness.session().problem, "the unknown name")
    again = harness.until_state(SessionState.FAILED)
    assert again.attempt == failed.attempt and again.can_resume


def test_no_key_press_exceeds_the_connections_that_the_service_allows(
    harness: EngineHarness, service: ItemServer
) -> None:
    def presses_in_vain() -> bool:
        harness.engine.post(intents.Restart("a"))
        harness.engine.post(intents.Start("a"))
        session = harness.session()
        waits = session.state is SessionState.RECONNECTING and session.retry_at_s is not None
        return waits and len(service.connections) >= Settings().connections_per_minute

    harness.until(presses_in_vain, "a wait")
    revision = 0
    for _ in range(5):
        harness.engine.post(intents.Start("a"))
        revision = harness.engine.wait_change(revision, 0.1)
    assert harness.session().state is SessionState.RECONNECTING
    assert len(service.connections) == Settings().connections_per_minute


def test_a_manual_turn_ends_when_another_tab_goes_on_air_meanwhile(
    harness: EngineHarness, service: ItemServer
) -> None:
    manual = {**SESSION, "turn_detection": {"type": "none"}}
    service.send({"type": "session.updated", "session": manual})
    harness.until(lambda: harness.session().manual, "manual turns")
    harness.engine.post(intents.ToggleTalk("a"))
    harness.until(lambda: harness.session().talking, "a turn")
    service.refusals = [(503, {"Retry-After": "300"})]
    service.end()
    harness.until(lambda: len(harness.events(Local.RETRY)) == 2, "the long wait")
    harness.start("b", profile("b", service={"target": "azure"}))
    harness.engine.post(intents.GoOnAir("b"))
    harness.until(lambda: not harness.session().on_air, "another tab on air")
    assert [event["on"] for event in harness.events(Local.TALK)] == [True, False]
    harness.stop_if_running("b")


def test_a_message_that_no_connection_took_is_not_lost_in_silence(
    harness: EngineHarness, service: ItemServer
) -> None:
    service.refusals = [(503, {"Retry-After": "300"})]
    service.end()
    harness.until(lambda: len(harness.events(Local.RETRY)) == 2, "the long wait")
    harness.engine.post(intents.SendText("a", "typed meanwhile"))
    harness.stop()
    assert "1 message was not sent." in harness.texts()
