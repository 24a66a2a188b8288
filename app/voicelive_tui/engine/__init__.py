"""The only owner of threads and of the asyncio loop: sessions, the audio link and what front ends
may ask of them."""
