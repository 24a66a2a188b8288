"""TOML that may come from anyone, with the position of each key. Imports nothing but the standard
library."""
