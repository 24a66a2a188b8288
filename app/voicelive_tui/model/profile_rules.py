"""What no single field can tell: values of a profile that do not fit together, and secrets in the file."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from voicelive_tui.model.filters import FilterError, parse_filter
from voicelive_tui.model.problem import Severity
from voicelive_tui.model.profile_fields import FIRST_PREVIEW, REALTIME_TRANSCRIBERS
from voicelive_tui.model.redact import looks_like_key, secrets_in
from voicelive_tui.model.secret import LONGEST, MOST


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem before it has a place in the file."""

    key: str
    severity: Severity
    message: str
    hint: str = ""


SECRET_NAME: Final = re.compile(
    r"(?i)(^|[-_])(api|subscription|access)[-_]?keys?$|^key[12]?$|secret|password|^authorization$|(^|[-_])token$|credential|^sig$"
)
_CURE: Final = (
    "put it into the environment or .env as AZURE_VOICELIVE_API_KEY, or use Entra; and make a new key if this file was shared"
)
_SHARED: Final = "whoever gets this file has it, and the service does too; recordings hide it"


def find_secrets(document: Mapping[str, Any]) -> Iterator[Finding]:
    """Keys and tokens at the top, in [service], its query and its URL, where none may stand. Never repeats their values."""
    service = document.get("service")
    for table, prefix in ((document, ""), (service, "service.")):
        if not isinstance(table, Mapping):
            continue
        for name, value in table.items():
            if SECRET_NAME.search(name) and not isinstance(value, Mapping | bool):
                yield Finding(f"{prefix}{name}", "error", f"`{name}` looks like a secret, and a profile never holds one", _CURE)
    if isinstance(service, Mapping):
        yield from _secrets_of_service(service)
    yield from _keys_in("session", document.get("session"))


def _secrets_of_service(service: Mapping[str, Any]) -> Iterator[Finding]:
    query, url = service.get("query"), service.get("url")
    for name in query if isinstance(query, Mapping) else ():
        if SECRET_NAME.search(name):
            yield Finding(f"service.query.{name}", "error", f"`{name}` looks like a secret, and a profile never holds one", _CURE)
    if not isinstance(url, str):
        return
    try:
        parts = urlsplit(url)
        hidden = bool(parts.password or parts.username)
    except ValueError:
        return
    if hidden or any(SECRET_NAME.search(name) for name, _ in parse_qsl(parts.query, keep_blank_values=True)):
        yield Finding("service.url", "error", "the URL holds a key, a token or a password, and a profile never holds one", _CURE)


def _keys_in(key: str, value: Any) -> Iterator[Finding]:
    """What is sent to the service and looks like a key: it may have to be there, and then everybody with the file has it."""
    match value:
        case Mapping():
            for name, child in value.items():
                if key.endswith(".headers") and SECRET_NAME.search(name) and child:
                    yield Finding(f"{key}.{name}", "warning", f"the header `{name}` looks like a secret", _SHARED)
                else:
                    yield from _keys_in(f"{key}.{name}", child)
        case list():
            for at, child in enumerate(value):
                yield from _keys_in(f"{key}.{at}", child)
        case str() if looks_like_key(value):
            yield Finding(key, "warning", f"`{key}` holds what looks like a key or a token", _SHARED)


def find_uncountable(document: Mapping[str, Any]) -> Iterator[Finding]:
    """More values than can be hidden, or longer ones."""
    values = set(secrets_in(document))
    why = f"more than {MOST} values" if len(values) > MOST else f"a value of more than {LONGEST:,} characters"
    if len(values) > MOST or any(len(value) > LONGEST for value in values):
        message = f"{why} in headers, tokens and addresses would have to be hidden, and cannot be"
        yield Finding("", "error", message, "leave out what the service does not need")


def find_unsendable(document: Mapping[str, Any]) -> Iterator[Finding]:
    """What TOML has and JSON has not: dates, times, and numbers that are none."""
    session = document.get("session")
    return _unsendable("session", session) if isinstance(session, Mapping) else iter(())


def _unsendable(key: str, value: Any) -> Iterator[Finding]:
    match value:
        case Mapping():
            for name, child in value.items():
                yield from _unsendable(f"{key}.{name}", child)
        case list():
            for at, child in enumerate(value):
                yield from _unsendable(f"{key}.{at}", child)
        case date() | time():
            yield Finding(key, "error", f"`{key}` is a date or time, which cannot be sent as JSON", "put it between quotes")
        case float() if not math.isfinite(value):
            yield Finding(key, "error", f"`{key}` is no finite number, which cannot be sent as JSON", "write a number")


def judge(document: Mapping[str, Any]) -> Iterator[Finding]:
    """The rules between fields. Every single field outside [session] is already known to have its type."""
    service, session = document.get("service", {}), document.get("session", {})
    yield from _judge_service(service)
    yield from _judge_turns(service, session)
    yield from _judge_audio(service, session)
    yield from _judge_tools(session)
    yield from _judge_ports(document.get("audio", {}))
    wanted = parse_filter(document.get("inspector", {}).get("filter", ""))
    if isinstance(wanted, FilterError):
        yield Finding("inspector.filter", "warning", wanted.message.rstrip("."), "without it every event is shown")


def _judge_ports(audio: Mapping[str, Any]) -> Iterator[Finding]:
    """A profile may come from anybody: it reads no file of the user's as microphone and writes over none as loudspeaker."""
    for side, option in (("input", "--mic"), ("output", "--speaker")):
        value = audio.get(side)
        if isinstance(value, str) and value.startswith("wav:"):
            hint = f"name it on the command line instead: {option} of `run`, or --{side}-device"
            yield Finding(f"audio.{side}", "error", "a profile names devices, and this is a file", hint)


def _judge_service(service: Mapping[str, Any]) -> Iterator[Finding]:
    target, url = service.get("target", "azure"), service.get("url", "")
    if target == "url" and not url:
        yield Finding("service", "error", 'target = "url" needs a `url`', 'for example url = "http://127.0.0.1:8765"')
    if url:
        try:
            parts = urlsplit(url)
            usable = parts.scheme in ("http", "https", "ws", "wss") and bool(parts.hostname) and (parts.port or 1) > 0
        except ValueError:
            usable = False
        if not usable:
            yield Finding(
                "service.url",
                "error",
                "the URL has no host or no usable scheme",
                "write https://HOST, wss://HOST or http://HOST:PORT",
            )
    if url and target != "url":
        yield Finding("service.url", "warning", f'`url` is not used with target = "{target}"', 'set target = "url", or remove it')
    for name, value in service.get("query", {}).items():
        if not isinstance(value, str):
            yield Finding(f"service.query.{name}", "error", f"`service.query.{name}` must be a string", "put it between quotes")


def _judge_turns(service: Mapping[str, Any], session: Mapping[str, Any]) -> Iterator[Finding]:
    detection = session.get("turn_detection")
    if not isinstance(detection, Mapping):
        return
    key = "session.turn_detection"
    if detection.get("auto_truncate") is True and detection.get("interrupt_response") is False:
        yield Finding(
            f"{key}.auto_truncate", "warning", "`auto_truncate` needs interrupt_response = true", "remove one of the two"
        )
    if detection.get("type") == "semantic_vad" and not _hears_audio(service):
        yield Finding(f"{key}.type", "warning", "semantic_vad works with gpt-realtime models only", 'use "azure_semantic_vad"')
    utterance = detection.get("end_of_utterance_detection")
    if isinstance(utterance, Mapping):
        yield from _judge_utterance(service, utterance, f"{key}.end_of_utterance_detection")


def _judge_utterance(service: Mapping[str, Any], utterance: Mapping[str, Any], key: str) -> Iterator[Finding]:
    """protocol.md 6.2 and 6.3: a float and seconds in the first preview, a level and milliseconds ever since."""
    version = service.get("api_version", "")
    first = version == FIRST_PREVIEW
    renamed = {"threshold_level": "threshold", "timeout_ms": "timeout"}
    for new, old in renamed.items():
        wrong, right = (new, old) if first else (old, new)
        if wrong in utterance:
            which = f"api version {version}" if version else f"api versions after {FIRST_PREVIEW}"
            yield Finding(f"{key}.{wrong}", "warning", f"`{wrong}` is not the spelling of {which}", f"write `{right}`")
    if utterance.get("model") == "smart_end_of_turn_detection" and version and version != "2026-06-01-preview":
        yield Finding(
            f"{key}.model",
            "warning",
            "smart_end_of_turn_detection exists in 2026-06-01-preview only",
            "use semantic_detection_v1",
        )


def _judge_audio(service: Mapping[str, Any], session: Mapping[str, Any]) -> Iterator[Finding]:
    noise, echo = session.get("input_audio_noise_reduction"), session.get("input_audio_echo_cancellation")
    transcription, modalities = session.get("input_audio_transcription"), session.get("modalities")
    if isinstance(noise, Mapping) and noise.get("type") in ("near_field", "far_field") and not _hears_audio(service):
        key = "session.input_audio_noise_reduction.type"
        yield Finding(
            key, "warning", f"{noise['type']} works with gpt-realtime models only", 'use "azure_deep_noise_suppression"'
        )
    if isinstance(echo, Mapping):
        pair = echo.get("reference_source", "server"), echo.get("channels", 1)
        if pair not in (("server", 1), ("client", 2)):
            key = "session.input_audio_echo_cancellation"
            yield Finding(key, "warning", "reference_source and channels do not fit", "valid are server with 1 and client with 2")
    if isinstance(transcription, Mapping) and transcription.get("model") in REALTIME_TRANSCRIBERS and not _hears_audio(service):
        key = "session.input_audio_transcription.model"
        yield Finding(key, "warning", f"{transcription['model']} works with gpt-realtime models only", 'use "azure-speech"')
    if isinstance(modalities, list) and modalities and "text" not in modalities:
        yield Finding("session.modalities", "warning", "the service does not take audio without text", 'write ["text", "audio"]')
    if "model" in session:
        yield Finding("session.model", "warning", "the model is fixed by the URL and refused here", "set `model` in [service]")


def _judge_tools(session: Mapping[str, Any]) -> Iterator[Finding]:
    tools = session.get("tools")
    for at, tool in enumerate(tools if isinstance(tools, list) else ()):
        if isinstance(tool, Mapping) and tool.get("authorization"):
            yield Finding(
                f"session.tools.{at}.authorization",
                "warning",
                "this token can be read by everyone who can read the file",
                "keep the profile private; the journal leaves the token out",
            )


def _hears_audio(service: Mapping[str, Any]) -> bool:
    """A native speech model, or one whose nature its name does not tell; the simulator takes everything."""
    model = str(service.get("model", "gpt-4o"))
    cascaded = re.match(r"(gpt-4|gpt-5|phi4-mini$)", model) and "realtime" not in model
    return not cascaded or service.get("target") == "simulator"
