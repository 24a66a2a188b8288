"""The append-only record of a session: on disk every frame, in memory a column index over it."""
