"""How a conversation reports settings that it accepts, and those that it does not."""

from voicelive_simulator.dialogue.state.effects import Remark

from tests.simulator.support.conversation_driver import ConversationDriver, error_in


def test_unknown_settings_warn_and_the_rest_applies() -> None:
    driver = ConversationDriver()
    updated, warning = driver.say(
        "session.update", session={"colour": "red", "instructions": "be brief"}
    )
    assert updated["session"]["instructions"] == "be brief" and "colour" not in updated["session"]
    assert warning["type"] == "warning" and warning["warning"]["param"] == "session.colour"
    old = ConversationDriver(api_version="2025-10-01")
    assert [e["type"] for e in old.say("session.update", session={"colour": "red"})] == [
        "session.updated"
    ]
    assert old.remarks == [Remark("unknown_parameter", "session.colour")] and not driver.remarks


def test_a_setting_that_the_documents_advise_against_is_taken_with_a_warning() -> None:
    driver = ConversationDriver("gpt-realtime")
    updated, warning = driver.say(
        "session.update", session={"input_audio_transcription": {"model": "azure-speech"}}
    )
    assert updated["session"]["input_audio_transcription"] == {"model": "azure-speech"}
    assert warning["warning"]["code"] == "undocumented_combination"
    old = ConversationDriver("gpt-realtime", api_version="2025-10-01")
    events = old.say(
        "session.update", session={"input_audio_transcription": {"model": "azure-speech"}}
    )
    assert [event["type"] for event in events] == ["session.updated"]


def test_a_bad_setting_changes_nothing_and_the_session_goes_on() -> None:
    driver = ConversationDriver()
    error = error_in(
        driver.say(
            "session.update",
            session={"instructions": "new", "temperature": 9},
            event_id="event_mine",
        )
    )
    assert (error["param"], error["event_id"]) == ("session.temperature", "event_mine")
    [updated] = driver.say("session.update", session={})
    assert updated["session"]["instructions"] == ""
