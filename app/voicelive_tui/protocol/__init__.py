"""The Voice Live conversation, sans I/O: events in, commands out."""
