"""Hides secrets in a text that arrives in pieces, such as the deltas of a transcript."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from voicelive_common.redaction.escaped_text import decodings_with_indices, has_escapes
from voicelive_common.redaction.secret import SHORTEST, search_terms, spans_of

_MOST_CHARS_PER_LETTER: Final = 24
"""The most characters that the escape of one letter takes in text that arrives in pieces."""
_MOST_UNFINISHED_LETTERS: Final = 4
"""The most letters that an unfinished escape at the end of a piece stands for."""


class PartialSecret(NamedTuple):
    """The end of a text that arrives in pieces, where a secret may begin, and how many letters of
    the secret it contains.

    escaped: an escape occurred earlier, so a backslash may belong to the secret.
    """

    text: str = ""
    letters: int = 0
    escaped: bool = False


def hide_piece(partial: PartialSecret, piece: str, hidden: str) -> tuple[str, PartialSecret]:
    """Hide the part of the next piece of a text that continues a secret begun earlier, or that
    begins one which may go on, in any spelling.

    partial: the value that this function returned last; `PartialSecret()` at first. Returns the
    piece to show and the new `partial`. A beginning of fewer letters than `SHORTEST` is shown,
    because it may be any word.
    """
    if not search_terms().forms:
        return piece, PartialSecret()
    text = partial.text + piece
    shown_to = len(partial.text)
    escaped = partial.escaped or has_escapes(text)
    # A secret that is complete within the piece was hidden before, unless the earlier text gives
    # the piece its meaning.
    whole = (
        [found for found in _whole_spellings(text, escaped) if found[1] > shown_to]
        if partial.text
        else []
    )
    start, end = (min(whole)[0], max(stop for _, stop in whole)) if whole else (0, 0)
    rest = text[end or shown_to :]
    next_partial = _partial_secret(text[end:], escaped)
    marker = "" if partial.letters >= SHORTEST else hidden  # shown once for the whole secret
    shown = "" if not whole else marker if start < shown_to else text[shown_to:start] + hidden
    if next_partial.letters < SHORTEST:
        return shown + rest, next_partial
    if len(next_partial.text) <= len(rest):
        return shown + rest[: len(rest) - len(next_partial.text)] + hidden, next_partial
    return shown + marker, next_partial


def may_begin_secret(piece: str) -> bool:
    """Whether a piece that continues no secret may end in the beginning of one, in any spelling.
    This is a fast check."""
    terms = search_terms()
    return bool(terms.forms) and (
        has_escapes(piece) or terms.partial_forms.find(piece) < len(piece)
    )


def _whole_spellings(text: str, escaped: bool) -> Iterator[tuple[int, int]]:
    """Yield the places of complete spellings: their start and end indices."""
    terms = search_terms()
    for form in terms.forms:
        if (at := text.find(form)) >= 0:
            yield at, at + len(form)
    if escaped:
        yield from spans_of(terms.partial_bare.words, text, continues=True)


def _partial_secret(text: str, escaped: bool) -> PartialSecret:
    """The longest end of the text that is an incomplete spelling of a secret."""
    terms = search_terms()
    start = terms.partial_forms.find(text)
    letters = len(text) - start
    if terms.forms and escaped:
        for decoded, indices in decodings_with_indices(text, continues=True):
            at = terms.partial_bare.find(decoded)
            decoded_letters = len(decoded) - at
            if len(text) - indices[at] <= _MOST_CHARS_PER_LETTER * (
                decoded_letters + _MOST_UNFINISHED_LETTERS
            ):
                # The unfinished escape may be the last letter, even if nothing follows that
                # completes it.
                decoded_letters += decoded_letters > 0 and indices[-1] < len(text)
                start, letters = min(start, indices[at]), max(letters, decoded_letters)
    return PartialSecret(text[start:], letters, escaped)
