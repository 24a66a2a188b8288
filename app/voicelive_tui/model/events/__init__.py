"""Single events: records, their types, summaries, error texts and filters. Imports only the leaves
of the model."""
