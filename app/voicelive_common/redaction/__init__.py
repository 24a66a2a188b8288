"""Hides secrets in texts and values: `names` of fields, the values of each living `Secret`, and patterns. Standard library only."""
