"""Canaries: unusual secrets that the program is given wherever it takes one, and a search for them
in its output."""

import base64
import html
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final
from urllib.parse import quote, quote_plus

_SHAPE: Final = "{0}\"1'\\2/3%4+5&6<7>8!{0}"
"""20 characters that a header can carry, as many of them as possible escaped by some notation."""

KEY: Final = _SHAPE.format("K")
CLIENT_SECRET: Final = _SHAPE.format("S")
ENTRA_TOKEN: Final = _SHAPE.format("T")
ENDPOINT_CODE: Final = _SHAPE.format("E")
PROFILE_CODE: Final = _SHAPE.format("P")
MCP_CODE: Final = _SHAPE.format("M")
MCP_TOKEN: Final = _SHAPE.format("A")
MCP_HEADER: Final = _SHAPE.format("H")
CANARIES: Final = MappingProxyType(
    {
        "the key": KEY,
        "the client secret": CLIENT_SECRET,
        "the Entra token": ENTRA_TOKEN,
        "the endpoint's query": ENDPOINT_CODE,
        "the profile's query": PROFILE_CODE,
        "the MCP server's query": MCP_CODE,
        "the MCP server's token": MCP_TOKEN,
        "the MCP server's header": MCP_HEADER,
    }
)
HELD: Final = tuple(value for value in CANARIES.values() if value != ENTRA_TOKEN)
"""The canaries of a process that signs in with the key."""

PROFILE: Final = f"""
description = "Holds a secret wherever a profile can"
[service]
target = "azure"
[service.query]
door = {json.dumps(PROFILE_CODE)}
[session]
modalities = ["text"]
[[session.tools]]
type = "mcp"
server_label = "tools"
server_url = "https://tools.example/mcp?code={quote(MCP_CODE, safe="")}"
authorization = {json.dumps(f"Bearer {MCP_TOKEN}")}
headers = {{ x-door = {json.dumps(MCP_HEADER)} }}
"""


def endpoint(url: str) -> str:
    """The address with a canary in its query."""
    return f"{url}/?code={quote(ENDPOINT_CODE, safe='')}"


def environment(url: str) -> dict[str, str]:
    """The environment of a user of the service at `url`."""
    return {
        "AZURE_VOICELIVE_ENDPOINT": endpoint(url),
        "AZURE_VOICELIVE_API_KEY": KEY,
        "AZURE_CLIENT_SECRET": CLIENT_SECRET,
    }


def spellings(value: str) -> dict[str, str]:
    """Every notation in which a canary is searched, and in which a hostile service repeats it."""
    in_json = json.dumps(value)[1:-1]
    in_url = quote(value, safe="")
    return {
        "plain": value,
        "JSON": in_json,
        "JSON with escaped slashes": in_json.replace("/", "\\/"),
        "JSON of .NET": _escaped(value, "\"'\\+&<>", "\\u{:04X}"),
        "JSON of Go": _escaped(in_json, "&<>", "\\u{:04x}"),
        "JSON, every letter escaped": _escaped(value, value, "\\u{:04x}"),
        "JSON within JSON": json.dumps(in_json)[1:-1],
        "percent-encoded": in_url,
        "percent-encoded in small letters": re.sub("%..", lambda found: found[0].lower(), in_url),
        "percent-encoded but for slashes": quote(value),
        "percent-encoded as in a form": quote_plus(value),
        "percent-encoded, every letter": _escaped(value, value, "%{:02X}"),
        "HTML": html.escape(value),
        "HTML but for quotes": html.escape(value, quote=False),
        "HTML in numbers": _escaped(value, "\"'&<>+", "&#{};"),
        "HTML in hexadecimal numbers": _escaped(value, "\"'&<>+", "&#x{:X};"),
        "Python": repr(value)[1:-1],
        "base64": base64.b64encode(value.encode()).decode().rstrip("="),
        "base64 after a name": base64.b64encode(f"user:{value}".encode()).decode().rstrip("="),
        "hexadecimal": value.encode().hex(),
        "percent-encoded twice, every letter": _escaped(value, value, "%25{:02X}"),
        "HTML in numbers without their ends": _escaped(value, value, "&#{}"),
        "Python, every letter": _escaped(value, value, "\\x{:02x}"),
        "base64 for URLs": base64.urlsafe_b64encode(value.encode()).decode().rstrip("="),
    }


def _escaped(value: str, letters: str, notation: str) -> str:
    return "".join(notation.format(ord(char)) if char in letters else char for char in value)


_WANTED: Final = {
    f"{name}, {notation}": spelling.encode()
    for name, value in CANARIES.items()
    for notation, spelling in spellings(value).items()
}


def canaries_in(data: str | bytes) -> list[str]:
    """The canaries in this data, each with its notation."""
    data = data.encode("utf-8", "surrogateescape") if isinstance(data, str) else data
    return [name for name, spelling in _WANTED.items() if spelling in data]


def canaries_in_files(
    folder: Path, *, but: frozenset[str] = frozenset()
) -> Mapping[str, list[str]]:
    """The canaries in names and contents of the folder's files, by relative path. but: paths that
    the user wrote."""
    found = {
        name: canaries_in(name.encode() + content)
        for name, content in _files(folder)
        if name not in but
    }
    assert found, f"there is nothing in {folder}"
    return {name: canaries for name, canaries in found.items() if canaries}


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield str(path.relative_to(folder)), path.read_bytes()
