"""The fields of a profile that this version knows, one module for each subject. Validation, help
and forms are read from them."""
