"""The conversation as the service sees it, sans I/O: client events, rendered speech and time in; events out."""
