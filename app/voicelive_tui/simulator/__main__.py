"""`python -m voicelive_tui.simulator`."""

import sys

from voicelive_tui.simulator.command import main

if __name__ == "__main__":
    sys.exit(main())
