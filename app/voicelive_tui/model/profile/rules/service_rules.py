"""The rules of `[service]`: the target and its URL, the version of the API, the model, and the
query (protocol.md section 1). Those of agents stand in `agent_rules.py`."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from voicelive_tui.model.profile.fields.field_table import FIELDS_BY_KEY
from voicelive_tui.model.profile.fields.profile_fields import API_VERSIONS
from voicelive_tui.model.profile.rules.description import truncated
from voicelive_tui.model.profile.rules.finding import Finding, refused
from voicelive_tui.model.profile.service_query import (
    BYOM_PARAMETER,
    BYOM_PROFILES,
    query_of,
    talks_to_agent,
)

_DATED: Final = re.compile(r"20\d\d-[01]\d-[0-3]\d(-preview)?")
_AZURE_REALTIME_SINCE: Final = "2026-01-01-preview"


def version_of(document: Mapping[str, Any], in_use: str = "") -> str:
    """Return the version of the API that a document states, or else the one in use, or else the
    default."""
    service = document.get("service", {})
    version = service.get("api_version") if isinstance(service, Mapping) else None
    default = FIELDS_BY_KEY["service.api_version"][0].default_in("")
    return version if isinstance(version, str) and version else in_use or str(default)


def check_service(service: Mapping[str, Any], api_version: str) -> Iterator[Finding]:
    """Check that target and URL fit together, that the query holds strings, and that the service
    has the version and the model."""
    yield from _check_target(service.get("target", "azure"), service.get("url", ""))
    for name, value in service.get("query", {}).items():
        if not isinstance(value, str):
            yield Finding(
                f"service.query.{name}",
                "error",
                f"`service.query.{name}` must be a string",
                "put it between quotes",
            )
    if service.get("api_version"):
        yield from _check_version(api_version)
    if not talks_to_agent(service):
        yield from _check_model(service, api_version)


def _check_version(version: str) -> Iterator[Finding]:
    key = "service.api_version"
    if version in API_VERSIONS:
        return
    if not _DATED.fullmatch(version):
        yield refused(
            key,
            f'"{truncated(version)}" is no dated version of the API',
            f'write a date such as "{API_VERSIONS[-2]}"',
        )
    elif version > API_VERSIONS[-1]:
        message = f"api-version {version} is newer than this program, which may not know all of it"
        yield Finding(key, "info", message, "the session is started with it all the same")
    else:
        month = [known for known in API_VERSIONS if known.startswith(version[:7])]
        guess = month[0] if month else API_VERSIONS[-2]
        yield refused(key, f"there is no api-version {version}", f'did you mean "{guess}"?')


def _check_model(service: Mapping[str, Any], api_version: str) -> Iterator[Finding]:
    profile = query_of(service).get(BYOM_PARAMETER)
    if isinstance(profile, str) and profile and profile not in BYOM_PROFILES:
        yield refused(
            "service.query.profile",
            f'"{truncated(profile)}" is no kind of bring-your-own-model',
            f"write {' or '.join(BYOM_PROFILES)}",
        )
    model = service.get("model", "gpt-4o")
    if not model:
        message = "the service needs the name of a model or a deployment"
        yield refused("service.model", message, 'for example model = "gpt-4o"')
    if model == "azure-realtime" and not profile and api_version < _AZURE_REALTIME_SINCE:
        yield refused(
            "service.model",
            f"azure-realtime exists from {_AZURE_REALTIME_SINCE}, not in {api_version}",
            "set a newer `api_version` in [service], or another model",
        )


def _check_target(target: str, url: str) -> Iterator[Finding]:
    if target == "url" and not url:
        yield Finding(
            "service",
            "error",
            'target = "url" needs a `url`',
            'for example url = "http://127.0.0.1:8765"',
        )
    if url and not _is_usable(url):
        yield Finding(
            "service.url",
            "error",
            "the URL has no host or no usable scheme",
            "write https://HOST, wss://HOST or http://HOST:PORT",
        )
    if url and target != "url":
        yield Finding(
            "service.url",
            "warning",
            f'`url` is not used with target = "{target}"',
            'set target = "url", or remove it',
        )


def _is_usable(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return (
            parts.scheme in ("http", "https", "ws", "wss")
            and bool(parts.hostname)
            and (parts.port or 1) > 0
        )
    except ValueError:
        return False
