"""The user's settings and profiles, and the setup of the process. Imports nothing else of the
engine."""
