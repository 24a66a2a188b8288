"""The codecs of a session's audio, by the names that the API gives them. Needs no numpy, unlike
`g711`."""

from collections.abc import Mapping
from typing import Final

SILENT_SAMPLE: Final[Mapping[str, bytes]] = {
    "pcm16": b"\0\0",
    "g711_ulaw": b"\xff",
    "g711_alaw": b"\xd5",
}
"""The bytes of one sample of digital silence, which in G.711 are not zero."""
