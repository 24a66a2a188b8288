"""Profiles: what is read, what is sent, what survives, and what is said about mistakes."""

import tomllib
from pathlib import Path

import pytest
from voicelive_tui.model.profile import Problem, Profile, Service, dump_profile, parse_profile


def read(text: str) -> tuple[Profile | None, tuple[Problem, ...]]:
    return parse_profile(text, slug="mine", path="mine.toml")


def good(text: str) -> Profile:
    profile, problems = read(text)
    assert profile is not None, problems
    return profile


def only_problem(text: str) -> Problem:
    _, problems = read(text)
    assert len(problems) == 1, [str(problem) for problem in problems]
    return problems[0]


def test_an_empty_file_is_a_profile() -> None:
    profile = good("")
    assert (profile.slug, profile.name, profile.service, profile.wire_session()) == ("mine", "mine", Service(), {})


def test_every_part_is_read() -> None:
    profile = good(
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
    assert profile.service == Service("url", "http://127.0.0.1:8765", "gpt-realtime", "2025-10-01", "key", query)
    assert profile.wire_session() == {"instructions": "be kind"}
    assert (profile.audio, profile.inspector) == ({"input": "device:Headset"}, {"filter": "-append"})


class TestNone:
    def test_it_is_null_where_the_api_allows_null(self) -> None:
        session = good(
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
        profile = good('[session.turn_detection]\ntype = "server_vad"\nend_of_utterance_detection = "none"')
        assert profile.wire_session() == {"turn_detection": {"type": "server_vad", "end_of_utterance_detection": None}}

    def test_it_stays_a_word_where_it_is_one(self) -> None:
        text = '[session]\ninstructions = "none"\ntool_choice = "none"\nreasoning_effort = "none"\nunheard_of = "none"'
        assert set(good(text).wire_session().values()) == {"none"}

    def test_metadata_and_schemas_are_left_alone(self) -> None:
        text = '[session.metadata]\nturn_detection = "none"\n'
        text += '[[session.tools]]\ntype = "function"\nname = "f"\nparameters = { avatar = "none" }'
        session = good(text).wire_session()
        assert session["metadata"] == {"turn_detection": "none"}
        assert session["tools"][0]["parameters"] == {"avatar": "none"}

    def test_the_profile_itself_keeps_the_word(self) -> None:
        profile = good('[session]\nturn_detection = "none"')
        profile.wire_session()["turn_detection"] = 1
        assert profile.session == {"turn_detection": "none"}


class TestUnknown:
    TEXT = 'shine = 1\n[session]\nturn_detection = "none"\nsparkle = { a = [1, 2] }\n[attic]\nx = "y"\n'

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
        problem = only_problem("[session.turn_detection]\ntype = 'server_vad'\nsilence_duration = 300")
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
        ("[session.turn_detection]\ntype = 'server_vad'\nprefix_padding_ms = 200.5", "session.turn_detection.prefix_padding_ms"),
        ("[session.turn_detection]\ntype = 'server_vad'\nprefix_padding_ms = true", "session.turn_detection.prefix_padding_ms"),
        ("[session.turn_detection]\ntype = 'server_vad'\nthreshold = -1", "session.turn_detection.threshold"),
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
            "[session.turn_detection]\ntype = 'server_vad'\nauto_truncate = true\ninterrupt_response = false",
            "session.turn_detection.auto_truncate",
        ),
        ("[session.turn_detection]\ntype = 'semantic_vad'", "session.turn_detection.type"),
        ("[session.input_audio_noise_reduction]\ntype = 'near_field'", "session.input_audio_noise_reduction.type"),
        ("[session.input_audio_transcription]\nmodel = 'whisper-1'", "session.input_audio_transcription.model"),
        (
            "[session.input_audio_echo_cancellation]\ntype = 'server_echo_cancellation'\nchannels = 2",
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


class TestEndOfUtterance:
    """protocol.md 6.2 and 6.3: two spellings, one for the first preview and one ever since."""

    OLD = "threshold = 0.01\ntimeout = 2"
    NEW = 'threshold_level = "low"\ntimeout_ms = 900'

    @pytest.mark.parametrize(
        ("version", "spelling", "warnings"),
        [
            ("2025-05-01-preview", OLD, 0),
            ("2025-05-01-preview", NEW, 2),
            ("2026-07-15", NEW, 0),
            ("2026-07-15", OLD, 2),
            ("", NEW, 0),
            ("", OLD, 2),
        ],
    )
    def test_the_spelling_fits_the_version(self, version: str, spelling: str, warnings: int) -> None:
        stated = f'[service]\napi_version = "{version}"\n' if version else ""
        text = f"{stated}[session.turn_detection]\ntype = 'azure_semantic_vad'\n"
        text += f"[session.turn_detection.end_of_utterance_detection]\nmodel = 'semantic_detection_v1'\n{spelling}\n"
        profile, problems = read(text)
        assert profile is not None
        assert len(problems) == warnings
        assert all("spelling" in problem.message for problem in problems)


@pytest.mark.parametrize(
    "text",
    [
        '[service]\napi_key = "hunter2hunter2"',
        '[service]\n"api-key" = "hunter2hunter2"',
        '[service]\nkey = "hunter2hunter2"',
        '[service]\nclient_secret = "hunter2hunter2"',
        '[service.query]\napi-key = "hunter2hunter2"',
        '[service.query]\nAuthorization = "Bearer hunter2hunter2"',
        '[service]\ntarget = "url"\nurl = "https://x/?api-key=hunter2hunter2"',
        '[service]\ntarget = "url"\nurl = "https://user:hunter2hunter2@x/"',
        'api_key = "hunter2hunter2"',
    ],
)
def test_a_secret_in_the_file_is_refused_with_the_cure_and_never_repeated(text: str) -> None:
    profile, problems = read(text)
    assert profile is None
    (problem,) = problems
    assert (problem.severity, problem.line) == ("error", text.count("\n") + 1)
    assert "AZURE_VOICELIVE_API_KEY" in problem.hint
    assert "hunter2" not in str(problem)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('[session]\ninstructions = "use sk-proj-hunter2hunter2hunter2"', 2),
        ('[session]\ninstructions = "Authorization: Bearer hunter2hunter2hunter2"', 2),
        (
            '[[session.tools]]\ntype = "mcp"\nserver_label = "a"\nserver_url = "https://x"\nrequire_approval = "never"\n'
            '[session.tools.headers]\nX-Trace = "1"\nX-Api-Key = "hunter2hunter2"',
            8,
        ),
    ],
)
def test_what_looks_like_a_secret_of_the_service_or_a_tool_is_warned_of(text: str, line: int) -> None:
    profile, problems = read(text)
    assert profile is not None
    (problem,) = problems
    assert (problem.severity, problem.line) == ("warning", line)
    assert "hunter2" not in str(problem)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [("name = ", 1, 8), ('a = 1\nname = "x', 2, 10), ("a = 1\na = 2\n", 2, 6), ("[session\n", 1, 9), ("x = [1,\n", 2, 1)],
)
def test_a_broken_file_is_told_with_line_and_column(text: str, line: int, column: int) -> None:
    problem = only_problem(text)
    assert (problem.line, problem.column, problem.severity) == (line, column, "error")
    assert "(at " not in problem.message


def test_deep_nesting_is_a_problem_and_no_crash() -> None:
    assert only_problem("a = " + "[" * 100_000).severity == "error"


def test_a_problem_reads_like_a_compilers() -> None:
    assert (
        str(only_problem("name = 3"))
        == "mine.toml:1:1: error: `name` must be a string, not the number 3 (what the profile is called)"
    )
    assert str(Problem("x.toml", None, None, "", "warning", "odd")) == "x.toml: warning: odd"


STARTERS = sorted((Path(__file__).parents[2] / "profiles").glob("*.toml"))


@pytest.mark.parametrize("path", STARTERS, ids=lambda path: path.stem)
def test_the_starters_are_without_fault_and_teach(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    profile, problems = parse_profile(text, slug=path.stem, path=str(path))
    assert problems == ()
    assert profile is not None
    assert profile.name
    assert profile.description
    assert text.count("# ") >= 3


def test_there_are_five_starters() -> None:
    assert {path.stem for path in STARTERS} >= {"casual-chat", "support", "push-to-talk", "realtime-openai", "sound-check"}
