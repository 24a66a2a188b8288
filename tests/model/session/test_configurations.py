"""The history of a session's configurations: what was asked for, what the service made of it, and
which turn had which."""

from typing import Any

import pytest
from voicelive_tui.model.events.session_settings import ABSENT
from voicelive_tui.model.session.configurations import outcomes
from voicelive_tui.model.session.outcome import OutcomeKind, SessionConfiguration

from tests.support.memory_journal import MemoryJournal
from tests.support.step_count import steps

VAD = {"type": "server_vad", "threshold": 0.5, "silence_duration_ms": 500}
DEFAULTS = {"id": "s", "voice": {"type": "openai", "name": "alloy"}, "turn_detection": VAD}


def begun(asked: dict[str, Any] | None = None, **reply: Any) -> MemoryJournal:
    """A session whose first update was answered after 38 ms."""
    journal = MemoryJournal()
    journal("=", 0.1, "console.connected", service="simulator")
    journal("<", 0.4, "session.created", session=DEFAULTS)
    journal(">", 0.5, "session.update", event_id="e1", session=asked or {"turn_detection": VAD})
    journal("<", 0.538, "session.updated", session={**DEFAULTS, **(asked or {}), **reply})
    return journal


def vad(**changes: Any) -> dict[str, Any]:
    return {"turn_detection": {**VAD, **changes}}


def kinds(journal: MemoryJournal) -> dict[str, OutcomeKind]:
    return {key: each.kind for key, each in outcomes(journal.view).items()}


def last(journal: MemoryJournal) -> SessionConfiguration:
    return journal.view.configurations[-1]


def texts(configuration: SessionConfiguration) -> list[str]:
    return [change.text for change in configuration.changes]


def test_defaults_first_update_and_change_are_three_configurations() -> None:
    journal = begun()
    journal(">", 31.2, "session.update", event_id="e2", session=vad(silence_duration_ms=1200))
    waiting = last(journal)
    assert (waiting.state, waiting.reply_ms) == ("waiting", None)
    journal("<", 31.241, "session.updated", session={**DEFAULTS, **vad(silence_duration_ms=1200)})
    created, first, second = journal.view.configurations
    assert (created.origin, created.state, created.n) == ("session.created", "in force", 1)
    assert (first.first, first.keys, first.state) == (True, 3, "in force")
    assert (second.first, second.number, second.n, second.reply_n) == (False, 2, 4, 5)
    assert second.reply_ms == pytest.approx(41)
    assert texts(second) == ["silence 500 to 1200"]
    assert second.changes[0].key == "session.turn_detection.silence_duration_ms"


@pytest.mark.parametrize(
    ("asked", "reply", "kind"),
    [
        (vad(threshold=0.3), vad(threshold=0.3), "applied"),
        (vad(threshold=0.3), vad(threshold=0.4), "changed"),
        (vad(threshold=0.3), vad(), "ignored"),
    ],
)
def test_a_setting_is_applied_changed_or_ignored(
    asked: dict[str, Any], reply: dict[str, Any], kind: OutcomeKind
) -> None:
    journal = begun(asked, **reply)
    assert kinds(journal)["session.turn_detection.threshold"] == kind
    assert (last(journal).ignored, last(journal).changed) == (kind == "ignored", kind == "changed")


def test_echo_cancellation_that_stays_off_is_ignored() -> None:
    asked = {"input_audio_echo_cancellation": {"type": "server_echo_cancellation"}}
    journal = begun(asked, input_audio_echo_cancellation=None)
    assert kinds(journal)["session.input_audio_echo_cancellation.type"] == "ignored"


def test_a_voice_by_its_name_alone_is_applied_as_an_object() -> None:
    journal = begun({"voice": "echo"}, voice={"type": "openai", "name": "echo"})
    assert kinds(journal)["session.voice"] == "applied"


def test_manual_turns_are_applied_whichever_way_the_service_says_so() -> None:
    for reply in (None, {"type": "none"}):
        journal = begun({"turn_detection": None}, turn_detection=reply)
        assert kinds(journal)["session.turn_detection"] == "applied"


def test_what_nobody_asked_for_was_added_and_what_is_null_was_not() -> None:
    journal = begun({"voice": "alloy"}, temperature=0.8, avatar=None)
    added = {key for key, kind in kinds(journal).items() if kind == "added"}
    assert "session.temperature" in added
    assert "session.turn_detection.threshold" in added
    assert not any(key.startswith(("session.avatar", "session.voice")) for key in added)
    outcome = outcomes(journal.view)["session.temperature"]
    assert (outcome.asked, outcome.in_force, outcome.took_ms) == (ABSENT, 0.8, None)


def test_a_refused_voice_stays_refused_while_another_setting_changes() -> None:
    journal = begun()
    journal(">", 5.0, "session.update", event_id="e2", session={"voice": "echo"})
    error = {"code": "cannot_update_voice", "message": "no", "event_id": "e2"}
    journal("<", 5.04, "error", error=error)
    assert (last(journal).state, last(journal).code) == ("refused", "cannot_update_voice")
    assert texts(last(journal)) == ["voice alloy to echo"]
    journal(">", 6.0, "session.update", event_id="e3", session=vad(threshold=0.3))
    journal("<", 6.04, "session.updated", session={**DEFAULTS, **vad(threshold=0.3)})
    voice = outcomes(journal.view)["session.voice"]
    assert (voice.kind, voice.asked, voice.code) == ("refused", "echo", "cannot_update_voice")
    assert kinds(journal)["session.turn_detection.threshold"] == "applied"


def test_an_error_about_something_else_refuses_nothing() -> None:
    journal = begun()
    journal(">", 5.0, "session.update", event_id="e2", session={"voice": "echo"})
    journal("<", 5.04, "error", error={"code": "other", "event_id": "e9"})
    journal("<", 5.05, "error", error={"code": "unnamed"})
    assert last(journal).state == "waiting"
    assert kinds(journal)["session.voice"] == "waiting"


def test_an_error_without_a_name_refuses_the_first_update() -> None:
    journal = MemoryJournal()
    journal("<", 0.4, "session.created", session=DEFAULTS)
    journal(">", 0.5, "session.update", event_id="e1", session=vad(threshold=7))
    journal("<", 0.6, "error", error={"type": "invalid_request_error", "message": "too large"})
    assert (last(journal).state, last(journal).code) == ("refused", "invalid_request_error")


def test_only_the_setting_that_the_error_names_has_its_reason() -> None:
    journal = begun()
    asked = {**vad(threshold=7), "voice": "echo"}
    journal(">", 5.0, "session.update", event_id="e2", session=asked)
    error = {"code": "bad", "param": "session.turn_detection.threshold", "event_id": "e2"}
    journal("<", 5.1, "error", error=error)
    found = outcomes(journal.view)
    threshold, voice = (found[f"session.{name}"] for name in ("turn_detection.threshold", "voice"))
    assert (threshold.kind, threshold.code) == ("refused", "bad")
    assert (voice.kind, voice.code) == ("refused", "")
    assert found["session.turn_detection.silence_duration_ms"].kind == "applied"


def test_a_setting_that_is_sent_again_unchanged_keeps_its_time() -> None:
    journal = begun()
    journal(">", 5.0, "session.update", event_id="e2", session=vad(threshold=0.3))
    assert kinds(journal)["session.turn_detection.silence_duration_ms"] == "applied"
    journal("<", 5.04, "session.updated", session={**DEFAULTS, **vad(threshold=0.3)})
    found = outcomes(journal.view)
    assert found["session.turn_detection.silence_duration_ms"].asked_s == 0.5
    assert found["session.turn_detection.threshold"].asked_s == 5.0
    assert found["session.turn_detection.threshold"].took_ms == pytest.approx(40)


def test_updates_are_answered_in_their_order() -> None:
    journal = begun()
    journal(">", 5.0, "session.update", event_id="e2", session=vad(threshold=0.3))
    journal(">", 5.1, "session.update", event_id="e3", session={"voice": "echo"})
    journal("<", 5.2, "session.updated", session={**DEFAULTS, **vad(threshold=0.3)})
    assert [each.state for each in journal.view.configurations[2:]] == ["in force", "waiting"]
    assert kinds(journal)["session.voice"] == "waiting"
    assert kinds(journal)["session.turn_detection.threshold"] == "applied"


def test_a_change_by_the_service_itself_is_a_configuration_and_a_repetition_none() -> None:
    journal = begun()
    journal("<", 9.0, "session.updated", session={**DEFAULTS, **vad(threshold=0.9)})
    assert (last(journal).origin, texts(last(journal))) == (
        "session.updated",
        ["threshold 0.5 to 0.9"],
    )
    assert kinds(journal)["session.turn_detection.threshold"] == "changed"
    journal("<", 9.5, "session.updated", session={**DEFAULTS, **vad(threshold=0.9)})
    assert len(journal.view.configurations) == 3


def test_another_connection_begins_with_defaults_and_the_history_goes_on() -> None:
    journal = begun()
    journal(">", 5.0, "session.update", event_id="e2", session={"voice": "echo"})
    journal("=", 6.0, "console.connected", service="simulator", connection=2)
    journal("<", 6.1, "session.created", session=DEFAULTS)
    assert [each.number for each in journal.view.configurations] == [0, 1, 2, 3]
    assert journal.view.settings.asked == {}
    journal(">", 6.2, "session.update", event_id="e1", session=vad(threshold=0.3))
    assert last(journal).first
    journal("<", 6.3, "session.updated", session={**DEFAULTS, **vad(threshold=0.3)})
    assert last(journal).state == "in force"
    assert kinds(journal)["session.voice.name"] == "added"


def test_a_turn_has_the_configuration_that_was_in_force_when_the_user_ended() -> None:
    journal = begun()
    journal.spoken_audio(1.0, "u1", None)
    journal("<", 10.0, "input_audio_buffer.speech_started", item_id="u2", audio_start_ms=9000)
    journal(">", 10.1, "session.update", event_id="e2", session=vad(threshold=0.3))
    assert journal.turn(2).configuration == 1
    journal("<", 10.2, "session.updated", session={**DEFAULTS, **vad(threshold=0.3)})
    journal("<", 11.0, "input_audio_buffer.speech_stopped", item_id="u2", audio_end_ms=9900)
    journal(">", 11.1, "session.update", event_id="e3", session={"voice": "echo"})
    journal("<", 11.2, "error", error={"code": "no", "event_id": "e3"})
    journal("<", 20.0, "input_audio_buffer.speech_started", item_id="u3", audio_start_ms=19000)
    assert [turn.configuration for turn in journal.view.turns] == [1, 2, 2]


def test_an_unreadable_report_changes_nothing() -> None:
    journal = begun()
    before = journal.view.settings
    journal("<", 3.0, "session.updated", session="none")
    assert journal.view.settings.in_force == before.in_force
    assert len(journal.view.configurations) == 2


@pytest.mark.parametrize(
    ("asked", "reply", "note"),
    [
        (vad(silence_duration_ms=1200), None, ["silence 500 to 1200, in force after 41 ms"]),
        (
            {**vad(threshold=0.3), "voice": "echo"},
            None,
            ["threshold 0.5 to 0.3, voice alloy to echo, in force after 41 ms"],
        ),
        (
            vad(silence_duration_ms=200),
            vad(silence_duration_ms=300),
            ["silence 200 became 300 after 41 ms"],
        ),
        (vad(threshold=0.3), vad(), ["threshold: ignored by the service after 41 ms"]),
        (vad(), None, []),
    ],
)
def test_the_transcript_says_what_the_service_made_of_a_change(
    asked: dict[str, Any], reply: dict[str, Any] | None, note: list[str]
) -> None:
    journal = begun()
    journal(">", 31.2, "session.update", event_id="e2", session=asked)
    in_force = {**DEFAULTS, **(asked if reply is None else reply)}
    journal("<", 31.241, "session.updated", session=in_force)
    assert [line.text for line in journal.view.transcript] == note


def test_the_first_update_of_a_connection_has_no_line() -> None:
    assert list(begun(vad(threshold=0.3)).view.transcript) == []


def test_the_work_of_a_refusal_grows_with_the_settings_and_no_faster() -> None:
    def work(count: int) -> int:
        journal = begun()
        many = {f"setting_{number}": number for number in range(count)}
        journal(">", 2, "session.update", event_id="e2", session=many)
        error = {"event_id": "e2", "code": "no", "param": "session.other", "message": "No."}
        return steps(lambda: journal("<", 2.1, "error", error=error))

    assert work(400) < 5 * work(100)
