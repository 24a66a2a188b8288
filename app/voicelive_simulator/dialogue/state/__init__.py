"""A session's state: configuration, items, clock and effects. Imports nothing else of the
dialogue."""
