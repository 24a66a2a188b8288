"""Voice activity detection: finds the turns of speech in levels of 20 ms blocks. Imports numpy."""
