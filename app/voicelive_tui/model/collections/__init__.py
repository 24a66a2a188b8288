"""Persistent collections: a new version shares its unchanged parts with the one before. Imports
nothing else of the model."""
