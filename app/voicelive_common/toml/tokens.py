"""Splits a TOML text into tokens from left to right without recursion, in time and memory linear in
the text.

Up to the first mistake in a text the tokens are those that `tomllib` sees; after it they do not
matter, because `tomllib` stops there.
"""

import re
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

TokenKind = Literal["string", "word", "mark", "newline"]

# Every quantifier that could be retried is possessive: an unclosed string must not take quadratic
# time.
_TOKEN: Final = re.compile(
    r"""[ \t\r]++ | \#[^\n]*+
    | (?P<newline>\n[ \t\r\n]*+)
    | (?P<string>
        \"{3}[^"\\]*+(?:(?:\\.|\"{1,2}+(?!\"))[^"\\]*+)*+\"{3,5}
      | '{3}[^']*+(?:'{1,2}+(?!')[^']*+)*+'{3,5}
      | \"[^"\\\n]*+(?:\\[^\n][^"\\\n]*+)*+\"
      | '[^'\n]*+')
    | (?P<mark>[\[\]{}=,.])
    | (?P<word>[^\s"'\#\[\]{}=,.]++)
    | (?P<junk>.)""",
    re.DOTALL | re.VERBOSE,
)


class Token(NamedTuple):
    """A string with its quotes, a word (a bare key, a number, a date, or a part of one between
    dots), a mark, or line ends."""

    kind: TokenKind
    text: str
    offset: int


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a text, without spaces and comments. They end at the first character that
    no TOML text allows."""
    for found in _TOKEN.finditer(text):
        match found.lastgroup:
            case "string" | "word" | "mark" | "newline" as kind:
                yield Token(kind, found[0], found.start())
            case "junk":
                return
