"""The transcript of a session as a fold over its events. Imports `events` and the leaves of the
model."""
