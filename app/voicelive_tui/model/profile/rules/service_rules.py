"""The rules of `[service]`: the target and its URL, the query, and what the model can do."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from voicelive_tui.model.profile.fields.model_families import model_family
from voicelive_tui.model.profile.rules.finding import Finding


def check_service(service: Mapping[str, Any]) -> Iterator[Finding]:
    """Check that target and URL fit together, and that the query holds strings."""
    yield from _check_target(service.get("target", "azure"), service.get("url", ""))
    for name, value in service.get("query", {}).items():
        if not isinstance(value, str):
            yield Finding(
                f"service.query.{name}",
                "error",
                f"`service.query.{name}` must be a string",
                "put it between quotes",
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


def may_take_audio(service: Mapping[str, Any]) -> bool:
    """Return whether the model may process audio itself, without transcription.

    True for gpt-realtime models, for models whose name does not tell, and for the simulator, which
    accepts every combination.
    """
    cascaded = model_family(service) in ("text", "agent")
    return not cascaded or service.get("target") == "simulator"
