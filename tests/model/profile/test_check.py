"""The problems of a profile: which are errors, which are warnings, and where each is found."""

import tomllib

import pytest
from voicelive_tui.model.profile.profile import dump_profile

from tests.model.support.profiles import only_problem, read


class TestUnknown:
    TEXT = (
        'shine = 1\n[session]\nturn_detection = "none"\nsparkle = { a = [1, 2] }\n[attic]\nx = '
        '"y"\n'
    )

    def test_unknown_keys_warn_with_their_place_and_survive_a_save(self) -> None:
        profile, problems = read(self.TEXT)
        assert [(problem.key, problem.line, problem.severity) for problem in problems] == [
            ("shine", 1, "warning"),
            ("session.sparkle", 4, "warning"),
            ("attic", 5, "warning"),
        ]
        assert profile is not None
        assert profile.wire_session()["sparkle"] == {"a": [1, 2]}
        assert tomllib.loads(dump_profile(profile)) == tomllib.loads(self.TEXT)

    def test_the_nearest_known_name_is_offered(self) -> None:
        problem = only_problem(
            "[session.turn_detection]\ntype = 'server_vad'\nsilence_duration = 300"
        )
        assert "`silence_duration_ms`" in problem.hint

    def test_the_nearest_known_value_is_offered(self) -> None:
        problem = only_problem('[session.turn_detection]\ntype = "azure_semantik_vad"')
        assert (problem.severity, problem.hint) == ("warning", 'did you mean "azure_semantic_vad"?')

    def test_a_new_api_version_only_warns(self) -> None:
        assert only_problem('[service]\napi_version = "2027-01-01"').severity == "warning"


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        ('name = "x"\nsession = 3', "session", 2),
        ("name = 3", "name", 1),
        ('[service]\ntarget = "url"', "service", 1),
        ('[service]\ntarget = "url"\nurl = "ftp://x"', "service.url", 3),
        ('[service]\ntarget = "url"\nurl = "http://"', "service.url", 3),
        ('[service]\ntarget = "url"\nurl = "http://x:99999"', "service.url", 3),
        ('[service]\ntarget = "azur"', "service.target", 2),
        ('[service]\nauth = "token"', "service.auth", 2),
        ("[service]\nmodel = 4", "service.model", 2),
        ("[service.query]\na = 1", "service.query.a", 2),
        ("[audio]\ninput = 3", "audio.input", 2),
        ("[session]\nmetadata = { when = 2026-11-22 }", "session.metadata.when", 2),
        ("[session]\ntemperature = nan", "session.temperature", 2),
    ],
)
def test_what_cannot_work_is_an_error_at_its_line(text: str, key: str, line: int) -> None:
    profile, problems = read(text)
    assert profile is None
    errors = [problem for problem in problems if problem.severity == "error"]
    assert [(problem.key, problem.line) for problem in errors] == [(key, line)]
    assert errors[0].hint


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('[session]\ntemperature = "warm"', "session.temperature"),
        ("[session]\ntemperature = 3.5", "session.temperature"),
        (
            "[session.turn_detection]\ntype = 'server_vad'\nprefix_padding_ms = 200.5",
            "session.turn_detection.prefix_padding_ms",
        ),
        (
            "[session.turn_detection]\ntype = 'server_vad'\nprefix_padding_ms = true",
            "session.turn_detection.prefix_padding_ms",
        ),
        (
            "[session.turn_detection]\ntype = 'server_vad'\nthreshold = -1",
            "session.turn_detection.threshold",
        ),
        ("[session.turn_detection]\nthreshold = 0.5", "session.turn_detection"),
        (
            "[session.turn_detection]\ntype = 'server_vad'\nremove_filler_words = true",
            "session.turn_detection.remove_filler_words",
        ),
        ("[session.turn_detection]\ntype = 'none'", "session.turn_detection.type"),
        ("[session]\nvoice = 'alloi'", "session.voice"),
        ("[session.voice]\ntype = 'openai'\nname = 'ava'", "session.voice.name"),
        ("[session.voice]\ntype = 'azure-custom'\nname = 'x'", "session.voice"),
        ("[session]\nmodalities = ['audio']", "session.modalities"),
        ("[session]\nmodalities = ['text', 'sound']", "session.modalities.1"),
        ("[session]\ninstructions = ['x']", "session.instructions"),
        ("[session]\nturn_detection = 'off'", "session.turn_detection"),
        ("[inspector]\nfilter = 'item:'", "inspector.filter"),
        ("[session]\ntools = [3]", "session.tools.0"),
        ("[session]\nmodel = 'gpt-4o'", "session.model"),
        ("[[session.tools]]\ntype = 'mcp'\nserver_label = 'x'", "session.tools.0"),
        (
            "[session.turn_detection]\ntype = 'server_vad'\nauto_truncate = "
            "true\ninterrupt_response = false",
            "session.turn_detection.auto_truncate",
        ),
        ("[session.turn_detection]\ntype = 'semantic_vad'", "session.turn_detection.type"),
        (
            "[session.input_audio_noise_reduction]\ntype = 'near_field'",
            "session.input_audio_noise_reduction.type",
        ),
        (
            "[session.input_audio_transcription]\nmodel = 'whisper-1'",
            "session.input_audio_transcription.model",
        ),
        (
            "[session.input_audio_echo_cancellation]\ntype = 'server_echo_cancellation'\nchannels "
            "= 2",
            "session.input_audio_echo_cancellation",
        ),
    ],
)
def test_what_the_service_may_refuse_is_a_warning(text: str, key: str) -> None:
    profile, problems = read(text)
    assert profile is not None
    assert [(problem.key, problem.severity) for problem in problems] == [(key, "warning")]
    assert problems[0].line is not None
    assert problems[0].hint
