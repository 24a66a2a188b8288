"""Sound in and out: an engine of worker threads and PortAudio callbacks in a process of its own."""
