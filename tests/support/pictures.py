"""Makes Textual's SVG export fit for a README: without downloaded fonts, and with a PNG beside it
where one can be made."""

import re
import shutil
import subprocess
from pathlib import Path

_FONT_FACE = re.compile(r"\s*@font-face\s*\{.*?\}", re.DOTALL)
_FAMILIES = '"DejaVu Sans Mono", "Fira Code", Menlo, Consolas, monospace'


def plain_svg(svg: str) -> str:
    """The same picture with fonts that every system has, and with its spaces kept."""
    svg = _FONT_FACE.sub("", svg)
    svg = re.sub(r"font-family: [^;]*(Fira Code)[^;]*;", f"font-family: {_FAMILIES};", svg)
    # 12.2 px is the export's cell; this size gives DejaVu's glyphs the same advance.
    svg = svg.replace("font-size: 20px", "font-size: 20.26px")
    return svg.replace("<text ", '<text xml:space="preserve" ')


def write_picture(svg: str, path: Path) -> list[Path]:
    """Write `path` (an .svg) and, if rsvg-convert is installed, a PNG of the same name; returns the
    paths."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(plain_svg(svg), encoding="utf-8")
    rasteriser = shutil.which("rsvg-convert")
    if rasteriser is None:
        return [path]
    png = path.with_suffix(".png")
    subprocess.run([rasteriser, str(path), "--output", str(png)], check=True, timeout=120)
    return [path, png]
