"""The console's client of the audio process. Imports `ipc` and no audio library."""
