"""Generated profiles: no value of any field makes `check` fail, and it calls an error what the
simulator refuses, and nothing else."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from voicelive_tui.model.profile.check import MAX_FINDINGS
from voicelive_tui.model.profile.fields.field import Field
from voicelive_tui.model.profile.fields.field_table import FIELDS
from voicelive_tui.model.profile.fields.profile_fields import API_VERSIONS
from voicelive_tui.model.profile.profile import Profile, edited_profile
from voicelive_tui.model.profile.settings import REMOVED, setting_at, with_setting

from tests.support.field_samples import document_for, sample_value
from tests.support.simulated_service import refusal_of

SESSION_FIELDS = [field for field in FIELDS if field.key.startswith("session.")]
MODELS = ("gpt-4o", "gpt-realtime", "azure-realtime", "phi4-mm-realtime", "gpt-5")
AGENT = {"agent-name": "desk", "agent-project-name": "post"}
ODD_VALUES: tuple[Any, ...] = (
    *("none", "", "x", "get weather", "1.2", "+10%", "alloy", "clock", "auto", "en-US"),
    *(0, 1, 2, -1, 0.5, 1.5, 8_000, 44_100, 70_000, 100_000, True, False),
    *([], ["x"], ["en", "nl"], ["text"], [1], {}, {"a": 1}, {"a": "b"}),
    *({"type": "object"}, {"type": "text"}, {"always": ["clock"]}, {"codec": "vp9"}),
    [{"urls": ["turn:relay.example"]}],
    [{"type": "function", "name": "clock"}],
)
ANY_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(("type", "name", "$ref", "model", "x.y", "")), inner)
    ),
    max_leaves=8,
)


def values_of(field: Field) -> st.SearchStrategy[Any]:
    return st.sampled_from((*field.values, *field.first_preview, *ODD_VALUES, sample_value(field)))


@st.composite
def documents(draw: st.DrawFn, odd: st.SearchStrategy[Any] | None = None) -> dict[str, Any]:
    """A profile of any model and version, in which one to three fields have any value."""
    document = document_for(draw(st.sampled_from(SESSION_FIELDS)))
    document["service"] = {
        "model": draw(st.sampled_from(MODELS)),
        "api_version": draw(st.sampled_from(API_VERSIONS)),
        **draw(st.sampled_from(({}, {}, {}, {"query": AGENT}))),
    }
    for field in draw(st.lists(st.sampled_from(SESSION_FIELDS), min_size=1, max_size=3)):
        value = draw(values_of(field) if odd is None else odd)
        if "*" not in field.key or setting_at(document, "session.tools.0") is not REMOVED:
            document = with_setting(document, field.key.replace("*", "0"), value)
    return document


def sources_conflict(document: dict[str, Any]) -> bool:
    """Whether a native speech model that is not one of OpenAI's has one of OpenAI's voices:
    protocol.md section 2 says that it can, the simulator that it cannot."""
    voice = document["session"].get("voice")
    openai = isinstance(voice, str) or (isinstance(voice, dict) and voice.get("type") == "openai")
    return openai and document["service"]["model"] in ("azure-realtime", "phi4-mm-realtime")


@settings(max_examples=120, deadline=None)
@given(documents())
def test_check_and_simulator_judge_alike(document: dict[str, Any]) -> None:
    profile, problems = edited_profile(Profile("mine"), document)
    if profile is None or sources_conflict(document):
        return
    errors = [str(problem) for problem in problems if problem.severity == "error"]
    refusal = refusal_of(profile)
    assert bool(errors) == bool(refusal), errors or refusal


@settings(max_examples=120, deadline=None)
@given(documents(ANY_VALUES))
def test_no_value_makes_check_fail(document: dict[str, Any]) -> None:
    profile, problems = edited_profile(Profile("mine"), document)
    assert len(problems) <= MAX_FINDINGS + 1
    assert all(problem.message and len(str(problem)) < 2_000 for problem in problems)
    assert (profile is None) == any(problem.unusable for problem in problems)
