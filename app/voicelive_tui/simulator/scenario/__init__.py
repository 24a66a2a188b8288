"""Scenarios: TOML files that say what the agent says, hears and calls, with which timing, seed and faults."""
