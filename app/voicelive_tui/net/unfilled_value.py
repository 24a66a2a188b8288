"""Recognises values that were copied or passed on without being filled in: placeholders, quotation
marks of an env file, and references that nothing replaced.

Invariant: no sentence repeats a value; at most the name of a variable or the words of a
placeholder.
"""

import re
from typing import Final

_QUOTES: Final = "\"'`\u201c\u201d\u2018\u2019\u00ab\u00bb"
_REFERENCE: Final = re.compile(
    r"\$\{\{[^}]{0,200}\}\}|\$\{[^}]{0,200}\}|\$\([^)]{0,200}\)|\{\{[^}]{0,200}\}\}"
    r"|\$(?:env:)?[A-Z_][A-Z0-9_]+|%(?![0-9A-Fa-f]{2})[A-Za-z_]\w*%"
)
"""As shells, containers, pipelines and Windows write them. A percent-encoded byte is none. The
limits keep the time for a long text proportional to its length."""
_IN_BRACKETS: Final = re.compile(r"<[^<>]*>|\{[^{}]*\}|\[[A-Za-z][A-Za-z _-]*\]")
_THING: Final = r"(?:azure|foundry|ai|api|resource|name|endpoint|key|service|project|account)"
_PLACEHOLDER: Final = re.compile(
    rf"your[-_ ].*|your{_THING}.*"
    r"|(?:azure[-_]?|foundry[-_]?|ai[-_]?services?[-_]?)?resource[-_]?(?:name)?"
    rf"|(?:insert|enter|paste|replace|put|add)[-_ ](?:your|the|here|{_THING}).*"
    r"|.*[-_](?:goes[-_])?here"
    r"|change[-_]?me|placeholder|todo|tbd|example|dummy"
    r"|(?:api|subscription|resource)[-_]?key|x{3,}|\.{3,}|\u2026+",
    re.IGNORECASE,
)
_VARIABLE: Final = re.compile(r"(?:export\s+|set\s+)?[A-Z][A-Z0-9_]*(?:ENDPOINT|KEY)\s*=")
_WORDS: Final = re.compile(r"[A-Za-z]+(?:[-_ .][A-Za-z]+|_[A-Z0-9]+)*")
_LONGEST_SHOWN: Final = 40


def unfilled(name: str, value: str, *, whole: bool) -> str:
    """Return in one sentence why this value of a setting was not filled in; empty when nothing says
    so.

    name: the setting, as a sentence begins with it, such as "The key". whole: only a value that is
    a reference or a placeholder as a whole counts, as with a key, which may hold any signs.
    """
    quotes = [sign for sign in (value[:1], value[-1:]) if sign and sign in _QUOTES]
    if len(quotes) > whole:
        return (
            f"{name} is in quotation marks, which count as part of it (docker's --env-file keeps "
            "them); write it without."
        )
    if _VARIABLE.match(value):
        return f"{name} begins with the name of a variable; write only what stands behind the =."
    look = re.Pattern.fullmatch if whole else re.Pattern.search
    if found := look(_REFERENCE, value):
        return (
            f"{name} holds {_shown(found[0], 'a reference')}, which nothing has replaced; write "
            "the value itself, or start the console where that variable is replaced."
        )
    if found := look(_IN_BRACKETS, value):
        return _placeholder(name, _shown(found[0], "in brackets"))
    return ""


def is_placeholder(word: str) -> bool:
    """Whether a word, such as a key or the first part of a host, is one that examples use for a
    value of the reader's own."""
    return _PLACEHOLDER.fullmatch(word) is not None


def placeholder_sentence(name: str, word: str) -> str:
    """Return the sentence for a setting that is, or contains, such a word."""
    return _placeholder(name, _shown(word, "of an example"))


def _placeholder(name: str, shown: str) -> str:
    return (
        f"{name} still has the placeholder {shown}; put your own in its place, from Keys and "
        "Endpoint of the resource in the Azure portal."
    )


def _shown(text: str, otherwise: str) -> str:
    """Return the text if it consists of words or is the name of a variable; a command, or what may
    be a key, is not repeated."""
    if text.startswith("$("):
        return "$(...)"
    inner = text.strip("<>{}[]()$% ")
    return text if len(text) <= _LONGEST_SHOWN and _WORDS.fullmatch(inner) else otherwise
