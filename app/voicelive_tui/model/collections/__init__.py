"""Persistent collections, whose new versions share what did not change. Import nothing of the
model."""
