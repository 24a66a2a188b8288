"""The longest waits of tests. Only a test that fails waits so long, so they are long enough for a
machine that is many times slower than usual.

TEST_PATIENCE multiplies them on a slow or busy machine; `make test-busy` sets it to 3.
"""

import os

_PATIENCE = float(os.environ.get("TEST_PATIENCE", "1"))
DEADLINE_S = 60.0 * _PATIENCE
"""The longest wait for an event, a state or a text on the screen, in seconds."""
RUN_S = 180.0 * _PATIENCE
"""The longest run of a program, which may talk in real time and take its time to close what
hangs."""
