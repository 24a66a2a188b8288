"""Which settings a running session takes, and which need a new connection (protocol.md sections 1,
6, 7 and 8)."""

from voicelive_tui.model.profile.fields.availability import pattern_of
from voicelive_tui.model.profile.fields.field_table import FIELDS_BY_KEY


def needs_new_connection(key: str, *, answered: bool) -> bool:
    """Return whether a connection does not take a new value of this dotted key. A key that the
    table of fields does not have is like the table that holds it.

    answered: the assistant has spoken over it.
    """
    pattern = pattern_of(key)
    while pattern and pattern not in FIELDS_BY_KEY:
        pattern = pattern.rpartition(".")[0]
    changes = FIELDS_BY_KEY[pattern][0].changes if pattern else "at once"
    return changes == "new connection" or (answered and changes == "before an answer")
