"""The console's own themes, the only place that names colours. Every theme of Textual works as
well: where its text would not be readable, other variables take the place of its own."""

from collections.abc import Container, Mapping

from textual.theme import BUILTIN_THEMES, Theme

from voicelive_tui.tui.contrast import readable_variables

DARK = Theme(
    name="voicelive-dark",
    primary="#5fafd7",
    secondary="#9494dc",
    accent="#d7af5f",
    foreground="#d0d4da",
    background="#14171c",
    surface="#14171c",
    panel="#20252d",
    success="#87c38f",
    warning="#e5b567",
    error="#e3777f",
    dark=True,
    variables={"block-cursor-background": "#212d3a", "footer-key-foreground": "#d7af5f"},
)
LIGHT = Theme(
    name="voicelive-light",
    primary="#005f87",
    secondary="#5757a1",
    accent="#7b5700",
    foreground="#22262b",
    background="#f7f7f5",
    surface="#f7f7f5",
    panel="#e6e7e8",
    success="#286d2b",
    warning="#8c5000",
    error="#b3261e",
    dark=False,
    variables={"block-cursor-background": "#c8deec", "footer-key-foreground": "#7b5700"},
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
        "text-disabled": "#aaaaaa",
    },
)
"""A theme of colours that every terminal has: other colours would all be drawn as the nearest
grey."""

THEMES = (DARK, LIGHT, SIXTEEN)

_FEW_COLOURS = ("standard", "windows")


def theme_name(
    configured: str, known: Container[str], color_system: str | None, kept: str = ""
) -> str:
    """The theme to start with: the one kept from the palette, else the configured one, if Textual
    knows it, else the best one for the terminal. A theme that was chosen on a terminal of many
    colours is not used on one of sixteen, which would draw most of it in grey."""
    few = color_system in _FEW_COLOURS
    for name in (configured,) if few else (kept, configured):
        if name in known:
            return name
    return SIXTEEN.name if few else DARK.name


def readable_theme(
    name: str, variables: Mapping[str, str], color_system: str | None
) -> dict[str, str]:
    """The variables of this theme, those changed that would make text unreadable. In sixteen
    colours all dim text is that of `$text-disabled`, because one step of grey is all there is."""
    readable = dict(variables)
    if name != SIXTEEN.name:
        readable |= readable_variables(variables)
    if color_system in _FEW_COLOURS:
        readable["text-muted"] = readable["text-disabled"]
    return readable


def is_theme(name: str) -> bool:
    """Whether there is a theme of this name, of the console or of Textual."""
    return name in BUILTIN_THEMES or any(theme.name == name for theme in THEMES)
