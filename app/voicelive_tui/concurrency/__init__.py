"""Child processes and worker threads for an asyncio loop. None of them outlives the loop unless its
function says so."""
