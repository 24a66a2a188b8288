"""Existing agents, models of one's own, headers and variables in `[service]`."""

import pytest
from voicelive_common.redaction.redact import secrets_in
from voicelive_tui.model.profile.fields.model_families import model_family
from voicelive_tui.model.profile.profile import parse_profile
from voicelive_tui.model.profile.service_defaults import ServiceDefaults

from tests.model.support.profiles import only_problem, read, valid_profile

AGENT = '[service.agent]\nname = "desk"\nproject = "contoso"\n'


def test_an_agent_is_named_by_name_project_version_and_conversation() -> None:
    profile = valid_profile(f'{AGENT}version = "3"\nconversation_id = "conv_1"\n')
    assert profile.service.query == {
        "agent-name": "desk",
        "agent-project-name": "contoso",
        "agent-version": "3",
        "conversation-id": "conv_1",
    }
    assert model_family(profile.document["service"]) == "agent"


def test_a_model_of_ones_own_is_a_deployment_and_its_kind() -> None:
    byom = 'byom = "byom-azure-openai-realtime"\nmodel = "my-deployment"\n'
    profile = valid_profile(f"[service]\n{byom}")
    assert profile.service.query == {"profile": "byom-azure-openai-realtime"}
    assert profile.service.model == "my-deployment"
    assert model_family(profile.document["service"]) == "gpt-realtime"


def test_the_query_wins_over_the_table() -> None:
    profile, problems = read(f'{AGENT}[service.query]\nagent-name = "other"\n')
    assert profile is not None
    assert profile.service.query["agent-name"] == "other"
    assert [problem.key for problem in problems] == ["service.agent.name"]


@pytest.mark.parametrize(
    ("text", "key", "says"),
    [
        ('[service.agent]\nname = "desk"\n', "service.agent", "needs `project`"),
        ('[service.agent]\nproject = "p"\n', "service.agent", "needs `name`"),
        (f'[service]\nauth = "key"\n{AGENT}', "service.auth", "no key"),
        (f'[service]\napi_version = "2025-10-01"\n{AGENT}', "service.agent", "agents by name"),
        (
            f'[service]\nbyom = "byom-azure-openai-realtime"\n{AGENT}',
            "service.byom",
            "brings its own model",
        ),
        ('[service]\nbyom = "mine"\n', "service.byom", "not a known value"),
        ('[service.agent]\nname = 5\nproject = "p"\n', "service.agent.name", "a string"),
        ('[service.headers]\nX-Key = "abcdefgh"\n', "service.headers.X-Key", "like a secret"),
        ('[service.headers]\nHost = "h"\n', "service.headers.Host", "websocket itself"),
        ('[service.headers]\n"X Y" = "h"\n', "service.headers.X Y", "no name of a header"),
        ("[service.headers]\nX-A = 5\n", "service.headers.X-A", "must be a string"),
        ('[service.headers]\nX-A = "a\\nb"\n', "service.headers.X-A", "no header may have"),
        ('[service.headers]\nX-A = "${1}"\n', "service.headers.X-A", "names no variable"),
        ('[service.query]\ndoor = "${A"\n', "service.query.door", "names no variable"),
    ],
)
def test_what_cannot_work_is_an_error(text: str, key: str, says: str) -> None:
    _, problems = read(text)
    (problem,) = [problem for problem in problems if problem.severity == "error"]
    assert problem.key == key
    assert says in problem.message


def test_an_agent_needs_the_version_in_use_and_no_model_is_named_for_it() -> None:
    session = '[session]\ninstructions = "Be brief."\n'
    _, problems = parse_profile(
        AGENT + session, slug="x", path="x", defaults=ServiceDefaults(api_version="2025-10-01")
    )
    assert "service.agent" in {each.key for each in problems if each.severity == "error"}
    _, problems = read(AGENT + session)
    (problem,) = problems
    assert problem.key == "session.instructions" and "gpt-4o" not in problem.message


def test_a_service_that_is_no_table_is_one_problem_whatever_the_session_asks_for() -> None:
    _, problems = read(
        'service = "azure"\n[session]\nvoice = "alloy"\noutput_audio_format = "pcm16_48000hz"\n'
    )
    assert "service" in {each.key for each in problems if each.unusable}


def test_a_secret_is_named_by_its_variable_and_the_name_is_no_secret() -> None:
    profile = valid_profile(
        '[service]\ntarget = "url"\nurl = "https://gate.example"\n'
        '[service.headers]\nAuthorization = "Bearer ${GATE_TOKEN}"\nX-Plain = "blue"\n'
        '[service.query]\napi-key = "${GATE_KEY}"\n'
    )
    assert profile.service.variables == ("GATE_KEY", "GATE_TOKEN")
    assert [value for value in secrets_in(profile.document) if "$" in value] == []


@pytest.mark.parametrize(
    ("text", "severity", "key"),
    [
        ('[greeting]\ntext = "Hi"\nprompt = "Greet."\n', "error", "greeting.prompt"),
        ("[greeting]\n", "warning", "greeting"),
        (
            '[service]\napi_version = "2025-10-01"\n[greeting]\ntext = "Hi"\n',
            "warning",
            "greeting.text",
        ),
        ("[greeting]\ntext = 5\n", "error", "greeting.text"),
        ('greeting = "Hi"\n', "error", "greeting"),
    ],
)
def test_a_greeting_is_a_text_or_a_prompt(text: str, severity: str, key: str) -> None:
    problem = only_problem(text)
    assert (problem.severity, problem.key) == (severity, key)
