"""Values of a profile that do not fit together."""

from collections.abc import Iterator, Mapping
from typing import Any

from voicelive_tui.model.events.filters import FilterError, parse_filter
from voicelive_tui.model.profile.fields.field_table import FIELDS_BY_KEY
from voicelive_tui.model.profile.rules.agent_rules import check_agent
from voicelive_tui.model.profile.rules.audio_rules import check_audio
from voicelive_tui.model.profile.rules.avatar_rules import check_avatar
from voicelive_tui.model.profile.rules.finding import Finding
from voicelive_tui.model.profile.rules.greeting_rules import check_greeting
from voicelive_tui.model.profile.rules.header_rules import check_headers
from voicelive_tui.model.profile.rules.service_rules import check_service
from voicelive_tui.model.profile.rules.session_rules import check_session
from voicelive_tui.model.profile.rules.tool_rules import check_tools
from voicelive_tui.model.profile.rules.turn_detection_rules import check_turn_detection


def check_combinations(document: Mapping[str, Any], api_version: str) -> Iterator[Finding]:
    """Check the rules between fields of a document whose single fields are already checked.

    api_version: the stated one, or the default. Precondition: every field outside `[session]` has
    its type.
    """
    service = document.get("service", {})
    session = _without_ignored("session", document.get("session", {}), api_version)
    yield from check_service(service, api_version)
    yield from check_agent(service, api_version)
    yield from check_headers(service)
    yield from check_turn_detection(session)
    yield from check_session(service, session)
    yield from check_audio(service, session)
    yield from check_greeting(service, document.get("greeting"))
    yield from check_tools(session)
    yield from check_avatar(session)
    yield from _check_devices(document.get("audio", {}))
    yield from _check_inspector(document.get("inspector", {}))


def _without_ignored(pattern: str, table: Mapping[str, Any], api_version: str) -> dict[str, Any]:
    """Return a table without the fields that this version of the API ignores."""
    kept: dict[str, Any] = {}
    for name, value in table.items():
        key = f"{pattern}.{name}"
        fields = FIELDS_BY_KEY.get(key, ())
        if not fields or not fields[0].needs.version_sentence(api_version):
            kept[name] = (
                _without_ignored(key, value, api_version) if isinstance(value, dict) else value
            )
    return kept


def _check_devices(audio: Mapping[str, Any]) -> Iterator[Finding]:
    """Refuse files as microphone or speaker: a profile from somebody else must neither read nor
    overwrite a file of the user's."""
    for side, option in (("input", "--mic"), ("output", "--speaker")):
        value = audio.get(side)
        if isinstance(value, str) and value.startswith("wav:"):
            yield Finding(
                f"audio.{side}",
                "error",
                "a profile names devices, and this is a file",
                f"name it on the command line instead: {option} of `run`, or --{side}-device",
            )


def _check_inspector(inspector: Mapping[str, Any]) -> Iterator[Finding]:
    parsed = parse_filter(inspector.get("filter", ""))
    if isinstance(parsed, FilterError):
        yield Finding(
            "inspector.filter",
            "warning",
            parsed.message.rstrip("."),
            "without it every event is shown",
        )
