"""Secrets that a service repeats in pieces: no delta holds one whole, and yet all of them together do."""

from collections.abc import Mapping
from typing import Any, Final

from voicelive_common.redaction.redact import HIDDEN
from voicelive_common.redaction.secret import hide_piece

from voicelive_tui.model.events.audio_field import AUDIO_FIELD

_STREAM: Final = ("type", "response_id", "item_id", "call_id", "output_index", "content_index")
_MOST_STREAMS: Final = 100
"""A service that begins a secret in more streams than this at once gets the oldest forgotten."""


class StreamedSecrets:
    """Remembers, for each stream of deltas of one session, the end that may go on as a secret."""

    def __init__(self) -> None:
        self._begun: dict[tuple[str, ...], str] = {}

    def clean(self, event: Mapping[str, Any]) -> Mapping[str, Any]:
        """The event without what its delta adds to a secret; the same object when there is nothing to hide.

        The first letters of a secret stay when they came in a delta of their own: they are too few to be told from a word.
        """
        type_name, delta = event.get("type"), event.get("delta")
        if not (isinstance(type_name, str) and type_name.endswith(".delta") and isinstance(delta, str)):
            return event
        if type_name in AUDIO_FIELD:
            return event
        stream = tuple(str(event.get(name)) for name in _STREAM)
        shown, begun = hide_piece(self._begun.pop(stream, ""), delta, HIDDEN)
        if begun:
            self._begun[stream] = begun
            if len(self._begun) > _MOST_STREAMS:
                del self._begun[next(iter(self._begun))]
        return event if shown == delta else {**event, "delta": shown}
