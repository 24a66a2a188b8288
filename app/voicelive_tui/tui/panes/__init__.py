"""The two halves of the console: what is said, and what crosses the wire."""
