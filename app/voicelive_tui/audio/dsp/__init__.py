"""Arithmetic on samples: levels, G.711, resampling. Imports numpy and soxr."""
