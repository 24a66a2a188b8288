"""A fast check that most frames pass: a JSON text that certainly holds nothing to hide.

Invariant: what `redact` hides in a value of a text, or in the text itself, makes `is_harmless`
return False. The reverse does not hold: a text that fails may be harmless, and is searched then.
"""

import re
from typing import Final

from voicelive_common.redaction.names import SECRET_FIELDS, SECRET_TABLES
from voicelive_common.redaction.secret import hide_secrets, search_terms

_LETTERS: Final = 84
"""The length of an Azure key, the longest word that `redact` takes for a key by its length."""
_LONG_WORD: Final = re.compile(f"[A-Za-z0-9]{{{_LETTERS}}}")
_MARKS: Final = ("eyJ", "sk-", "AKIA", "ghp_", "gho_", "ghu_", "ghs_", "ghr_")
"""The beginnings of keys and tokens."""
_NAMES: Final = (*sorted(SECRET_FIELDS | SECRET_TABLES), "bearer", "basic", "url", "uri")
"""In lower case: the fields that are hidden, the schemes before a token, and the ends of the names
of fields with addresses."""
_SAME_AS_ASCII: Final = ("\u0131", "\u017f")
"""Letters that patterns which ignore case take for i and s."""


def is_harmless(json_text: str) -> bool:
    """Whether neither this JSON text nor any name or value in it holds a secret of this process, or
    what `hide_keys` takes for a key, or a field whose value is hidden."""
    # With a backslash the values are not spelled in the text as they are.
    if "\\" in json_text or search_terms().digits:
        return False
    if _contains(json_text, _MARKS) or _LONG_WORD.search(json_text):
        return False
    lowered = json_text.lower()
    if _contains(lowered, _NAMES):
        return False
    if not json_text.isascii() and _contains(lowered, _SAME_AS_ASCII):
        return False
    return hide_secrets(json_text, "") is json_text


def _contains(text: str, words: tuple[str, ...]) -> bool:
    for word in words:  # noqa: SIM110  a generator would take twice as long
        if word in text:
            return True
    return False
