"""What an endpoint is that is not the address of a Voice Live service: a placeholder, the address
of another product, of a project or of a portal (protocol.md section 1.1).

Invariant: no sentence repeats a query, a user name or a password.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import SplitResult, urlsplit

from voicelive_common.addresses import is_host, is_loopback

from voicelive_tui.net.unfilled_value import is_placeholder, placeholder_sentence, unfilled

PATH: Final = "/voice-live/realtime"
EXAMPLE: Final = "https://RESOURCE.services.ai.azure.com/"
RESOURCE_DOMAINS: Final = (".services.ai.azure.com", ".cognitiveservices.azure.com")
"""The domains of resources; the second one is that of older resources."""

_NAME: Final = "The endpoint"
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_PROJECT: Final = re.compile(r"/api/projects(?:/[^/]*)?/?")
_CONNECTION_STRING: Final = re.compile(r"(?i)endpoint=.*;|.*;(?:accesskey|sharedaccesskey|key)=")
_KEY: Final = re.compile(r"[0-9a-fA-F]{32}|[A-Za-z0-9]{80,90}|sk-[\w-]{16,}|eyJ[\w-]+\.[\w.-]+")
_FOREIGN_PATHS: Final[Mapping[str, str]] = {
    "openai": "Azure OpenAI",
    "models": "the model inference API",
    "anthropic": "the model inference API",
    "speechtotext": "speech to text",
    "texttospeech": "text to speech",
    "tts": "text to speech",
    "stt": "speech to text",
    "sts": "the token service",
    "language": "the Language service",
    "vision": "the Vision service",
    "computervision": "the Vision service",
    "formrecognizer": "Document Intelligence",
    "documentintelligence": "Document Intelligence",
    "contentsafety": "Content Safety",
    "translator": "the Translator",
}
"""The API of a resource that a path belongs to, by its first part."""
_PORTALS: Final = (
    "portal.azure.com",
    "ai.azure.com",
    "oai.azure.com",
    "speech.microsoft.com",
    "learn.microsoft.com",
)
_PRODUCTS: Final[tuple[tuple[str, str], ...]] = (
    (".openai.azure.com", "the Azure OpenAI address of a resource"),
    ("api.openai.com", "OpenAI's own service"),
    (".tts.speech.microsoft.com", "a Speech endpoint for text to speech"),
    (".stt.speech.microsoft.com", "a Speech endpoint for speech to text"),
    (".speech.microsoft.com", "a Speech endpoint"),
    (".cognitive.microsofttranslator.com", "the Translator's address"),
    (".inference.ai.azure.com", "the address of a deployed model"),
    (".models.ai.azure.com", "the address of a deployed model"),
    (".inference.ml.azure.com", "the address of a deployed model"),
    (".search.windows.net", "the address of an Azure AI Search service"),
    (".communication.azure.com", "the address of a Communication Services resource"),
    (".vault.azure.net", "the address of a key vault"),
    ("management.azure.com", "the address that manages Azure resources"),
    ("login.microsoftonline.com", "the address of the sign-in"),
)
"""Hosts of other products, by their end."""


@dataclass(frozen=True, slots=True)
class EndpointMistake:
    """What an address is in place of a resource's. sentence: with the cure. severity: a warning
    where the service may serve there although nothing documents it."""

    severity: Literal["error", "warning"]
    sentence: str


def misspelt_endpoint(text: str) -> str:
    """Return in one sentence why this text is no address at all, or one that was not filled in;
    empty when it may be one."""
    if _CONNECTION_STRING.match(text):
        return (
            "The endpoint is a connection string; write only its address, and the key into "
            "AZURE_VOICELIVE_API_KEY."
        )
    if sentence := unfilled(_NAME, text, whole=False):
        return sentence
    if _KEY.fullmatch(text):
        return (
            "The endpoint holds what looks like a key or a token; the address belongs there, and "
            "the key into AZURE_VOICELIVE_API_KEY."
        )
    if text.lower().startswith("/subscriptions/"):
        return (
            "The endpoint is the id of a resource; copy the endpoint from Keys and Endpoint of the "
            "resource in the Azure portal."
        )
    if not _SCHEME.match(text):
        return _without_scheme(text)
    return _placeholder_in(text)


def misdirected_endpoint(url: str) -> EndpointMistake | None:
    """Return what a valid address is if it is none of a Foundry or Speech resource's; None for such
    a one, for a server of one's own, and for what is not known."""
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    sentence = _wrong_path(parts, host) or _wrong_host(host)
    if sentence:
        return EndpointMistake("error", sentence)
    if host.endswith(".api.cognitive.microsoft.com"):
        return EndpointMistake(
            "warning",
            f"{host} is the address that a region's resources share; Voice Live is documented only "
            f"at a resource's own, {EXAMPLE}.",
        )
    return None


def _without_scheme(text: str) -> str:
    host = text.partition("/")[0].partition(":")[0].lower()
    if not is_host(host):
        return ""
    if host.endswith(RESOURCE_DOMAINS):
        return _placeholder_in(f"https://{host}") or (
            f"The endpoint has no scheme; write it as https://{host}/."
        )
    if host == text.lower() and "." not in host and not is_loopback(host):
        if is_placeholder(text):
            return placeholder_sentence(_NAME, text)
        return f"The endpoint is a name and no address; write it as {EXAMPLE}."
    return ""


def _placeholder_in(text: str) -> str:
    try:
        host = urlsplit(text).hostname or ""
    except ValueError:
        return ""
    first, _, domain = host.partition(".")
    if not f".{domain}".endswith((".azure.com", ".microsoft.com")) or not is_placeholder(first):
        return ""
    return placeholder_sentence(_NAME, first)


def _wrong_path(parts: SplitResult, host: str) -> str:
    if not host.endswith(RESOURCE_DOMAINS):
        return ""
    path, resource = parts.path.rstrip("/").removesuffix(PATH), f"https://{host}/"
    if _PROJECT.fullmatch(path):
        return (
            f"The endpoint is that of a Foundry project; Voice Live is at its resource, "
            f"{resource}. Projects are named with an agent, in the profile's [service.agent]."
        )
    api = _FOREIGN_PATHS.get(path.lstrip("/").partition("/")[0].lower())
    return (
        "" if api is None else f"The endpoint has the path of {api}; Voice Live is at {resource}."
    )


def _wrong_host(host: str) -> str:
    if ".privatelink." in host:
        public = host.replace(".privatelink.", ".")
        return (
            "The endpoint is the name of a private link, for which the service has no certificate; "
            f"write https://{public}/, which leads there by itself."
        )
    if host in _PORTALS or host.endswith(".portal.azure.com"):
        return (
            f"The endpoint is a page of {host}; the address stands on it, under Keys and Endpoint: "
            f"{EXAMPLE}."
        )
    product = next(
        (what for end, what in _PRODUCTS if host == end.lstrip(".") or host.endswith(end)), ""
    )
    if product:
        return f"The endpoint is {product}; Voice Live is at {_resource_of(host)}."
    if host in {domain.lstrip(".") for domain in RESOURCE_DOMAINS}:
        return f"The endpoint lacks the name of the resource; write it as {EXAMPLE}."
    if host.endswith(".ai.azure.com") and not host.endswith(RESOURCE_DOMAINS):
        return f"The endpoint is no address of a resource; Voice Live is at {_resource_of(host)}."
    return ""


def _resource_of(host: str) -> str:
    """Return the address of the resource that a host of another product belongs to."""
    name = host.partition(".")[0]
    same = host.endswith((".openai.azure.com", f"{name}.ai.azure.com"))
    return f"https://{name}.services.ai.azure.com/" if same else EXAMPLE
