"""Decodes the escapes of JSON, programming languages, URLs and HTML, and maps each decoded letter
to its place in the text."""

import html
import re
from collections.abc import Iterator
from typing import Final

_HEX: Final = "[0-9A-Fa-f]"
_ESCAPE: Final = re.compile(
    rf"[\\%&](?:(?<=\\)(?:u{_HEX}{{4}}(?:\\u{_HEX}{{4}})*|u\{{{_HEX}{{1,8}}\}}|U{_HEX}{{8}}|x{_HEX}{{2}})"
    rf"|(?<=%){_HEX}{{2}}(?:%{_HEX}{{2}})*"
    rf"|(?<=&)(?:\#[0-9]{{1,8}}(?:;|(?![0-9;]))|\#[xX]{_HEX}{{1,8}}(?:;|(?!{_HEX}|;))|(?:quot|amp|lt|gt|apos);))"
)
"""Begins with a set of letters, for which `re` has a fast search."""
_UNFINISHED: Final = re.compile(
    rf"(?:(?<!\\)\\++(?:u(?:{_HEX}{{0,3}}|\{{{_HEX}{{0,8}})|U{_HEX}{{0,7}}|x{_HEX}?)?"
    rf"|%{_HEX}?|&(?:\#(?:[0-9]{{0,8}}|[xX]{_HEX}{{0,8}})|[a-z]{{0,4}}))\Z"
)
"""Matches a possible beginning of an escape at the end of a text."""
_DEEPEST: Final = 4
_HIGHEST: Final = 0x10FFFF


def has_escapes(text: str) -> bool:
    """Whether the text may contain an escape. This is a fast check."""
    return "\\" in text or "%" in text or "&" in text


def without_escapes(text: str) -> str:
    """Return the text with all escapes decoded, including text that was escaped twice, and without
    backslashes: those of JSON within JSON cannot be told from real ones."""
    *_, decoded = decodings(text)
    return decoded


def decodings(text: str) -> Iterator[str]:
    """Yield the text without backslashes: first as it is, then with its escapes decoded once, and
    again as long as there are any."""
    yield text.replace("\\", "")
    for _ in range(_DEEPEST):
        before, text = text, _ESCAPE.sub(_decode, text)
        if text == before:
            return
        yield text.replace("\\", "")


def decodings_with_indices(text: str, *, continues: bool) -> Iterator[tuple[str, list[int]]]:
    """Yield the same texts as `decodings`, each with the indices in `text` at which its letters
    begin.

    There is one index more than letters: the end of the text. continues: more text follows, so a
    possibly unfinished escape at the end is not decoded, and the last index is the one at which it
    begins.
    """
    indices = list(range(len(text) + 1))
    for _ in range(_DEEPEST + 1):
        if continues and (unfinished := _UNFINISHED.search(text)):
            text = text[: unfinished.start()]
            indices = indices[: unfinished.start() + 1]
        yield _without_backslashes(text, indices)
        before = text
        text, indices = _decode_once(text, indices)
        if text == before:
            return


def _without_backslashes(text: str, indices: list[int]) -> tuple[str, list[int]]:
    if "\\" not in text:
        return text, indices
    kept = [at for at, char in enumerate(text) if char != "\\"]
    return "".join([text[at] for at in kept]), [*[indices[at] for at in kept], indices[-1]]


def _decode_once(text: str, indices: list[int]) -> tuple[str, list[int]]:
    decoded: list[str] = []
    decoded_indices: list[int] = []
    end = 0
    for match in _ESCAPE.finditer(text):
        at = match.start()
        decoded.append(text[end:at])
        decoded_indices += indices[end:at]
        for letter, size in _decoded_letters(match):
            decoded.append(letter)
            decoded_indices.append(indices[at])
            at += size
        end = match.end()
    return "".join([*decoded, text[end:]]), decoded_indices + indices[end:]


def _decode(match: re.Match[str]) -> str:
    escapes = match[0]
    if escapes[0] == "%":
        return bytes.fromhex(escapes.replace("%", "")).decode("utf-8", "surrogateescape")
    if escapes[0] == "&":
        return html.unescape(escapes)
    if escapes[1] == "u" and escapes[2] != "{":
        return bytes.fromhex(escapes.replace("\\u", "")).decode("utf-16-be", "surrogatepass")
    code = int(escapes[2:].strip("{}"), 16)
    return chr(code) if code <= _HIGHEST else "\ufffd"


def _decoded_letters(match: re.Match[str]) -> Iterator[tuple[str, int]]:
    """The decoded letters, each with the number of characters in which it is written."""
    escapes, decoded = match[0], _decode(match)
    if escapes[0] == "%":
        return ((char, 3 * len(char.encode("utf-8", "surrogateescape"))) for char in decoded)
    if escapes[0] == "\\" and escapes[1] == "u" and escapes[2] != "{":
        return ((char, 3 * len(char.encode("utf-16-be", "surrogatepass"))) for char in decoded)
    return ((char, len(escapes)) for char in decoded)
