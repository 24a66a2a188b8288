"""An echo reference that the service expects from the client, and that this program does not
send."""

from typing import Any

import pytest

from tests.support.memory_journal import MemoryJournal

ECHO = "input_audio_echo_cancellation"
KEYS = [f"session.{ECHO}.reference_source"]
CREATED = {"id": "s", "model": "gpt-4o"}


def echo(**fields: Any) -> dict[str, Any]:
    return {ECHO: {"type": "server_echo_cancellation", **fields}}


TWO_CHANNELS = echo(reference_source="client", channels=2)


def begun(asked: dict[str, Any], *, reported: dict[str, Any] | None = None) -> MemoryJournal:
    """A session that was asked for these settings, and reports these, or as long as that is None
    nothing yet."""
    journal = MemoryJournal()
    journal("=", 0.0, "console.connected", service="azure")
    journal("<", 0.1, "session.created", session=CREATED)
    journal(">", 0.2, "session.update", event_id="e1", session=asked)
    if reported is not None:
        journal("<", 0.3, "session.updated", session={**CREATED, **reported})
    return journal


def keys(journal: MemoryJournal) -> list[str]:
    return [finding.key for finding in journal.view.findings]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"reference_source": "client", "channels": 2}, "the microphone stays off"),
        ({"channels": 2}, "the microphone stays off"),
        ({"reference_source": "client"}, "the service has none"),
    ],
)
def test_a_reference_from_the_client_is_a_finding(fields: dict[str, Any], words: str) -> None:
    journal = begun(echo(**fields), reported=echo(**fields))
    assert keys(journal) == KEYS
    assert words in journal.view.findings[0].sentence


def test_it_is_one_as_soon_as_the_service_accepts_it_and_reports_no_other_value() -> None:
    journal = begun(TWO_CHANNELS)
    assert not keys(journal)
    journal("<", 0.4, "session.updated", session=CREATED)
    assert keys(journal) == KEYS


@pytest.mark.parametrize(
    "fields", [{}, {"reference_source": "server"}, {"channels": 1}, {"channels": "2"}]
)
def test_a_reference_from_the_server_is_none(fields: dict[str, Any]) -> None:
    assert not keys(begun(echo(**fields), reported=echo(**fields)))


@pytest.mark.parametrize("reported", [{ECHO: None}, echo()])
def test_neither_is_one_that_the_service_ignores(reported: dict[str, Any]) -> None:
    assert not keys(begun(TWO_CHANNELS, reported=reported))


def test_neither_is_one_that_the_service_refuses() -> None:
    journal = begun(echo(), reported=echo())
    journal(">", 1, "session.update", event_id="e2", session=TWO_CHANNELS)
    journal("<", 1.1, "error", error={"code": "no", "event_id": "e2"})
    journal("<", 1.2, "session.updated", session={**CREATED, **echo()})
    assert not keys(journal)
