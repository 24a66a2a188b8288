"""Reads TOML from untrusted sources, with the position of each key. Imports nothing but the
standard library."""
