"""The audio process: capture, jitter buffer, speaker. Imports everything of audio but `client`."""
