"""The problems of a profile: which are errors, which are warnings, and where each is found."""

import tomllib

import pytest
from voicelive_common.json_schema import MOST_COST
from voicelive_tui.model.profile.problem import first_unusable
from voicelive_tui.model.profile.profile import dump_profile, parse_profile
from voicelive_tui.model.profile.service_defaults import ServiceDefaults

from tests.model.support.profiles import only_problem, read


class TestUnknown:
    TEXT = (
        'shine = 1\n[session]\nturn_detection = "none"\nsparkle = { a = [1, 2] }\n[attic]\nx = '
        '"y"\n'
    )

    def test_unknown_keys_are_named_with_their_place_and_survive_a_save(self) -> None:
        profile, problems = read(self.TEXT)
        assert [(problem.key, problem.line, problem.severity) for problem in problems] == [
            ("shine", 1, "warning"),
            ("session.sparkle", 4, "info"),
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
        assert (problem.severity, problem.hint) == ("error", 'did you mean "azure_semantic_vad"?')

    def test_a_new_api_version_is_an_info(self) -> None:
        assert only_problem('[service]\napi_version = "2027-01-01"').severity == "info"


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


def test_a_profile_that_the_service_refuses_can_be_opened_and_corrected() -> None:
    profile, problems = read('[session]\ntemperature = 3.5\nvoice = "alloy"')
    assert profile is not None
    assert [(each.severity, each.by_service, each.unusable) for each in problems] == [
        ("error", True, False)
    ] * 2
    assert first_unusable(problems) is None


def test_the_first_error_of_a_key_is_enough() -> None:
    text = (
        "[session]\ninput_audio_format = 'g711_ulaw'\ninput_audio_sampling_rate = 24000000\n"
        "[session.avatar]\n"
    )
    _, problems = read(text)
    keys = [problem.key for problem in problems]
    assert len(keys) == len(set(keys)) == 2


class TestVersion:
    """What a version of the API does not have it ignores as a field, and refuses as a value."""

    def test_an_ignored_field_is_looked_at_no_further(self) -> None:
        text = "[service]\napi_version = '2025-10-01'\n[session.metadata]\nrun = 7"
        assert only_problem(text).severity == "warning"

    def test_values_that_only_the_first_preview_has(self) -> None:
        text = (
            "[service]\napi_version = '2025-05-01-preview'\n"
            "[session.turn_detection]\ntype = 'none'\n"
            "[session.input_audio_transcription]\nmodel = 'azure-fast-transcription'"
        )
        assert read(text)[1] == ()
        assert len(read(text.replace("2025-05-01-preview", "2025-10-01"))[1]) == 2


class TestDefaults:
    """A profile that states no model or version is judged with those of the environment."""

    VOICE = 'session = { voice = "marin", input_audio_transcription = "none" }'
    SMART = (
        "[session.turn_detection]\ntype = 'server_vad'\n"
        "end_of_utterance_detection = { model = 'smart_end_of_turn_detection' }"
    )

    @pytest.mark.parametrize(
        ("text", "defaults", "errors"),
        [
            (VOICE, ServiceDefaults(), 1),
            (VOICE, ServiceDefaults(model="gpt-realtime"), 0),
            ('service = { model = "gpt-4o" }\n' + VOICE, ServiceDefaults("gpt-realtime"), 1),
            (SMART, ServiceDefaults(), 1),
            (SMART, ServiceDefaults(api_version="2026-06-01-preview"), 0),
            ("", ServiceDefaults(api_version="v1"), 0),
            ("service = 3", ServiceDefaults(model="gpt-realtime"), 1),
        ],
    )
    def test_what_the_environment_gives_counts(
        self, text: str, defaults: ServiceDefaults, errors: int
    ) -> None:
        _, problems = parse_profile(text, slug="mine", path="mine.toml", defaults=defaults)
        assert len(problems) == errors


class TestSchema:
    FUNCTION = "[[session.tools]]\ntype = 'function'\nname = 'f'\n"

    def test_the_draft_may_be_named(self) -> None:
        old = "parameters = { '$schema' = 'http://json-schema.org/draft-04/schema#', type = %s }"
        assert read(self.FUNCTION + old % "'object', minimum = 1, exclusiveMinimum = true")[1] == ()
        newer = "parameters = { type = 'object', minimum = 1, exclusiveMinimum = true }"
        assert only_problem(self.FUNCTION + newer).key.endswith(".exclusiveMinimum")

    def test_an_unknown_draft_is_judged_as_the_newest_without_a_network(self) -> None:
        text = "parameters = { '$schema' = 'https://schemas.example/x', type = 'strin' }"
        assert only_problem(self.FUNCTION + text).severity == "error"

    def test_a_reference_to_a_definition_is_none_of_the_problems(self) -> None:
        text = (
            "parameters = { type = 'object', properties = { a = { '$ref' = '#/$defs/b' } }, "
            "'$defs' = { b = { type = 'string' } } }"
        )
        assert read(self.FUNCTION + text)[1] == ()

    @pytest.mark.parametrize("value", ["3", "['a']", "{ a = 1 }", "true", "''", "'http://['"])
    def test_a_draft_of_any_value_is_judged(self, value: str) -> None:
        read(self.FUNCTION + f"parameters = {{ '$schema' = {value}, type = 'object' }}")
        text = f"parameters = {{ '$schema' = {value}, type = 'strin' }}"
        assert only_problem(self.FUNCTION + text).severity == "error"

    @pytest.mark.parametrize("at", ["9" * 6_000, "1", "01", "\u0660", "-1", ""])
    def test_a_reference_to_no_element_of_an_array_leads_nowhere(self, at: str) -> None:
        text = f"parameters = {{ anyOf = [{{}}], not = {{ '$ref' = '#/anyOf/{at}' }} }}"
        assert only_problem(self.FUNCTION + text).message.endswith("is nowhere in this schema")
        assert read(self.FUNCTION + text.replace(f"anyOf/{at}'", "anyOf/0'"))[1] == ()

    @pytest.mark.parametrize("keyword", ["enum", "required", "type"])
    def test_an_array_whose_elements_are_all_compared_is_not_checked(self, keyword: str) -> None:
        draft = "'$schema' = 'http://json-schema.org/draft-04/schema#'"
        values = ", ".join(f"{{ a = {n} }}" for n in range(2_400))
        text = f"parameters = {{ {draft}, {keyword} = [{values}] }}"
        assert only_problem(self.FUNCTION + text).severity == "info"

    def test_schemas_of_any_length_are_checked_up_to_a_limit(self) -> None:
        many = ", ".join(f"p{n} = {{ type = 'strin' }}" for n in range(MOST_COST))
        text = f"parameters = {{ type = 'object', properties = {{ {many} }} }}"
        assert only_problem(self.FUNCTION + text).severity == "info"
