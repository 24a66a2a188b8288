"""Voice activity detection: finds the turns of speech from the levels of 20 ms blocks. Imports
numpy."""
