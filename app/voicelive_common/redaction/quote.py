"""What somebody else said, short enough for the middle of a sentence."""

from typing import Final

from voicelive_common.printable import single_line
from voicelive_common.redaction.redact import redact

_MOST_READ: Final = 2**17
"""Of a text that fills a whole frame; a sentence shows a few hundred characters of these."""


def quote_line(text: str, longest: int) -> str:
    """The text on one line, without secrets and control codes, cut at so many characters.

    Secrets are hidden before the text is cut: a part of one would not be recognised any more.
    """
    head = text[:_MOST_READ]
    return single_line(redact(single_line(head, len(head))), longest)
