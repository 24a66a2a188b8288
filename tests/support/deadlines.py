"""The longest waits of tests. A test of something that never happens fails after this time.

TEST_PATIENCE multiplies them on a slow or busy machine; `make test-busy` sets it to 3.
"""

import os

_PATIENCE = float(os.environ.get("TEST_PATIENCE", "1"))
DEADLINE_S = 20.0 * _PATIENCE
"""The longest wait for an event, a state or a text on the screen, in seconds."""
RUN_S = 60.0 * _PATIENCE
"""The longest run of a program, which may talk in real time and take its time to close what
hangs."""
