"""Short names of the voice and the turn detection in a session object (protocol.md section 6)."""

import re
from collections.abc import Mapping
from typing import Any

from voicelive_common.printable import printable

from voicelive_tui.tui.widgets.spans import fit

_LONGEST_NAME = 28
_MOST_CHARS = 200
"""Of a name that anyone may have written, as long as a file may be."""
_LOCALE = re.compile(r"^[a-z]{2,3}-[A-Za-z]{2,4}-(?=.)")
_SUFFIX = re.compile(r"(:.*|(Multilingual)?Neural)$")


def voice_name(voice: object, *, spelled: bool) -> str:
    """The voice without what its kind adds: `en-US-Ava:DragonHDLatestNeural` is `en-US-Ava`, and
    `Ava` unless it is to be spelled out. Empty for none."""
    name = voice.get("name") if isinstance(voice, Mapping) else voice
    if not isinstance(name, str) or name == "none":
        return ""
    name = name[:_MOST_CHARS]
    short = _SUFFIX.sub("", name) or name
    return fit(printable(short if spelled else _LOCALE.sub("", short)), _LONGEST_NAME)


def turn_detection(settings: Mapping[str, Any], *, spelled: bool, wide: bool, prefix: bool) -> str:
    """The turn detection of a session object with threshold, silence and, if wanted, prefix
    padding; empty if the object does not say."""
    if "turn_detection" not in settings:
        return ""
    detection = settings["turn_detection"]
    kind = detection.get("type") if isinstance(detection, Mapping) else detection
    if kind is None or kind == "none":
        return "manual turns"
    if not isinstance(detection, Mapping) or not isinstance(kind, str):
        return ""
    shown = fit(
        printable((kind if spelled else kind.removeprefix("azure_"))[:_MOST_CHARS]), _LONGEST_NAME
    )
    names = ["threshold", "silence_duration_ms", *(["prefix_padding_ms"] if prefix else [])]
    figures = [f"{value:g}" for name in names if _is_number(value := detection.get(name))]
    if not figures:
        return shown
    unit = " ms" if spelled and len(figures) > 1 else ""
    return f"{shown} {(' / ' if wide else '/').join(figures)}{unit}"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
