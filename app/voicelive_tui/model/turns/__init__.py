"""The turns of a session and their latencies, as a fold over its events. Imports `events` and the
leaves of the model."""
