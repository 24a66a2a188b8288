"""Sound files: reads what libsndfile can, writes WAV. Imports `dsp`."""
