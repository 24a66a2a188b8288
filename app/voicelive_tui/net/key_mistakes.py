"""What a key is that is no key: a placeholder, a token, a connection string, another product's key.

Invariant: no sentence repeats the value.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal

from voicelive_tui.net.unfilled_value import is_placeholder, placeholder_sentence, unfilled

_NAME: Final = "The key"
_WHERE: Final = "copy it from Keys and Endpoint of the resource in the Azure portal"
_ENTRA: Final = (
    "without AZURE_VOICELIVE_API_KEY the console asks Microsoft Entra for a token by itself"
)
_BEARER: Final = re.compile(r"(?i)bearer\s")
_HEADER: Final = re.compile(r"(?i)(?:api-key|ocp-apim-subscription-key|authorization)\s*[:=]")
_TOKEN: Final = re.compile(r"eyJ[\w-]*\.[\w-]+\.[\w-]*")
_CONNECTION_STRING: Final = re.compile(r"(?i)[a-z]+=[^;]*;.*[a-z]*key=")
_ADDRESS: Final = re.compile(r"(?i)(?:https?|wss?)://")
_PATH: Final = re.compile(r"[A-Za-z]:\\|~/|\.{1,2}/|/(?:run|etc|var|home|mnt|tmp|root|secrets)/")
_MASKED: Final = re.compile(r"[*\u2022\u25cf]{3,}|\[hidden\]|REDACTED", re.IGNORECASE)
_GUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_OTHERS: Final[tuple[tuple[str, str], ...]] = (
    ("sk-", "OpenAI"),
    ("ghp_", "GitHub"),
    ("github_pat_", "GitHub"),
    ("hf_", "Hugging Face"),
    ("AIza", "Google"),
    ("AKIA", "AWS"),
)
_WORDS: Final = ("none", "null", "undefined", "key", "secret", "password", "test")
_HEX: Final = re.compile(r"[0-9a-fA-F]+")
_KEY_LENGTHS: Final = (32, 84)
"""The lengths of the keys of Azure resources, in characters; the shorter ones are hexadecimal."""


@dataclass(frozen=True, slots=True)
class KeyMistake:
    """What a key is in place of a key. sentence: with the cure. severity: a warning where it may be
    a key all the same."""

    severity: Literal["error", "warning"]
    sentence: str


def key_mistake(key: str, *, for_azure: bool) -> KeyMistake | None:
    """Return what is wrong with a key; None when it may be one. for_azure: it is sent to Azure; any
    other server may have keys of its own kind."""
    sentence = _no_key(key) or (_no_key_of_azure(key) if for_azure else "")
    if sentence:
        return KeyMistake("error", sentence)
    if for_azure and _HEX.fullmatch(key) and 16 <= len(key) <= 64 and len(key) not in _KEY_LENGTHS:
        lengths = " or ".join(map(str, _KEY_LENGTHS))
        return KeyMistake(
            "warning",
            f"The key has {len(key)} characters, and keys of Azure have {lengths}: a part may be "
            "missing or doubled.",
        )
    return None


def _no_key(key: str) -> str:
    """Return why no server takes this as a key."""
    if _CONNECTION_STRING.match(key):
        return "The key is a connection string; write only the key that stands in it."
    if _BEARER.match(key) or _TOKEN.fullmatch(key):
        return f"The key is a sign-in token; {_ENTRA}."
    if _HEADER.match(key):
        return "The key begins with the name of its header; write only what stands behind it."
    if sentence := unfilled(_NAME, key, whole=True):
        return sentence
    if _ADDRESS.match(key):
        return "The key is an address, which belongs into AZURE_VOICELIVE_ENDPOINT."
    if not key.isascii() or not key.isprintable() or " " in key:
        return (
            "The key holds a space, a line break or a character that no key has; copy it again "
            "without what stands around it."
        )
    return ""


def _no_key_of_azure(key: str) -> str:
    """Return why no resource of Azure has this as its key."""
    if _MASKED.search(key):
        return f"The key is a masked copy; {_WHERE}."
    if _PATH.match(key):
        return "The key is the path of a file; write what is in that file."
    if is_placeholder(key):
        return placeholder_sentence(_NAME, key)
    if _GUID.fullmatch(key):
        return f"The key is an id, as subscriptions and tenants have; {_WHERE}."
    owner = next((owner for start, owner in _OTHERS if key.startswith(start)), "")
    if owner:
        return f"The key is one of {owner}, and Azure has its own; {_WHERE}."
    if key.lower() in _WORDS:
        return f"The key is a word and no key; {_WHERE}."
    return ""
