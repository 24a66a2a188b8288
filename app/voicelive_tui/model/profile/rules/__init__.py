"""The rules of a profile that involve more than one field, one module for each subject."""
