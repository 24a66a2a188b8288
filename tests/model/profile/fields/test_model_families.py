"""The family of a model, by its name."""

import pytest
from voicelive_tui.model.profile.fields.model_families import model_family
from voicelive_tui.model.profile.fields.profile_fields import MODELS


@pytest.mark.parametrize(
    ("model", "family"),
    [
        ("gpt-realtime", "gpt-realtime"),
        ("gpt-realtime-2.1-mini", "gpt-realtime"),
        ("gpt-4o-mini-realtime-preview", "gpt-realtime"),
        ("phi4-mm-realtime", "phi4-mm-realtime"),
        ("azure-realtime", "azure-realtime"),
        ("gpt-4o", "text"),
        ("gpt-5.6-luna", "text"),
        ("phi4-mini", "text"),
        ("gpt-5-realtime-of-mine", None),
        ("my-deployment", None),
    ],
)
def test_the_name_tells_the_family_where_it_can(model: str, family: str | None) -> None:
    assert model_family({"model": model}) == family


def test_the_family_of_every_known_model_is_known() -> None:
    assert [model for model in MODELS if model_family({"model": model}) is None] == []


def test_the_default_model_is_a_text_model() -> None:
    assert model_family({}) == "text"


@pytest.mark.parametrize(
    ("query", "family"),
    [
        ({"agent-name": "desk", "agent-project-name": "post"}, "agent"),
        ({"profile": "byom-azure-openai-realtime"}, "gpt-realtime"),
        ({"profile": "byom-azure-openai-chat-completion"}, "text"),
        ({"profile": "byom-something-new"}, None),
    ],
)
def test_the_query_decides_over_the_name(query: dict[str, str], family: str | None) -> None:
    assert model_family({"model": "gpt-4o", "query": query}) == family
