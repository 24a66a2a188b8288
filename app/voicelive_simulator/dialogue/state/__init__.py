"""The state of a session: configuration, items, clock and effects. Imports nothing else from the
dialogue package."""
