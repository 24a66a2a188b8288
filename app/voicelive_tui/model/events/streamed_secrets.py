"""Hides secrets that a service repeats in pieces, where only several deltas together hold the whole
secret."""

from collections.abc import Mapping
from typing import Any, Final

from voicelive_common.redaction.redact import HIDDEN
from voicelive_common.redaction.secret import Begun, hide_piece

from voicelive_tui.model.events.audio_field import AUDIO_FIELD
from voicelive_tui.model.events.canonical import canonical
from voicelive_tui.model.events.fields import get_count, get_str

_SAID: Final = frozenset({"response.audio_transcript.delta", "response.text.delta"})
"""Both are joined to one text of an answer's content part."""
_MOST_STREAMS: Final = 100
"""A service that begins a secret in more streams than this at once gets the oldest forgotten."""


class StreamedSecrets:
    """Remembers, for each stream of deltas of one session, the end that may go on as a secret."""

    def __init__(self) -> None:
        self._begun: dict[tuple[str, str, int], Begun] = {}

    def clean(self, event: Mapping[str, Any]) -> Mapping[str, Any]:
        """The event without what its delta adds to a secret, the same object when there is nothing
        to hide.

        The first letters of a secret stay when they came in a delta of their own: they are too few
        to be told from a word.
        """
        type_name, delta = event.get("type"), event.get("delta")
        if not (
            isinstance(type_name, str) and type_name.endswith(".delta") and isinstance(delta, str)
        ):
            return event
        if type_name in AUDIO_FIELD:
            return event
        stream = _stream(type_name, event)
        shown, begun = hide_piece(self._begun.pop(stream, Begun()), delta, HIDDEN)
        if begun.text:
            self._begun[stream] = begun
            if len(self._begun) > _MOST_STREAMS:
                del self._begun[next(iter(self._begun))]
        return event if shown == delta else {**event, "delta": shown}


def _stream(type_name: str, event: Mapping[str, Any]) -> tuple[str, str, int]:
    """The text that the transcript joins this delta to: its kind, its item and its content part."""
    kind = canonical(type_name)
    if kind.endswith("_call_arguments.delta"):
        return "arguments", get_str(event, "item_id"), 0
    return (
        "answer" if kind in _SAID else kind,
        get_str(event, "item_id"),
        get_count(event, "content_index"),
    )
