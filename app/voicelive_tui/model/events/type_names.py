"""The names by which a filter finds an event's type: as the wire has it, and as a row shows it."""


def searchable_names(type_name: str) -> str:
    """Return every name of the type in lower case, each on a line of its own."""
    return type_name.lower()
