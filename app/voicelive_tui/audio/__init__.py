"""Audio input and output: an engine of worker threads and PortAudio callbacks in a process of its
own."""
