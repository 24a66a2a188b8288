"""The engine thread with its asyncio loop: sessions, the client of the audio process, and what
front ends may ask of them."""
