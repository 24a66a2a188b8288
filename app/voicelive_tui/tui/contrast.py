"""Makes the colours of a theme readable: text has a contrast of 4.5 to its background, dim text one
of 3, as WCAG 2.1 asks, also in the row under the cursor."""

from collections.abc import Mapping, Sequence
from typing import Final

from textual.color import BLACK, WHITE, Color

TEXT: Final = 4.5
DIM: Final = 3.0
_ROUNDING: Final = 0.06
"""What is added to a wanted contrast, because rounding to 8 bits takes some of it."""
_STEPS: Final = 40
_ROLES: Final = (
    "foreground", "primary", "secondary", "accent", "success", "warning", "error",
    "footer-key-foreground",
)  # fmt: skip
_LOUDEST_GROUND: Final = 1.3
"""The highest contrast of the background to what is drawn in its place, the panel and the cursor's
row. With more, no colour of text but white and black would be readable on all of them."""


def contrast(one: Color, other: Color) -> float:
    """The contrast of two opaque colours by WCAG 2.1, from 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: Color) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in color.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def readable_variables(variables: Mapping[str, str]) -> dict[str, str]:
    """The variables of a theme that must change for its text to be readable, with their new values.
    None for a theme of the terminal's own colours, which only the terminal knows."""
    background = Color.parse(variables["background"])
    if background.ansi is not None:
        return {}
    old = {name: Color.parse(variables[name]) for name in (*_ROLES, "panel")}
    old["block-cursor-background"] = Color.parse(variables["block-cursor-background"])
    dim = {
        name: _dim_color(variables[name], background) for name in ("text-muted", "text-disabled")
    }
    new = {
        name: _quiet(background + old[name], background)
        for name in ("panel", "block-cursor-background")
    }
    grounds = (background, *new.values())
    new |= {role: _readable(old[role], grounds, TEXT) for role in _ROLES}
    new |= {
        name: _readable(color, grounds, TEXT if name == "text-muted" else DIM)
        for name, color in dim.items()
    }
    changed = {name: color.hex for name, color in new.items() if color != {**old, **dim}[name]}
    return {**changed, "block-cursor-foreground": new["foreground"].hex}


def _quiet(ground: Color, background: Color) -> Color:
    """The colour, as near to the background as it must be."""
    for step in range(_STEPS + 1):
        candidate = ground.blend(background, step / _STEPS, alpha=1.0)
        if contrast(candidate, background) <= _LOUDEST_GROUND:
            return candidate
    return background


def _dim_color(value: str, background: Color) -> Color:
    """A colour of dim text, with its transparency applied."""
    name, _, percent = value.partition(" ")
    if name == "auto":
        return background + background.get_contrast_text(float(percent.rstrip("%")) / 100)
    return background + Color.parse(value)


def _readable(color: Color, grounds: Sequence[Color], wanted: float) -> Color:
    """The nearest colour, towards white on dark grounds and towards black on light ones, that has
    this contrast to each of them."""
    end = WHITE if grounds[0].get_contrast_text(1.0).brightness > 0.5 else BLACK
    for step in range(_STEPS + 1):
        candidate = color.blend(end, step / _STEPS, alpha=1.0) if step else color
        worst = min(contrast(candidate, ground) for ground in grounds)
        if worst >= wanted + (_ROUNDING if step else 0):
            return candidate
    return end
