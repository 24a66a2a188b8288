"""The JSON of an event as it crossed the wire, with its audio as a reference."""

import json

from voicelive_tui.journal.index import EventIndex
from voicelive_tui.journal.lines import ANY_TEXT, LineError, frame_parts


def event_json(index: EventIndex, n: int) -> str:
    """Return the event's own text, to the letter, or as much of it as could be kept. Empty for a
    malformed frame in which no event could be read."""
    event = index.record(n).event
    if not event:
        return ""
    try:
        line = index.kept_line(n)
        text = frame_parts(line)[0] if line is not None else ""
    except LineError:
        text = ""
    if isinstance(text, bytes):
        text = text.decode("utf-8", ANY_TEXT)
    return text or json.dumps(event, ensure_ascii=False)
