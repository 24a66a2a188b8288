"""Hides secrets in texts and values: by field names, by the secret values that this process holds,
and by patterns."""
