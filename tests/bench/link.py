"""The sound over a link that is as slow as a network: gaps in the playback, lost microphone audio,
and how long an interruption takes.

    python -m tests.bench.link [--seconds S] [--jitter MS] [ROUND_TRIP_MS ...]

The near side is the real listener with the virtual sound card; a relay delays the bytes of its
socket (tests/support/slow_link.py). What SSH adds is not in it.
"""

import argparse
import asyncio
import os
import sys
import tempfile
from pathlib import Path

from voicelive_common.redaction.secret import Secret
from voicelive_tui.audio.client.link_address import LinkAddress

from tests.bench.support.link_figures import link_figures
from tests.support.near_side import TOKEN, listening
from tests.support.slow_link import SlowLink
from tests.support.virtual_sound import VirtualSound, missing


def main() -> int:
    """Measure each round trip and print its line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="of playback")
    parser.add_argument("--jitter", type=float, default=10, help="in ms, in each direction")
    parser.add_argument("round_trips_ms", type=float, nargs="*", default=[0, 20, 80, 160])
    options = parser.parse_args()
    if reason := missing():
        print(reason)
        return 1
    with VirtualSound() as card, tempfile.TemporaryDirectory() as folder:
        os.environ.update(card.environment)
        with listening(Path(folder), token=TOKEN) as near:
            for round_trip_ms in options.round_trips_ms:
                with SlowLink(
                    near, delay_s=round_trip_ms / 2000, jitter_s=options.jitter / 1000
                ) as slow:
                    host, port = slow.address if isinstance(slow.address, tuple) else ("", 0)
                    at = LinkAddress(f"{host}:{port}", Secret(TOKEN))
                    figures = asyncio.run(link_figures(at, card, options.seconds))
                print(f"{round_trip_ms:4g} ms: {figures}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
