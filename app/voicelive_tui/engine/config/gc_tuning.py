"""Python's garbage collector, kept from pausing the engine: a full collection of the console's heap
takes 85 to 324 ms (measurements.md 3)."""

import gc

_THRESHOLDS = (20_000, 50, 1_000)


def freeze_heap() -> None:
    """Collect once now, put what survives out of the collector's sight, and let it run seldom from
    here on."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
    gc.enable()
