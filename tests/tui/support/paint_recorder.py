"""A widget that keeps what it asked to be painted."""

from typing import TYPE_CHECKING, Any, Self

from textual.geometry import Region

if TYPE_CHECKING:
    from textual.widget import Widget
else:
    # Textual gives a widget the style type of its first base that is a widget itself.
    Widget = object


class PaintRecorder(Widget):
    """A base for a widget under test. asked: each region that it asked to be painted, in its own
    cells; None stands for all of it."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.asked: list[Region | None] = []

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> Self:
        self.asked += regions or [None]
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)
