"""`python -m voicelive_simulator`."""

import sys

from voicelive_simulator.command import main

if __name__ == "__main__":
    sys.exit(main())
