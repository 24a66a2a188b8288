"""The codecs of a session's audio, by their names in the API. Unlike `g711`, this module needs no
numpy."""

from collections.abc import Mapping
from typing import Final

SILENT_SAMPLE: Final[Mapping[str, bytes]] = {
    "pcm16": b"\0\0",
    "g711_ulaw": b"\xff",
    "g711_alaw": b"\xd5",
}
"""The bytes of one sample of digital silence; in G.711 they are not zero."""
