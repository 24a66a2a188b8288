"""The protocol between the console and the audio process: requests, messages, framing. Imports
nothing else of audio."""
