"""A whole session as values: the fold and the snapshots that front ends see. May import every part
of the model."""
