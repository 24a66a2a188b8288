"""The transcript as a fold over the events of a session. Imports `events` and the leaves of the
model."""
