"""Run the program as `python -m voicelive_tui`, the same as the installed command."""

import sys

from voicelive_tui.cli import main

sys.exit(main())
