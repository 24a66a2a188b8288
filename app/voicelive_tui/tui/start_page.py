"""The text in the place of the panes before the first session of a tab, and after one that failed
before anything was heard. Pure functions of values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from voicelive_common.printable import printable
from voicelive_common.redaction.redact import redact

from voicelive_tui.engine.service.connection_facts import ConnectionFacts
from voicelive_tui.model.profile.problem import Fault, Problem
from voicelive_tui.model.profile.profile import Profile
from voicelive_tui.model.session.destination import ROLES
from voicelive_tui.model.session.snapshot import AudioStatus, SessionSnapshot, SessionState
from voicelive_tui.paths import short_path
from voicelive_tui.tui.formatting import amount
from voicelive_tui.tui.keymap import key_of
from voicelive_tui.tui.problem_words import (
    SEVERITY_LOOKS,
    place_of,
    problem_text,
    problem_words,
)
from voicelive_tui.tui.widgets.fault_lines import fault_lines
from voicelive_tui.tui.widgets.spans import Span, Spans

_LABEL_CELLS = 18
_KEY_CELLS = 6
_ENDED = (SessionState.ENDED, SessionState.FAILED)
_IDLE = (SessionState.OFF, SessionState.CLOSING, *_ENDED)


@dataclass(frozen=True, slots=True)
class StartFacts:
    """What is known of a session that does not run. problems: those of its profile's file. events:
    the number of events of the session that failed. offer: what is said of a session that ended
    with its terminal; empty without one."""

    connection: ConnectionFacts
    problems: tuple[Problem, ...] = ()
    events: int = 0
    offer: str = ""


def page_name(session: SessionSnapshot | None) -> str:
    """The title of the page that stands in the place of the panes; empty if the panes are shown."""
    if session is None or session.view.transcript:
        return ""
    if session.state is SessionState.OFF:
        return session.title if session.fault is not None else "Start"
    return session.title if failed(session) else ""


def is_idle(session: SessionSnapshot) -> bool:
    """Whether the session does not run, and nothing was said in it."""
    return session.state in _IDLE and not session.view.transcript


def failed(session: SessionSnapshot) -> bool:
    """Whether the session ended by a fault before anything was heard."""
    return session.state in _ENDED and bool(session.problem) and not session.view.transcript


def start_page(
    session: SessionSnapshot,
    profile: Profile,
    audio: AudioStatus,
    facts: StartFacts,
    keymap: Mapping[str, str],
) -> tuple[Spans, ...]:
    """The lines before a session starts: its profile, service and sound, and the keys that
    start."""
    name = printable(profile.name or profile.slug)
    about = printable(profile.description)
    heading: Spans = [(f"{name:<{_LABEL_CELLS - 2}}  ", "strong"), (about, "")]
    return (
        heading,
        [],
        *_will_use(session, audio, facts),
        *_profile_lines(facts.problems),
        [],
        *_keys(keymap, ("session.toggle", "start the session")),
        *_offer(facts.offer, keymap),
        [],
        *_keys(
            keymap,
            ("profile.show", "this profile: its text and its problems"),
            ("tune.settings", "its settings, one by one"),
            ("profile.edit", "edit it"),
            ("tab.open", "open another profile"),
            ("console.help", "all keys"),
            ("console.palette", "all commands by name"),
        ),
    )


def _offer(offer: str, keymap: Mapping[str, str]) -> Sequence[Spans]:
    return (
        _keys(keymap, ("session.go_on", f"go on: {offer[:1].lower()}{offer[1:]}")) if offer else ()
    )


def faulty_page(
    fault: Fault, profile: Profile, problems: Sequence[Problem], keymap: Mapping[str, str]
) -> tuple[Spans, ...]:
    """The lines of a profile that cannot be used: the line with the error marked, and the keys that
    help. problems: all that were found in the file."""
    where = place_of(fault.problem)
    heading = f"✗ {printable(profile.slug)} cannot be used until it is repaired"
    others = [each for each in problems if each != fault.problem]
    line = fault.problem.line
    at = f"open the file in your editor at line {line}" if line else "open the file in your editor"
    return (
        [(heading, "bad")],
        [],
        _fact("file", short_path(profile.path)),
        *([_fact("where", where)] if where else []),
        [],
        *fault_lines(fault),
        [],
        [("✗ ", "bad"), (printable(redact(problem_words(fault.problem))), "")],
        *(_profile_lines(others) if others else []),
        [],
        *_keys(
            keymap,
            ("profile.edit", at),
            ("session.toggle", "read it again"),
            ("profile.show", "its whole text and all problems"),
            ("tab.open", "open another profile"),
            ("console.help", "all keys"),
        ),
    )


def _will_use(session: SessionSnapshot, audio: AudioStatus, facts: StartFacts) -> list[Spans]:
    connection = facts.connection
    lines = [_fact("will talk to", connection.talks_to)]
    if connection.endpoint_problem:
        lines.append(_fact("endpoint", connection.endpoint_problem, "warn"))
    if connection.proxy:
        lines.append(_fact("proxy", connection.proxy))
    if session.destination is not None:
        look = "" if session.destination.confirmed else "warn"
        lines.append(_fact("signed in by", str(session.destination), look))
    lines += [
        _fact("microphone", audio.input_name or connection.microphone),
        _fact("speaker", audio.output_name or connection.speaker),
    ]
    if devices_of := _whose_devices(audio, connection):
        lines.append(_fact("devices", devices_of))
    if audio.problem:
        lines.append(_fact("sound", audio.problem, "warn"))
    return lines


def _whose_devices(audio: AudioStatus, connection: ConnectionFacts) -> str:
    """The machine with the devices if it may not be the one in front of the user, or is not this
    one; empty where the status line names it."""
    if not connection.with_devices or audio.link is not None:
        return ""
    if connection.over_link:
        return "those of the machine in front of you"
    if not audio.host:
        return ""
    return f"those of {audio.host}, over SSH; for your own, start with voicelive-tui ssh"


def _profile_lines(problems: Sequence[Problem]) -> list[Spans]:
    """A line for each problem of the profile with its line in the file."""
    if not problems:
        return [_fact("profile", "no problems")]
    labels = ["profile", *("" for _ in problems[1:])]
    return [
        _fact(label, problem_text(problem), SEVERITY_LOOKS[problem.severity])
        for label, problem in zip(labels, problems, strict=True)
    ]


def failed_page(
    session: SessionSnapshot, facts: StartFacts, keymap: Mapping[str, str]
) -> tuple[Spans, ...]:
    """The lines after a session that failed: what is wrong, what was asked of whom, and what
    helps."""
    remedies = [
        [(f"{number:<4}", ""), (printable(text), "")]
        for number, text in enumerate(remedies_for(session), start=1)
    ]
    keys = [("session.toggle", "try again"), ("events.copy", "copy this page")]
    keys.append(("profile.edit", "edit the profile"))
    if facts.events:
        keys.append(("events.next_error", f"its events ({amount(facts.events)})"))
    return (
        [("FAILED before it began", "bad")],
        [],
        [(printable(session.problem), "")],
        [],
        *_asked(session, facts.connection),
        [],
        [("What helps", "strong")],
        *remedies,
        [],
        *_keys(keymap, *keys),
    )


def _asked(session: SessionSnapshot, connection: ConnectionFacts) -> list[Spans]:
    destination = session.destination
    lines = [_fact("asked", connection.asks)]
    if connection.proxy:
        lines.append(_fact("proxy", connection.proxy))
    if destination is not None:
        verb = "" if destination.confirmed else ", not sent yet"
        lines.append(_fact("signed in by", f"{destination.what}{verb}"))
    if session.http_status is not None:
        lines.append(_fact("answer", _status(session.http_status)))
    return lines


def _status(status: int) -> str:
    from http import HTTPStatus

    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def remedies_for(session: SessionSnapshot) -> list[str]:
    """Sentences that say what helps, the most likely cure first."""
    doctor = "voicelive-tui doctor says the same from the shell, with every step."
    if session.service == "simulator":
        return ["voicelive-tui simulate shows why the simulator does not serve.", doctor]
    host = session.destination.host if session.destination else session.host
    if session.asks_trust and session.destination is not None:
        return [f"voicelive-tui trust {host} allows it for later runs, too.", doctor]
    return [*_cures(session, host), doctor]


def _cures(session: SessionSnapshot, host: str) -> list[str]:
    by_key = session.destination is not None and session.destination.credential == "key"
    match session.http_status:
        case 401 if by_key:
            return [
                f"In the portal, Keys and Endpoint: does the key belong to {host}?",
                f"Unset the key and sign in instead: az login (roles {ROLES}).",
            ]
        case 401 | 403:
            return [f"az login, to the tenant of the resource (roles {ROLES})."]
        case 400 | 404:
            return ["In the portal: do endpoint, model and api-version exist for this resource?"]
        case 408 | 425 | 429 | 500 | 502 | 503 | 504:
            return ["Wait a minute; the resource is at its limit or has a fault of its own."]
        case _:
            return ["Check the spelling of the endpoint, the network, and a proxy in between."]


def _fact(label: str, text: str, look: str = "") -> Spans:
    return [(f"{label:<{_LABEL_CELLS}}", "dim"), (printable(redact(text)), look)]


def _keys(keymap: Mapping[str, str], *commands: tuple[str, str]) -> list[Spans]:
    rows: list[list[Span]] = []
    for command_id, does in commands:
        key = key_of(command_id, keymap)
        rows.append([(f"{key:<{_KEY_CELLS - 2}}  ", "keycap"), (does, "")])
    return list(rows)
