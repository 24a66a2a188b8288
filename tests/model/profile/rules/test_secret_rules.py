"""Secrets in a profile: refused where they never belong, and a warning where a tool may need
them."""

import pytest

from tests.model.support.profiles import read


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
            '[[session.tools]]\ntype = "mcp"\nserver_label = "a"\nserver_url = '
            '"https://x"\nrequire_approval = "never"\n'
            '[session.tools.headers]\nX-Trace = "1"\nX-Api-Key = "hunter2hunter2"',
            8,
        ),
    ],
)
def test_what_looks_like_a_secret_of_the_service_or_a_tool_is_warned_of(
    text: str, line: int
) -> None:
    profile, problems = read(text)
    assert profile is not None
    (problem,) = problems
    assert (problem.severity, problem.line) == ("warning", line)
    assert "hunter2" not in str(problem)
