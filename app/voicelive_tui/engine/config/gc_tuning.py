"""Tunes Python's garbage collector so that it does not pause the engine: a full collection of the
console's heap takes 85 to 324 ms (measurements.md 3)."""

import gc

_THRESHOLDS = (20_000, 50, 1_000)


def freeze_heap() -> None:
    """Collect once, exclude the surviving objects from future collections, and make collections
    rare."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
    gc.enable()
