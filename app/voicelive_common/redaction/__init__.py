"""Hides secrets in texts and values. Imports nothing but the standard library."""
