"""The user's settings and profiles, and how the process is set up. Imports nothing else of the
engine."""
