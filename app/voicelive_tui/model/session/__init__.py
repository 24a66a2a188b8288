"""A whole session as values: the fold over its records, and the snapshots that front ends see. May
import every part of the model."""
