"""Profiles: TOML files read, checked and written. Imports the leaves of the model."""
