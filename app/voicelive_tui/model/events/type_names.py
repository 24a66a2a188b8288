"""The names by which a filter finds an event's type: as the wire has it, and as a row shows it."""

from voicelive_tui.model.events.short_names import short_name


def searchable_names(type_name: str) -> str:
    """Return every name of the type in lower case, each on a line of its own."""
    return f"{type_name}\n{short_name(type_name)}".lower()
