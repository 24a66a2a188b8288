"""Microphones and speakers: devices, files or nothing at all. Imports `dsp`, `files` and `ipc`."""
