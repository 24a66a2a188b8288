"""The console's widgets, and the pure functions that lay out their text."""
