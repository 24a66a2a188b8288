"""Profiles: TOML files that are read, checked and written. Imports only the leaves of the model."""
