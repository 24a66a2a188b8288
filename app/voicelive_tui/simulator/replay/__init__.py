"""Replay: a recorded session folder served back as the service."""
