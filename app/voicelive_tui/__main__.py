"""`python -m voicelive_tui` is the same as the installed command."""

import sys

from voicelive_tui.cli import main

sys.exit(main())
