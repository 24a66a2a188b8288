"""The console's table of fields and the simulator's agree: on the defaults of each API version and
on the versions that have a field."""

from typing import Any

import pytest
from voicelive_simulator.api.errors import Refused
from voicelive_simulator.api.handshake import Opening
from voicelive_simulator.api.session_rules import SessionProgress
from voicelive_simulator.dialogue.state.session import SessionConfig
from voicelive_tui.model.profile.check import wire_value
from voicelive_tui.model.profile.complete_changes import changes_for
from voicelive_tui.model.profile.fields.field import Field
from voicelive_tui.model.profile.fields.field_table import CHILDREN, FIELDS
from voicelive_tui.model.profile.fields.profile_fields import API_VERSIONS
from voicelive_tui.model.profile.fields.turn_detection_fields import LEVELLED_VADS
from voicelive_tui.model.profile.settings import REMOVED, setting_at, settings_of, with_setting

from tests.support.field_samples import document_for, requirements, sample_value

# The address alone sets the model of a session.
_FIELDS = [
    field
    for field in FIELDS
    if field.key.startswith("session.") and field.key not in CHILDREN and not field.unusable
]


def effective(api_version: str, document: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The session that the simulator has in force after an update with a document's `[session]`,
    and the paths of what it does not know. Raises Refused."""
    config = SessionConfig(Opening(api_version, document["service"]["model"]), "sess_1", 0)
    update = config.update(wire_value("session", document["session"]), SessionProgress())
    return {"session": config.to_json()}, update.unknown


def with_sample(field: Field, api_version: str) -> tuple[dict[str, Any], str]:
    """A document in which a field has its sample value, and the key of the setting."""
    document, key = document_for(field), field.key.replace("*", "0")
    for each, value in changes_for(document, key, sample_value(field), api_version):
        document = with_setting(document, each, value)
    return document, key


@pytest.mark.parametrize("api_version", API_VERSIONS)
@pytest.mark.parametrize("detector", [*LEVELLED_VADS, "semantic_vad"])
def test_the_defaults_are_those_of_the_service(api_version: str, detector: str) -> None:
    detection: dict[str, Any] = {"type": detector}
    if detector != "semantic_vad":
        detection["end_of_utterance_detection"] = {"model": "semantic_detection_v1"}
    document: dict[str, Any] = {"service": {"model": "gpt-realtime"}}
    document["session"] = {"turn_detection": detection}
    session, _ = effective(api_version, document)
    defaults = [
        (setting.key, setting.value, setting.field.default_in(api_version))
        for _, settings in settings_of(session, api_version)
        for setting in settings
        if setting.value not in (REMOVED, None)
        and setting.field.defaults
        and setting.key != "session.turn_detection.type"
    ]
    assert len(defaults) > 8
    assert [each for each in defaults if each[1] != each[2]] == []


def is_known(field: Field, api_version: str) -> bool:
    """Whether the simulator takes a field with its sample value in this version."""
    document, key = with_sample(field, api_version)
    try:
        _, unknown = effective(api_version, document)
    except Refused:
        return False
    path = key.replace(".0", "[0]")
    return not any(path == each or path.startswith(f"{each}.") for each in unknown)


@pytest.mark.parametrize("field", _FIELDS, ids=lambda field: field.key)
def test_the_table_says_which_versions_have_a_field(field: Field) -> None:
    needs = requirements(field)
    stated = {
        version: not any(each.version_sentence(version) for each in needs)
        for version in API_VERSIONS
    }
    assert {version: is_known(field, version) for version in API_VERSIONS} == stated
    assert any(stated.values())


@pytest.mark.parametrize("field", _FIELDS, ids=lambda field: field.key)
def test_every_field_can_be_changed_and_is_then_in_force(field: Field) -> None:
    api_version = field.needs.until or "2026-07-15"
    document, key = with_sample(field, api_version)
    session, unknown = effective(api_version, document)
    assert unknown == []
    # The service shows no secrets.
    if key not in ("session.tools.0.authorization", "session.tools.0.headers"):
        assert setting_at(session, key) == setting_at(document, key) == sample_value(field)
