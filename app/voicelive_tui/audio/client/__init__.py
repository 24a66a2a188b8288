"""The console's end of the audio process. Imports `ipc` and no audio library."""
