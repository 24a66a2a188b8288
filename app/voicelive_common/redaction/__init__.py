"""Hides secrets in texts and values: by the names of fields, by the values that this process holds,
and by patterns."""
