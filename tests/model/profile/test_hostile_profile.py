"""Any text is either a usable profile or a bounded list of problems."""

from hypothesis import given, settings
from voicelive_tui.model.profile.check import MAX_FINDINGS
from voicelive_tui.model.profile.profile import dump_profile, parse_profile
from voicelive_tui.protocol.wire import encode

from tests.support.hostile_documents import hostile_toml

VALID = [
    'name = "Casual"',
    'description = "d"',
    "[service]",
    'target = "url"',
    'url = "http://127.0.0.1:8765/?a=1"',
    'model = "gpt-realtime"',
    'api_version = "2025-10-01"',
    'auth = "key"',
    'query = { profile = "byom" }',
    "[audio]",
    'input = "device:Headset"',
    "[inspector]",
    'filter = "-append"',
    "[session]",
    'instructions = "be kind"',
    "temperature = 0.7",
    'modalities = ["text", "audio"]',
    "[session.voice]",
    'type = "azure-standard"',
    'name = "en-US-Ava"',
    "[session.turn_detection]",
    'type = "azure_semantic_vad"',
    "silence_duration_ms = 300",
    "[session.turn_detection.end_of_utterance_detection]",
    'model = "semantic_detection_v1"',
    "[session.metadata]",
    'who = "me"',
    "[[session.tools]]",
    'type = "function"',
    'name = "f"',
    "parameters = { '$schema' = 'http://json-schema.org/draft-07/schema#', type = 'object', "
    "required = ['a'], anyOf = [{ '$ref' = '#/anyOf/1' }, { enum = [1, 'b'] }] }",
]


def test_the_text_that_is_made_odd_is_without_an_error() -> None:
    profile, _ = parse_profile("\n".join(VALID), slug="mine", path="mine.toml")
    assert profile is not None


@settings(max_examples=300, deadline=None)
@given(hostile_toml(VALID))
def test_a_hostile_profile_can_be_used_or_says_why_not(text: str) -> None:
    profile, problems = parse_profile(text, slug="mine", path="mine.toml")
    assert len(problems) <= MAX_FINDINGS + 1
    assert all(len(problem.message) <= 401 and len(problem.hint) < 1_000 for problem in problems)
    if profile is None:
        assert any(problem.severity == "error" for problem in problems)
    else:
        encode({"type": "session.update", "session": profile.wire_session()})
        again, _ = parse_profile(dump_profile(profile), slug="mine", path="mine.toml")
        assert again is not None and again.wire_session() == profile.wire_session()


def test_more_problems_than_anyone_reads_are_an_error() -> None:
    text = "[session]\n" + "\n".join(f"odd_{n} = 1" for n in range(MAX_FINDINGS + 1))
    profile, problems = parse_profile(text, slug="mine", path="mine.toml")
    assert profile is None
    assert [problem.message for problem in problems if problem.severity == "error"] == [
        "there are more than 500 problems in it"
    ]
    profile, _ = parse_profile(text.rpartition("\n")[0], slug="mine", path="mine.toml")
    assert profile is not None
