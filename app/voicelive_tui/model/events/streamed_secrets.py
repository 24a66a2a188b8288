"""Hides secrets that the service repeats in pieces: no single delta holds the whole secret, but all
of them together do."""

from collections.abc import Mapping
from typing import Any, Final

from voicelive_common.redaction.redact import HIDDEN
from voicelive_common.redaction.secret_pieces import PartialSecret, hide_piece, may_begin_secret

from voicelive_tui.model.events.audio_field import AUDIO_FIELD
from voicelive_tui.model.events.canonical import canonical
from voicelive_tui.model.events.fields import get_count, get_str

_TEXT_DELTAS: Final = frozenset({"response.audio_transcript.delta", "response.text.delta"})
"""The deltas that both belong to the text of an assistant message's content part."""
_MAX_STREAMS: Final = 100
"""The number of streams that may hold the beginning of a secret at once; the oldest is forgotten
when a service exceeds it."""


class StreamedSecrets:
    """Remembers, for each stream of deltas in a session, the end of its text if it may be the
    beginning of a secret."""

    def __init__(self) -> None:
        self._begun: dict[tuple[str, str, int], PartialSecret] = {}

    def clean(self, event: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the event without the part of a secret in its delta; the same object when there is
        nothing to hide.

        The first letters of a secret stay visible when they came in a delta of their own: they are
        too few to be told from a word.
        """
        type_name, delta = event.get("type"), event.get("delta")
        if not (
            isinstance(type_name, str) and type_name.endswith(".delta") and isinstance(delta, str)
        ):
            return event
        if type_name in AUDIO_FIELD or not (self._begun or may_begin_secret(delta)):
            return event
        stream = _stream(type_name, event)
        cleaned, begun = hide_piece(self._begun.pop(stream, PartialSecret()), delta, HIDDEN)
        if begun.text:
            self._begun[stream] = begun
            if len(self._begun) > _MAX_STREAMS:
                del self._begun[next(iter(self._begun))]
        return event if cleaned == delta else {**event, "delta": cleaned}


def _stream(type_name: str, event: Mapping[str, Any]) -> tuple[str, str, int]:
    """Return the text that the transcript appends this delta to: its kind, item id and content
    part."""
    kind = canonical(type_name)
    if kind.endswith("_call_arguments.delta"):
        return "arguments", get_str(event, "item_id"), 0
    return (
        "answer" if kind in _TEXT_DELTAS else kind,
        get_str(event, "item_id"),
        get_count(event, "content_index"),
    )
