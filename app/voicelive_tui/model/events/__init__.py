"""Single events: records, their types, summaries, error texts and filters. Imports nothing else of
the model."""
