"""How long a test waits for what must happen. A build in which it never happens fails after that
time.

TEST_PATIENCE multiplies the times where the machine is slow or busy; `make test-busy` sets it to 3.
"""

import os

_PATIENCE = float(os.environ.get("TEST_PATIENCE", "1"))
DEADLINE_S = 20.0 * _PATIENCE
"""For one wait: an event, a state, a text on the screen."""
RUN_S = 60.0 * _PATIENCE
"""For a whole run of a program, which may talk in real time and take its own time to close what
hangs."""
