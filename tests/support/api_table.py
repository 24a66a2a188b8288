"""Writes app/docs/api.md, the table of the whole API: `python -m tests.support.api_table`.

It has every field of a profile, every client event and every server event: where it is set, where
it is seen, and since which version. The facts come from the console's tables and source, from
protocol-events.json and from protocol.md sections 4 and 5.
"""

import ast
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from voicelive_tui.model.events.gists.table import CLIENT_GISTS, SERVER_GISTS
from voicelive_tui.model.events.short_names import short_name
from voicelive_tui.model.profile.fields.field import Field
from voicelive_tui.model.profile.fields.field_table import FIELDS_BY_KEY
from voicelive_tui.model.profile.fields.requirement import Requirement
from voicelive_tui.model.profile.fields.sections import SECTIONS, Section

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = ROOT / "app" / "docs" / "api.md"
CONSOLE: Final = ROOT / "app" / "voicelive_tui"
EVENTS: Final = ROOT / "tests" / "data" / "protocol-events.json"
PROTOCOL: Final = ROOT / "app" / "docs" / "protocol.md"

SENT_BY: Final[Mapping[str, str]] = {
    "conversation.item.create": "a typed message; each item of a conversation that is carried over",
    "conversation.item.truncate": "an interruption: how much of an answer was heard",
    "input_audio_buffer.append": "the microphone, or a spoken file",
    "input_audio_buffer.clear": "the start of a manual turn, or its loss with the devices",
    "input_audio_buffer.commit": "the end of a manual turn",
    "response.cancel": "an interruption by key, or by a manual turn",
    "response.create": "a typed message, a manual turn, the result of a tool of the service, or "
    "the key that asks for an answer",
    "session.update": "the start of a session, and each change of a setting",
}
"""What makes the console send a client event; it sends no others."""

_IN_FORCE: Final = "in force"
_NOTICE: Final = "notice"
_BESIDE: Final[Mapping[str, tuple[str, ...]]] = {
    "session.created": (_IN_FORCE,),
    "session.update": (_IN_FORCE,),
    "session.updated": (_IN_FORCE,),
    "error": (_IN_FORCE, _NOTICE),
    "warning": (_IN_FORCE, _NOTICE),
    "conversation.item.input_audio_transcription.failed": (_NOTICE,),
}
_FOLDS: Final[Mapping[str, str]] = {
    "transcript": "model/transcript",
    "turns": "model/turns",
    "status line": "model/session/fold.py",
}
"""The places of the screen that are made from events, and the modules that make them."""
_TRANSCRIPT_PREFIXES: Final = (
    "conversation.item.input_audio_transcription.",
    "mcp_list_tools.",
    *(
        f"response.{kind}_call{part}."
        for kind in ("function", "mcp", "foundry_agent", "web_search", "file_search")
        for part in ("", "_arguments")
    ),
)
"""The beginnings of the types that the transcript takes apart instead of naming them."""
_STATUS_FIELDS: Final = frozenset(
    ("service.model", "service.target", "session.voice.name")
) | frozenset(
    f"session.turn_detection.{name}"
    for name in ("type", "threshold", "silence_duration_ms", "prefix_padding_ms")
)
_API_VERSIONS: Final = (
    ("1.0", "2025-05-01-preview"),
    ("1.2.0b1", "2025-10-01"),
    ("1.2.0b2", "2025-10-01"),
    ("1.2.0b4", "2025-10-01"),
    ("1.2.0", "2026-04-10"),
    ("1.3.0b1", "2026-06-01-preview"),
)
"""The versions of the SDK that brought events, with the API version that each uses by default
(protocol.md 1.3)."""
_DOCUMENTED: Final[Mapping[str, str]] = {
    "conversation.created": "OpenAI's protocol only",
    "conversation.item.done": "OpenAI's protocol only",
    "output_audio_buffer.started": "1.3.0b1 only (2026-06-01-preview)",
    "output_audio_buffer.stopped": "1.3.0b1 only (2026-06-01-preview)",
    "rate_limits.updated": "documents of every version",
    **{
        f"response.foundry_agent_call{event}": "documents of 2026-01-01-preview to 2026-07-15"
        for event in (
            ".completed",
            ".failed",
            ".in_progress",
            "_arguments.delta",
            "_arguments.done",
        )
    },
    "rtc.call.error": "previews (2026-01-01-preview)",
    "rtc.call.sdp.create": "previews (2026-01-01-preview)",
    "rtc.call.sdp.created": "previews (2026-01-01-preview)",
    "transcription_session.update": "a helper of the SDK only",
    "transcription_session.updated": "OpenAI's protocol only",
}
"""The events without a class in the SDK's newest version, and where they are known from
(protocol.md 4 and 5)."""
_SERVER_FIELDS: Final = (
    ("session.id", "string", "2025-05-01-preview", ""),
    ("session.agent", "table", "2025-05-01-preview", ""),
    ("session.expires_at", "integer", "2026-07-15", "status line"),
)
"""The fields of a session that only the service sets (protocol.md 6)."""
_FIRST: Final = "2025-05-01-preview"

_HEAD: Final = """\
# The API in the console

Made by `python -m tests.support.api_table`; a test holds it. [protocol.md](protocol.md) has the
sources of the facts.

## 1. Fields of a profile

A field is set in the profile's file under its key, and on the settings page (`,`) in the section
and under the name of the second column. A voice may also be a string, which is the name of one of
OpenAI's, and a table that can be null is switched off by "none". What the service made of a field
is seen on the page of what is in force (`D`), and in the details of `session.update` and
`session.updated`; "also seen" has the other places. "since" is the API version. A value in brackets
needs more than its field.
"""
_CLIENT_HEAD: Final = """
## 2. Client events

The console sends those that have an entry under "sent for"; it knows the others in recordings. Each
is seen in the list of events under its short name, and in the details. "since" is the version of
the SDK, with the API version that this SDK uses by default, or where an event is known from that no
SDK has. A `?` marks a field that may be missing.
"""
_SERVER_HEAD: Final = """
## 3. Server events

Each is seen in the list of events under its short name, and in the details. "also seen" has the
other places: the transcript, the turns with their times, the status line, the page of what is in
force (`D`), and the notices.
"""


def page() -> str:
    """Return the text of app/docs/api.md."""
    events: dict[str, Any] = json.loads(EVENTS.read_text("utf-8"))
    lines = [
        _HEAD,
        *_table(
            "key", "section: name", "type", "default", "changes", "since", "needs", "also seen"
        ),
        *(row for section in SECTIONS for row in _section_rows(section)),
        *(
            _row(f"`{key}`", "by the service only", kind, "", "never", since, "", seen)
            for key, kind, since, seen in _SERVER_FIELDS
        ),
        _CLIENT_HEAD,
        *_table("type", "short name", "fields", "sent for", "since", "also seen"),
        *_event_rows(CLIENT_GISTS, events["client_events"], with_reason=True),
        _SERVER_HEAD,
        *_table("type", "short name", "fields", "since", "also seen"),
        *_event_rows(SERVER_GISTS, events["server_events"], with_reason=False),
    ]
    return "\n".join(lines) + "\n"


def sent_types() -> frozenset[str]:
    """Return the client events that the console's source sends."""
    source = (path.read_text("utf-8") for path in (CONSOLE / "protocol").rglob("*.py"))
    calls = (call for text in source for call in re.findall(r'_send\(\s*"([\w.]+)"', text))
    return frozenset(calls)


def _table(*titles: str) -> tuple[str, str]:
    return _row(*titles), "|" + "---|" * len(titles)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _section_rows(section: Section) -> Iterator[str]:
    for key in section.keys:
        for field in FIELDS_BY_KEY[key]:
            variants = f" ({', '.join(field.variants)})" if field.variants else ""
            yield _row(
                f"`{key}`{variants}",
                f"{section.title}: {field.title}",
                _type(field),
                ", ".join(map(_default, field.defaults.items())),
                "never" if field.unusable else field.changes,
                _versions(field.needs),
                "; ".join(_needs(field)),
                "status line" if key in _STATUS_FIELDS else "",
            )


def _type(field: Field) -> str:
    kinds = " or ".join(field.kinds)
    if field.low is not None:
        kinds += f", {field.low:g} {'or more' if field.high is None else f'to {field.high:g}'}"
    values = (
        f"[{value}]" if value in field.value_needs else value
        for value in field.values or (*field.examples, *(["…"] if field.examples else []))
    )
    return ": ".join(filter(None, (kinds, ", ".join(values))))


def _default(default: tuple[str, Any]) -> str:
    since, value = default
    text = json.dumps(value)
    return f"{text} from {since}" if since else text


def _versions(needs: Requirement) -> str:
    until = f" to {needs.until}" if needs.until not in ("", needs.since) else ""
    only = " only" if needs.until and needs.until == needs.since else ""
    return f"{needs.since or _FIRST}{until}{only}"


def _needs(field: Field) -> Iterator[str]:
    """Yield what the tables around a field, the field and its values need beside the version."""
    parts = field.key.split(".")
    path = [".".join(parts[:count]) for count in range(1, len(parts))]
    for needs in (*(FIELDS_BY_KEY[key][0].needs for key in path), field.needs):
        yield from _models_and_voices(needs)
    for value, needs in field.value_needs.items():
        stated = [*_models_and_voices(needs)]
        stated += [f"since {_versions(needs)}"] if needs.since or needs.until else []
        yield f"[{value}] {', '.join(stated)}"


def _models_and_voices(needs: Requirement) -> Iterator[str]:
    if needs.models:
        yield f"models: {' '.join(needs.models)}"
    if needs.voices:
        yield f"voices: {' '.join(needs.voices)}"


def _event_rows(
    known: Mapping[str, Any], documented: Mapping[str, Any], *, with_reason: bool
) -> Iterator[str]:
    since = _since()
    for name in sorted({*known, *documented}):
        fields = documented.get(name, {})
        yield _row(
            f"`{name}`",
            short_name(name),
            ", ".join(each + ("" if fields[each]["required"] else "?") for each in fields),
            *([SENT_BY.get(name, "")] if with_reason else []),
            since.get(name) or _DOCUMENTED.get(name, ""),
            ", ".join(_places(name)),
        )


def _since() -> Mapping[str, str]:
    """Return the version of each event of protocol.md sections 4 and 5, as a cell."""
    rows = re.findall(
        r"^\| `([\w.]+)` \|.*\| ([\d.b]+) \|[^|]*\|$", PROTOCOL.read_text("utf-8"), re.MULTILINE
    )
    versions = dict(_API_VERSIONS)
    return {name: f"{sdk} ({versions[sdk]})" for name, sdk in rows if name in _EVENT_TYPES}


def _places(name: str) -> Iterator[str]:
    """Yield the places beside the list of events that show an event."""
    for place, types in _TYPES_BY_PLACE.items():
        prefixed = place == "transcript" and name.startswith(_TRANSCRIPT_PREFIXES)
        if name in types or prefixed:
            yield place
    yield from _BESIDE.get(name, ())


def _literals(where: Path) -> frozenset[str]:
    """Return every string in the source of a module, or of a folder's modules."""
    modules = [where] if where.is_file() else where.rglob("*.py")
    return frozenset(
        node.value
        for module in modules
        for node in ast.walk(ast.parse(module.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


_EVENT_TYPES: Final = frozenset((*CLIENT_GISTS, *SERVER_GISTS))
_TYPES_BY_PLACE: Final = {place: _literals(CONSOLE / path) for place, path in _FOLDS.items()}


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
