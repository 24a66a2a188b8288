"""The starter profiles: each can be used as it is, shows one thing, and says what to try."""

import re
from pathlib import Path

import pytest
from voicelive_simulator.api.handshake import Opening, decide
from voicelive_simulator.api.session_rules import SessionProgress
from voicelive_simulator.dialogue.state.session import SessionConfig
from voicelive_tui.model.profile.profile import DEFAULT_API_VERSION, Profile, parse_profile
from voicelive_tui.net.endpoint import endpoint_of
from voicelive_tui.protocol.supported_formats import playable, sendable

STARTERS = sorted((Path(__file__).parents[1] / "profiles").glob("*.toml"))
each_starter = pytest.mark.parametrize("path", STARTERS, ids=lambda path: path.stem)


def read(path: Path) -> Profile:
    text = path.read_text(encoding="utf-8")
    profile, problems = parse_profile(text, slug=path.stem, path=str(path))
    assert problems == ()
    assert profile is not None
    return profile


def test_there_is_one_for_each_purpose() -> None:
    assert {path.stem for path in STARTERS} == {
        "casual-chat",
        "greeting",
        "interview",
        "languages",
        "noisy-street",
        "playground",
        "push-to-talk",
        "quickstart",
        "realtime-openai",
        "sound-check",
        "support",
        "telephone",
    }


@each_starter
def test_it_has_no_finding_and_begins_with_the_sentence_to_try(path: Path) -> None:
    profile = read(path)
    assert profile.name
    assert re.match(r'(?:Say|Press t, say) "[^"]{6,50}"', profile.description)
    assert path.read_text(encoding="utf-8").count("# ") >= 3


@each_starter
def test_the_simulator_takes_it_as_it_is(path: Path) -> None:
    profile = read(path)
    service = profile.service
    endpoint = endpoint_of(
        "http://127.0.0.1:1",
        model=service.model,
        api_version=service.api_version or DEFAULT_API_VERSION,
        query=service.query,
    )
    opening = decide("/" + endpoint.url.partition(":1/")[2], {"api-key": "k"})
    assert isinstance(opening, Opening)
    session = SessionConfig(opening, "sess_1", 1_800_000_000)
    assert session.update(profile.wire_session(), SessionProgress()).unknown == []
    effective = session.to_json()
    assert sendable(effective)
    assert playable(effective)


def test_the_quickstart_is_microsofts_own() -> None:
    """The session of protocol.md section 19, example C."""
    profile = read(next(path for path in STARTERS if path.stem == "quickstart"))
    assert (profile.service.model, profile.service.api_version) == ("gpt-4o", "2025-05-01-preview")
    session = profile.wire_session()
    assert session.pop("instructions")
    assert session == {
        "turn_detection": {
            "type": "azure_semantic_vad",
            "threshold": 0.3,
            "prefix_padding_ms": 200,
            "silence_duration_ms": 200,
            "remove_filler_words": False,
            "end_of_utterance_detection": {
                "model": "semantic_detection_v1",
                "threshold": 0.01,
                "timeout": 2,
            },
        },
        "input_audio_noise_reduction": {"type": "azure_deep_noise_suppression"},
        "input_audio_echo_cancellation": {"type": "server_echo_cancellation"},
        "voice": {
            "name": "en-US-Ava:DragonHDLatestNeural",
            "type": "azure-standard",
            "temperature": 0.8,
        },
    }
