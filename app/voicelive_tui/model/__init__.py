"""Values and pure functions: standard library only, no I/O, no threads, time is an argument."""
