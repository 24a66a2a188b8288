"""Child processes and worker threads of an asyncio loop: none of them outlives the loop that
started it."""
