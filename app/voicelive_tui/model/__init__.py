"""Values and pure functions: no I/O, no threads, and time is an argument."""
