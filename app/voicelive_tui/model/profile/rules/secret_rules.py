"""Secrets in a profile: keys and tokens that must not be in the file, and values to be hidden."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from voicelive_common.redaction.redact import looks_like_key, secrets_in
from voicelive_common.redaction.secret import LONGEST, MOST

from voicelive_tui.model.profile.rules.finding import Finding
from voicelive_tui.model.profile.variable_references import variables_in

SECRET_NAME: Final = re.compile(
    r"(?i)(^|[-_])(api|subscription|access)[-_]?keys?$|^key[12]?$|secret|password|^authorization$|(^|[-_])token$|credential|^sig$"
)
_CURE: Final = (
    "put it into the environment or .env as AZURE_VOICELIVE_API_KEY, or use Entra; and "
    "make a new key if this file was shared"
)
_SHARED: Final = "everyone who gets this file gets it, and so does the service; recordings hide it"


def find_secrets(document: Mapping[str, Any]) -> Iterator[Finding]:
    """Find keys and tokens. They are errors at the top level and in `[service]`, warnings in
    `[session]`. No finding repeats a value."""
    service = document.get("service")
    for table, prefix in ((document, ""), (service, "service.")):
        if not isinstance(table, Mapping):
            continue
        for name, value in table.items():
            if SECRET_NAME.search(name) and not isinstance(value, Mapping | bool):
                yield Finding(
                    f"{prefix}{name}",
                    "error",
                    f"`{name}` looks like a secret, and a profile never holds one",
                    _CURE,
                )
    if isinstance(service, Mapping):
        yield from _find_service_secrets(service)
    yield from _find_session_secrets("session", document.get("session"))


def _find_service_secrets(service: Mapping[str, Any]) -> Iterator[Finding]:
    query, url = service.get("query"), service.get("url")
    for name, value in query.items() if isinstance(query, Mapping) else ():
        if SECRET_NAME.search(name) and not variables_in([str(value)]):
            yield Finding(
                f"service.query.{name}",
                "error",
                f"`{name}` looks like a secret, and a profile never holds one",
                _CURE,
            )
    if not isinstance(url, str):
        return
    try:
        parts = urlsplit(url)
        hidden = bool(parts.password or parts.username)
    except ValueError:
        return
    if hidden or any(
        SECRET_NAME.search(name) for name, _ in parse_qsl(parts.query, keep_blank_values=True)
    ):
        yield Finding(
            "service.url",
            "error",
            "the URL holds a key, a token or a password, and a profile never holds one",
            _CURE,
        )


def _find_session_secrets(key: str, value: Any) -> Iterator[Finding]:
    """Find what looks like a key in `[session]`. It is only a warning, because a tool may need it;
    everybody who gets the file gets the key too."""
    match value:
        case Mapping():
            for name, child in value.items():
                if key.endswith(".headers") and SECRET_NAME.search(name) and child:
                    yield Finding(
                        f"{key}.{name}",
                        "warning",
                        f"the header `{name}` looks like a secret",
                        _SHARED,
                    )
                else:
                    yield from _find_session_secrets(f"{key}.{name}", child)
        case list():
            for at, child in enumerate(value):
                yield from _find_session_secrets(f"{key}.{at}", child)
        case str() if looks_like_key(value):
            yield Finding(
                key, "warning", f"`{key}` holds what looks like a key or a token", _SHARED
            )


def find_unhidable_secrets(document: Mapping[str, Any]) -> Iterator[Finding]:
    """Refuse a profile with more secrets, or longer ones, than the output can be searched for."""
    values = set(secrets_in(document))
    excess = (
        f"more than {MOST} values"
        if len(values) > MOST
        else f"a value of more than {LONGEST:,} characters"
    )
    if len(values) > MOST or any(len(value) > LONGEST for value in values):
        message = f"headers, tokens and addresses hold {excess}, which cannot be hidden"
        yield Finding("", "error", message, "leave out what the service does not need")
