"""Reading a profile, the session object made of it, and the report of a broken file."""

import pytest
from voicelive_tui.model.profile.profile import Service

from tests.model.support.profiles import only_problem, valid_profile


def test_an_empty_file_is_a_profile() -> None:
    profile = valid_profile("")
    assert (profile.slug, profile.name, profile.service, profile.wire_session()) == (
        "mine",
        "mine",
        Service(),
        {},
    )


def test_every_part_is_read() -> None:
    profile = valid_profile(
        """
        name = "Casual"
        description = "d"
        [service]
        target = "url"
        url = "http://127.0.0.1:8765"
        model = "gpt-realtime"
        api_version = "2025-10-01"
        auth = "key"
        query = { profile = "byom-azure-openai-realtime" }
        [session]
        instructions = "be kind"
        [audio]
        input = "device:Headset"
        [inspector]
        filter = "-append"
        """
    )
    assert (profile.name, profile.description) == ("Casual", "d")
    query = {"profile": "byom-azure-openai-realtime"}
    assert profile.service == Service(
        "url", "http://127.0.0.1:8765", "gpt-realtime", "2025-10-01", "key", query
    )
    assert profile.wire_session() == {"instructions": "be kind"}
    assert (profile.audio, profile.inspector) == (
        {"input": "device:Headset"},
        {"filter": "-append"},
    )


class TestNone:
    def test_it_is_null_where_the_api_allows_null(self) -> None:
        session = valid_profile(
            """
            [session]
            turn_detection = "none"
            input_audio_noise_reduction = "none"
            input_audio_echo_cancellation = "none"
            input_audio_transcription = "none"
            avatar = "none"
            interim_response = "none"
            """
        ).wire_session()
        assert set(session.values()) == {None}

    def test_it_is_null_one_table_down(self) -> None:
        profile = valid_profile(
            '[session.turn_detection]\ntype = "server_vad"\nend_of_utterance_detection = "none"'
        )
        assert profile.wire_session() == {
            "turn_detection": {"type": "server_vad", "end_of_utterance_detection": None}
        }

    def test_it_stays_a_word_where_it_is_one(self) -> None:
        text = (
            '[session]\ninstructions = "none"\ntool_choice = "none"\nreasoning_effort = '
            '"none"\nunheard_of = "none"'
        )
        assert set(valid_profile(text).wire_session().values()) == {"none"}

    def test_metadata_and_schemas_are_left_alone(self) -> None:
        text = '[session.metadata]\nturn_detection = "none"\n'
        text += '[[session.tools]]\ntype = "function"\nname = "f"\nparameters = { avatar = "none" }'
        session = valid_profile(text).wire_session()
        assert session["metadata"] == {"turn_detection": "none"}
        assert session["tools"][0]["parameters"] == {"avatar": "none"}

    def test_the_profile_itself_keeps_the_word(self) -> None:
        profile = valid_profile('[session]\nturn_detection = "none"')
        profile.wire_session()["turn_detection"] = 1
        assert profile.session == {"turn_detection": "none"}


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("name = ", 1, 8),
        ('a = 1\nname = "x', 2, 10),
        ("a = 1\na = 2\n", 2, 6),
        ("[session\n", 1, 9),
        ("x = [1,\n", 2, 1),
    ],
)
def test_a_broken_file_is_told_with_line_and_column(text: str, line: int, column: int) -> None:
    problem = only_problem(text)
    assert (problem.line, problem.column, problem.severity) == (line, column, "error")
    assert "(at " not in problem.message


def test_deep_nesting_is_a_problem_and_no_crash() -> None:
    assert only_problem("a = " + "[" * 100_000).severity == "error"
