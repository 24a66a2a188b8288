"""The console's own themes, the only place that names colours. Every theme of Textual works as
well."""

from collections.abc import Container

from textual.theme import BUILTIN_THEMES, Theme

DARK = Theme(
    name="voicelive-dark",
    primary="#5fafd7",
    secondary="#8787d7",
    accent="#d7af5f",
    foreground="#d0d4da",
    background="#14171c",
    surface="#14171c",
    panel="#20252d",
    success="#87c38f",
    warning="#e5b567",
    error="#e06c75",
    dark=True,
    variables={"block-cursor-background": "#2d4257", "footer-key-foreground": "#d7af5f"},
)
LIGHT = Theme(
    name="voicelive-light",
    primary="#005f87",
    secondary="#5f5faf",
    accent="#875f00",
    foreground="#22262b",
    background="#f7f7f5",
    surface="#f7f7f5",
    panel="#e6e7e8",
    success="#2e7d32",
    warning="#a15c00",
    error="#b3261e",
    dark=False,
    variables={"block-cursor-background": "#c5dcec", "footer-key-foreground": "#875f00"},
)
SIXTEEN = Theme(
    name="voicelive-16-colours",
    primary="#55ffff",
    secondary="#ff55ff",
    accent="#ffff55",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#000000",
    success="#55ff55",
    warning="#ffff55",
    error="#ff5555",
    dark=True,
    variables={
        "block-cursor-background": "#0000aa",
        "footer-key-foreground": "#ffff55",
        "text-muted": "#aaaaaa",
        "text-disabled": "#555555",
    },
)
"""A theme of colours that every terminal has: other colours would all be drawn as the nearest
grey."""

THEMES = (DARK, LIGHT, SIXTEEN)


def theme_name(configured: str, known: Container[str], color_system: str | None) -> str:
    """The theme to start with: the configured one if Textual knows it, else the best one for the
    terminal."""
    if configured in known:
        return configured
    return SIXTEEN.name if color_system in ("standard", "windows") else DARK.name


def is_theme(name: str) -> bool:
    """Whether there is a theme of this name, of the console or of Textual."""
    return name in BUILTIN_THEMES or any(theme.name == name for theme in THEMES)
